#include <switchboard/web/static_files.hpp>

#include <gmock/gmock.h>
#include <zlib.h>

#include <fstream>

namespace switchboard::web {
namespace {

namespace fs = std::filesystem;

/// A built browser app with a secret beside it.
class static_site : public ::testing::Test {
protected:
    static_site() {
        fs::create_directories(site / "assets");
        write("index.html", "<!doctype html><title>x</title>" + std::string(500, 'x'));
        write("assets/main-BcD3f9aX.js", "export const a = 1;" + std::string(500, ' '));
        write("assets/main-Bc-_f9aX.css", "a{}");
        write("assets/logo.svg", "<svg/>");
        write("assets/photo-AAAABBBB.png", "png");
        write("strange.bin", "?");
        write(".env", "SECRET=1");
        std::ofstream(base / "secret.txt") << "secret";
        fs::create_symlink(base / "secret.txt", site / "leak.txt");
        files.emplace(site);
    }
    ~static_site() override { fs::remove_all(base); }

    void write(const std::string& name, const std::string& text) { std::ofstream(site / name) << text; }

    std::optional<response> get(std::string path, http::pairs headers = {}, std::string method = "GET") {
        request r;
        r.method = std::move(method);
        r.path = std::move(path);
        r.headers = std::move(headers);
        return files->find(r);
    }

    static std::string header(const response& r, std::string_view name) {
        for (const auto& [key, value] : r.headers)
            if (key == name) return value;
        return {};
    }

    fs::path base = fs::path(::testing::TempDir()) / ("static_site_" + std::to_string(::getpid()));
    fs::path site = base / "dist";
    std::optional<static_files> files;
};

std::string gunzip(const std::string& bytes) {
    std::string out(1u << 20, '\0');
    z_stream z{};
    EXPECT_EQ(inflateInit2(&z, 15 + 16), Z_OK);
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    z.avail_in = static_cast<uInt>(bytes.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(inflate(&z, Z_FINISH), Z_STREAM_END);
    out.resize(z.total_out);
    inflateEnd(&z);
    return out;
}

TEST_F(static_site, gives_each_kind_its_type_and_cache_rule) {
    const std::string for_ever = "public, max-age=31536000, immutable", ask_again = "no-cache";
    struct {
        const char *path, *type;
        const std::string& cache;
    } table[] = {{"/index.html", "text/html; charset=utf-8", ask_again},
                 {"/assets/main-BcD3f9aX.js", "text/javascript; charset=utf-8", for_ever},
                 {"/assets/main-Bc-_f9aX.css", "text/css; charset=utf-8", for_ever},
                 {"/assets/photo-AAAABBBB.png", "image/png", for_ever},
                 {"/assets/logo.svg", "image/svg+xml", ask_again},
                 {"/strange.bin", "application/octet-stream", ask_again}};
    for (const auto& row : table) {
        const auto got = get(row.path);
        ASSERT_TRUE(got) << row.path;
        EXPECT_EQ(got->content_type, row.type);
        EXPECT_EQ(header(*got, "Cache-Control"), row.cache) << row.path;
    }
}

TEST_F(static_site, sends_gzip_only_to_who_takes_it) {
    const auto plain = get("/index.html"), small = get("/index.html", {{"accept-encoding", "br, gzip;q=0.5"}}),
               unwanted = get("/index.html", {{"accept-encoding", "gzip;q=0, br"}});
    EXPECT_EQ(header(*small, "Content-Encoding"), "gzip");
    EXPECT_EQ(gunzip(*small->shared_body), *plain->shared_body);
    EXPECT_LT(small->shared_body->size(), plain->shared_body->size());
    EXPECT_EQ(header(*unwanted, "Content-Encoding"), "");
    EXPECT_EQ(header(*plain, "Vary"), "Accept-Encoding");
    EXPECT_NE(header(*small, "ETag"), header(*plain, "ETag"));
    EXPECT_EQ(header(*get("/assets/photo-AAAABBBB.png", {{"accept-encoding", "gzip"}}), "Content-Encoding"), "");
}

TEST_F(static_site, answers_304_to_who_has_it) {
    const auto etag = header(*get("/index.html"), "ETag");
    for (const auto& known : {etag, "\"other\", W/" + etag, std::string("*")}) {
        const auto got = get("/index.html", {{"if-none-match", known}});
        EXPECT_EQ(got->status, 304) << known;
        EXPECT_EQ(got->shared_body, nullptr);
        EXPECT_EQ(header(*got, "ETag"), etag);
    }
    EXPECT_EQ(get("/index.html", {{"if-none-match", "\"other\""}})->status, 200);
}

TEST_F(static_site, finds_nothing_outside_of_the_folder_or_hidden_in_it) {
    for (const auto* path : {"/../secret.txt", "/assets/../../secret.txt", "//secret.txt", "/leak.txt", "/.env", "/",
                             "/assets", "/assets/", "/index.html/", "\\..\\secret.txt", "/./index.html"})
        EXPECT_FALSE(get(path)) << path;
    EXPECT_FALSE(get("/index.html", {}, "POST"));
    EXPECT_TRUE(get("/index.html", {}, "HEAD"));
}

TEST_F(static_site, gives_the_index_for_the_apps_own_routes) {
    request r;
    r.method = "GET";
    r.path = "/tickets/7";
    const auto got = files->index(r);
    ASSERT_TRUE(got);
    EXPECT_EQ(*got->shared_body, *get("/index.html")->shared_body);
    fs::remove(site / "index.html");
    EXPECT_FALSE(static_files(site).index(r));
}

} // namespace
} // namespace switchboard::web

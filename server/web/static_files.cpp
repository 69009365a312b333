#include <switchboard/util/hash.hpp>
#include <switchboard/web/static_files.hpp>

#include <zlib.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <stdexcept>

namespace switchboard::web {
namespace fs = std::filesystem;

struct static_files::file {
    std::string type;
    bool immutable = false;
    std::string etag, gzip_etag;                    // differ, as RFC 9110 8.8.3 asks of two encodings
    std::shared_ptr<const std::string> bytes, gzip; // gzip is null where it would not help
};

struct static_files::files {
    std::map<std::string, file, std::less<>> by_path; // "/assets/x.js": only what was read at start can be found
};

namespace {

struct known_type {
    std::string_view extension, type;
    bool compressible;
};

constexpr std::array<known_type, 22> known_types{{
    {".html", "text/html; charset=utf-8", true},
    {".css", "text/css; charset=utf-8", true},
    {".js", "text/javascript; charset=utf-8", true},
    {".mjs", "text/javascript; charset=utf-8", true},
    {".json", "application/json", true},
    {".map", "application/json", true},
    {".webmanifest", "application/manifest+json", true},
    {".svg", "image/svg+xml", true},
    {".txt", "text/plain; charset=utf-8", true},
    {".xml", "application/xml", true},
    {".wasm", "application/wasm", true},
    {".ico", "image/x-icon", true},
    {".ttf", "font/ttf", true},
    {".woff", "font/woff", false},
    {".woff2", "font/woff2", false},
    {".png", "image/png", false},
    {".jpg", "image/jpeg", false},
    {".gif", "image/gif", false},
    {".webp", "image/webp", false},
    {".mp3", "audio/mpeg", false},
    {".ogg", "audio/ogg", false},
    {".pdf", "application/pdf", false},
}};

known_type type_of(const fs::path& name) {
    const auto extension = name.extension().string();
    const auto found = std::ranges::find(known_types, extension, &known_type::extension);
    return found != known_types.end() ? *found : known_type{"", "application/octet-stream", false};
}

/// "name-BcD3f9aX.js": what the bundler writes. The content behind such a name never changes.
bool has_content_hash(std::string_view path) {
    if (!path.starts_with("/assets/")) return false;
    const auto name = path.substr(path.rfind('/') + 1);
    const auto stem = name.substr(0, name.find('.'));
    if (stem.size() == name.size() || stem.size() < 10) return false;
    const auto hash = stem.substr(stem.size() - 8); // it may itself contain '-' and '_'
    return stem[stem.size() - 9] == '-' && std::ranges::all_of(hash, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
                      c == '-';
           });
}

std::string read_file(const fs::path& p) {
    std::ifstream in(p, std::ios::binary);
    std::string bytes(std::istreambuf_iterator<char>(in), {});
    if (!in) throw std::runtime_error("cannot read " + p.string());
    return bytes;
}

std::string gzip_of(const std::string& bytes) {
    constexpr int gzip_format = 15 + 16, memory = 9;
    z_stream z{};
    if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_format, memory, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error("zlib cannot start");
    std::string out(deflateBound(&z, bytes.size()), '\0');
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data())); // zlib does not write to it
    z.avail_in = static_cast<uInt>(bytes.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    const int result = deflate(&z, Z_FINISH);
    out.resize(z.total_out);
    deflateEnd(&z);
    if (result != Z_STREAM_END) throw std::runtime_error("zlib cannot compress");
    return out;
}

std::string_view next_item(std::string_view& list) {
    const auto end = list.find(',');
    auto item = list.substr(0, end);
    list = end == list.npos ? std::string_view{} : list.substr(end + 1);
    const auto begin = item.find_first_not_of(" \t");
    if (begin == item.npos) return {};
    return item.substr(begin, item.find_last_not_of(" \t") - begin + 1);
}

bool takes_gzip(std::string_view accept_encoding) {
    while (!accept_encoding.empty()) {
        const auto item = next_item(accept_encoding);
        const auto coding = item.substr(0, item.find_first_of("; "));
        if (coding != "gzip" && coding != "*") continue;
        const auto q = item.find("q=");
        return q == item.npos || item.substr(q + 2).find_first_of("123456789") != item.npos;
    }
    return false;
}

bool names_etag(std::string_view if_none_match, std::string_view etag) {
    while (!if_none_match.empty()) {
        auto item = next_item(if_none_match);
        if (item.starts_with("W/")) item.remove_prefix(2);
        if (item == etag || item == "*") return true;
    }
    return false;
}

} // namespace

static_files::static_files(const fs::path& folder) {
    auto all = std::make_shared<files>();
    const auto root = fs::canonical(folder).string();
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file() || entry.path().filename().string().starts_with('.')) continue;
        // A link may point out of the folder; what it points to was not meant to be served.
        if (!fs::canonical(entry.path()).string().starts_with(root + '/')) continue;
        const auto path = '/' + fs::relative(entry.path(), folder).generic_string();
        const auto type = type_of(entry.path());
        auto bytes = read_file(entry.path());
        const auto hash = sha256_hex(bytes).substr(0, 24);
        file f{
            std::string(type.type), has_content_hash(path), '"' + hash + '"', '"' + hash + "-gz\"", nullptr, nullptr};
        if (type.compressible) {
            if (auto small = gzip_of(bytes); small.size() < bytes.size())
                f.gzip = std::make_shared<const std::string>(std::move(small));
        }
        f.bytes = std::make_shared<const std::string>(std::move(bytes));
        all->by_path.emplace(path, std::move(f));
    }
    files_ = std::move(all);
}

std::optional<response> static_files::find(const request& r) const {
    if (r.method != "GET" && r.method != "HEAD") return std::nullopt;
    const auto found = files_->by_path.find(r.path);
    if (found == files_->by_path.end()) return std::nullopt;
    const auto& f = found->second;
    const bool gzipped = f.gzip && takes_gzip(r.header("accept-encoding"));
    const auto& etag = gzipped ? f.gzip_etag : f.etag;
    response out;
    out.content_type = f.type;
    out.headers.emplace_back("ETag", etag);
    out.headers.emplace_back("Cache-Control", f.immutable ? "public, max-age=31536000, immutable" : "no-cache");
    if (f.gzip) out.headers.emplace_back("Vary", "Accept-Encoding");
    if (names_etag(r.header("if-none-match"), etag)) {
        out.status = 304;
        return out;
    }
    if (gzipped) out.headers.emplace_back("Content-Encoding", "gzip");
    out.shared_body = gzipped ? f.gzip : f.bytes;
    return out;
}

std::optional<response> static_files::index(const request& r) const {
    request of_index;
    of_index.method = r.method;
    of_index.path = "/index.html";
    for (const auto& [name, value] : r.headers)
        if (name == "accept-encoding" || name == "if-none-match") of_index.headers.emplace_back(name, value);
    return find(of_index);
}

} // namespace switchboard::web

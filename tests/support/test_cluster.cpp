#include "support/test_cluster.hpp"
#include "support/temporary_folder.hpp"

#include <switchboard/store/cluster.hpp>
#include <switchboard/store/migrate.hpp>

#include <fmt/format.h>
#include <pqxx/pqxx>
#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <stdexcept>

namespace switchboard::test {
namespace {

/// The server that this process tests on, with the template that its databases are copied from.
class server {
public:
    server() {
        if (const char* given = std::getenv("SWITCHBOARD_TEST_DATABASE_URL"))
            url_ = given;
        else
            start_private();
        run("DROP DATABASE IF EXISTS \"{}\" WITH (FORCE)", template_name_);
        run("CREATE DATABASE \"{}\"", template_name_);
        store::migrate(with_database(url_, template_name_), "migrations");
    }

    ~server() { drop(template_name_); }

    /// The private cluster goes as a whole, and each DROP would cost it a checkpoint.
    void drop(const std::string& name) {
        if (!cluster_) run("DROP DATABASE IF EXISTS \"{}\" WITH (FORCE)", name);
    }

    template <class... T>
    void run(fmt::format_string<const T&...> statement, const T&... values) {
        pqxx::connection connection{url_};
        pqxx::nontransaction{connection}.exec(fmt::format(statement, values...));
    }

    const std::string& url() const { return url_; }
    const std::string& template_name() const { return template_name_; }

private:
    void start_private() {
        folder_.emplace("cluster");
        url_ = cluster_.emplace(folder_->path() / "postgres").url("postgres");
        // Tests kill processes, not machines: what is committed survives them without waiting for the disk.
        for (const auto* setting : {"fsync = off", "full_page_writes = off"}) run("ALTER SYSTEM SET {}", setting);
        run("SELECT pg_reload_conf()");
    }

    std::string url_;
    std::string template_name_ = fmt::format("switchboard_test_{}", ::getpid());
    std::optional<temporary_folder> folder_; // outlives the cluster in it
    std::optional<store::cluster> cluster_;
};

server& the_server() {
    static server instance;
    return instance;
}

} // namespace

std::string with_database(const std::string& url, const std::string& name) {
    const auto scheme = url.find("://");
    if (scheme == std::string::npos) throw std::invalid_argument("not a postgresql:// URL: " + url);
    const auto slash = url.find('/', scheme + 3);
    const auto question = std::min(url.find('?'), url.size());
    return url.substr(0, std::min(slash, question)) + '/' + name + url.substr(question);
}

fresh_database::fresh_database() {
    static int count = 0;
    auto& server = the_server();
    name_ = fmt::format("{}_{}", server.template_name(), ++count);
    server.run("CREATE DATABASE \"{}\" TEMPLATE \"{}\"", name_, server.template_name());
    url_ = with_database(server.url(), name_);
}

fresh_database::~fresh_database() {
    the_server().drop(name_);
}

} // namespace switchboard::test

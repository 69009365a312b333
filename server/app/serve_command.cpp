#include "app/serve_command.hpp"

#include "app/application.hpp"
#include "app/database_place.hpp"
#include "app/demo_command.hpp"
#include "app/first_start.hpp"
#include "app/open_files.hpp"
#include "app/secret_key_file.hpp"

#include <switchboard/store/migrate.hpp>
#include <switchboard/store/nouns.hpp>
#include <switchboard/util/log.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace switchboard::app {

namespace asio = boost::asio;

namespace {

void say_where(const config& c, std::uint16_t port) {
    const auto host = c.server_address == "0.0.0.0" || c.server_address == "127.0.0.1" ? "localhost" : c.server_address;
    const auto scheme = c.server_tls_certificate.empty() ? "http" : "https";
    fmt::print("Switchboard serves {}://{}:{}\n", scheme, host, port);
    std::fflush(stdout);
}

/// Starts, and stops at the first signal; the second one forces.
class run_of_server {
public:
    run_of_server(asio::io_context& io, const config& c, const database_place& place)
        : io_{io}, config_{c}, url_{place.url()}, application_{io, c, url_, place.own()},
          signals_{io, SIGINT, SIGTERM} {}

    void begin() {
        wait_for_signal();
        asio::co_spawn(io_, start(), [this](std::exception_ptr e) { fail_by(e); });
    }

    /// Ends it, and the program with a status that says so.
    void fail(const std::string& why) { fail_by(std::make_exception_ptr(std::runtime_error{why})); }

    int status() const { return status_; }

private:
    asio::awaitable<void> start() {
        co_await application_.start();
        started_ = true;
        co_await greet(application_.database());
        fmt::print("{}", demo_logins(url_));
        if (application_.ops_port() != 0) fmt::print("Its state and metrics: port {}\n", application_.ops_port());
        say_where(config_, application_.port());
    }

    asio::awaitable<void> stop() {
        if (started_)
            co_await application_.stop();
        else
            io_.stop(); // doors that are open already would keep it alive
        signals_.cancel();
    }

    void wait_for_signal() {
        signals_.async_wait([this](boost::system::error_code ec, int) {
            if (ec) return;
            if (stopping_) std::_Exit(1);
            stopping_ = true;
            log::info("stopping");
            asio::co_spawn(io_, stop(), [this](std::exception_ptr e) { fail_by(e); });
            wait_for_signal();
        });
    }

    void fail_by(std::exception_ptr e) {
        if (!e) return;
        try {
            std::rethrow_exception(e);
        } catch (const std::exception& fault) {
            fmt::print(stderr, "switchboard: {}\n", fault.what());
        }
        status_ = 1;
        if (stopping_) return;
        stopping_ = true;
        asio::co_spawn(io_, stop(), [this](std::exception_ptr again) {
            if (again) io_.stop();
        });
    }

    asio::io_context& io_;
    config config_;
    std::string url_;
    application application_;
    asio::signal_set signals_;
    bool started_ = false, stopping_ = false;
    int status_ = 0;
};

} // namespace

int serve_command(const config& c, bool with_demo) {
    log::set_level(log::parse_level(c.log_level));
    const auto files = raise_open_files();
    const auto sockets = sockets_within(c, files);
    if (c.server_max_connections == 0 && sockets < most_sockets_by_default)
        log::warn("max_connections_lowered", {{"open_files", files}, {"max_connections", sockets}});
    const database_place place{c};
    const auto keyed = with_secret_key(c);
    for (const auto& applied : store::migrate(place.url(), store::find_migrations()))
        log::info("migrated", {{"version", applied.version}, {"name", applied.name}});
    store::check_nouns(place.url());
    if (with_demo && load_demo(place.url())) log::info("demo_loaded");

    asio::io_context io{1};
    run_of_server server{io, keyed, place};
    if (auto* own = place.own())
        own->when_lost([&](const std::string& why) { asio::post(io, [&server, why] { server.fail(why); }); });
    server.begin();
    io.run();
    if (auto* own = place.own()) own->when_lost({});
    return server.status();
}

} // namespace switchboard::app

#include "app/ops_door.hpp"

#include <switchboard/api/problem.hpp>

#include <nlohmann/json.hpp>

#include <charconv>
#include <stdexcept>

namespace switchboard::app {
namespace {

constexpr std::size_t connections = 64; // of monitoring

web::server_options options_of(const std::string& listen) {
    web::server_options o;
    const auto colon = listen.rfind(':');
    o.address = listen.substr(0, colon);
    if (o.address.starts_with('[') && o.address.ends_with(']')) o.address = o.address.substr(1, o.address.size() - 2);
    const auto port = listen.substr(colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), o.port);
    if (error != std::errc{} || end != port.data() + port.size())
        throw std::runtime_error{"server.ops_address: '" + listen + "' has no port"};
    o.max_connections = connections;
    return o;
}

boost::asio::awaitable<web::admission> let_in(http::request&) {
    co_return web::admission{.known = true};
}

http::response details(const readiness& r) {
    return {.status = r.ready ? 200 : 503,
            .body = nlohmann::json{{"database", r.database},
                                   {"migrations", r.migrations},
                                   {"routing", r.routing},
                                   {"storage", r.storage},
                                   {"clock", r.clock}}
                        .dump()};
}

} // namespace

ops_door::ops_door(boost::asio::io_context& io, const std::string& listen, metrics& counted, health& state,
                   measurements& measured)
    : counted_{counted}, health_{state}, measured_{measured} {
    if (listen.empty()) return;
    server_.emplace(io, options_of(listen),
                    web::handlers{let_in, [this](http::request r) { return answer(std::move(r)); }, {}});
}

void ops_door::start() {
    if (server_) server_->start();
}

boost::asio::awaitable<void> ops_door::stop(std::chrono::milliseconds grace) {
    if (server_) co_await server_->stop(grace);
}

boost::asio::awaitable<http::response> ops_door::answer(http::request r) {
    if (r.method != "GET" && r.method != "HEAD")
        co_return api::to_response({.status = 405, .detail = "this can only be read"}, r);
    if (r.path == "/healthz") co_return http::response{.content_type = "text/plain", .body = "ok\n"};
    if (r.path == "/readyz") co_return details(co_await health_.ready());
    if (r.path == "/metrics")
        co_return http::response{.content_type = "text/plain; version=0.0.4",
                                 .body = counted_.text(co_await measured_.take())};
    co_return api::to_response({.status = 404, .detail = "there are /metrics, /readyz and /healthz"}, r);
}

} // namespace switchboard::app

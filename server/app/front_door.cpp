#include "app/front_door.hpp"

#include <switchboard/api/problem.hpp>

#include <nlohmann/json.hpp>

namespace switchboard::app {
namespace {

// Mail is shown in a sandboxed frame of ours, whose pictures may come from elsewhere when the reader asks for them.
constexpr auto page_policy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
                             "img-src 'self' data: blob: https: http:; font-src 'self' data:; media-src 'self' blob:; "
                             "connect-src 'self' ws: wss:; frame-src 'self' blob: data:; object-src 'none'; "
                             "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

bool is_below(std::string_view path, std::string_view folder) {
    return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

http::response to_response(const readiness& r) {
    return {.status = r.ready ? 200 : 503,
            .body =
                nlohmann::json{{"database", r.database}, {"migrations", r.migrations}, {"routing", r.routing}}.dump()};
}

} // namespace

boost::asio::awaitable<http::response> front_door::answer(http::request r) {
    const auto begin = std::chrono::steady_clock::now();
    auto out = co_await dispatch(std::move(r));
    counted_.request(out.status, std::chrono::steady_clock::now() - begin);
    co_return out;
}

boost::asio::awaitable<http::response> front_door::dispatch(http::request r) {
    if (is_below(r.path, "/api/v1/chat")) co_return co_await answer_any_page(std::move(r));
    if (is_below(r.path, "/api")) co_return co_await router_.handle(std::move(r));
    if (r.method != "GET" && r.method != "HEAD")
        co_return api::to_response({.status = 405, .detail = "this can only be read"}, r);
    if (r.path == "/healthz") co_return http::response{.content_type = "text/plain", .body = "ok\n"};
    if (r.path == "/readyz") co_return to_response(co_await ready());
    if (r.path == "/metrics")
        co_return http::response{.content_type = "text/plain; version=0.0.4",
                                 .body = counted_.text(co_await measure())};
    co_return page(r);
}

/// The website chat stands in other sites' pages. It uses no cookies, so that any may ask; which may embed it is the
/// gateway's to say.
boost::asio::awaitable<http::response> front_door::answer_any_page(http::request r) {
    const bool asks_first = r.method == "OPTIONS";
    http::response out;
    if (asks_first)
        out.status = 204;
    else
        out = co_await router_.handle(std::move(r));
    out.headers.emplace_back("Access-Control-Allow-Origin", "*");
    if (asks_first) {
        out.headers.emplace_back("Access-Control-Allow-Methods", "POST");
        out.headers.emplace_back("Access-Control-Allow-Headers", "Content-Type");
        out.headers.emplace_back("Access-Control-Max-Age", "86400");
    }
    co_return out;
}

http::response front_door::page(const http::request& r) const {
    if (console_ == nullptr) return api::to_response({.status = 404, .detail = "the console is not built"}, r);
    auto found = console_->find(r);
    const bool is_asset = is_below(r.path, "/assets") || is_below(r.path, "/chat");
    if (!found && !is_asset) found = console_->index(r);
    if (!found) return api::to_response({.status = 404, .detail = "there is no such page"}, r);
    if (is_below(r.path, "/chat")) {
        found->headers.emplace_back("Cross-Origin-Resource-Policy", "cross-origin"); // it stands in others' pages
    } else {
        found->headers.emplace_back("Content-Security-Policy", page_policy);
        found->headers.emplace_back("Referrer-Policy", "same-origin");
    }
    return std::move(*found);
}

} // namespace switchboard::app

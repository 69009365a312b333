#include "app/front_door.hpp"

#include <switchboard/api/problem.hpp>

#include <algorithm>

namespace switchboard::app {
namespace {

// A mail's pictures come through our own server and stand in its frame as blob: and data: addresses.
constexpr auto page_policy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
                             "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob:; "
                             "connect-src 'self'; frame-src 'self' blob: data:; object-src 'none'; "
                             "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
// Of the website that shows the chat off, and of the widget where it is looked at alone.
constexpr auto chat_policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
                             "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
                             "frame-ancestors 'self'";
constexpr auto a_year_of_https = "max-age=31536000";

bool is_below(std::string_view path, std::string_view folder) {
    return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

bool is_read(const http::request& r) {
    return r.method == "GET" || r.method == "HEAD";
}

/// The website chat stands in other sites' pages. It uses no cookies, so that any may ask; which may embed it is the
/// gateway's to say.
bool is_for_any_page(const http::request& r) {
    return is_below(r.path, "/api/v1/chat");
}

http::response to_preflight() {
    return {.status = 204,
            .headers = {{"Access-Control-Allow-Methods", "GET, POST"},
                        {"Access-Control-Allow-Headers", "Content-Type, Chat-Token"},
                        {"Access-Control-Max-Age", "86400"}}};
}

/// What is said with every answer to such a request.
struct manners {
    explicit manners(const http::request& r)
        : secure{r.secure}, api{is_below(r.path, "/api")}, any_page{is_for_any_page(r)} {}

    void add_to(http::response& out) const {
        if (secure) out.headers.emplace_back("Strict-Transport-Security", a_year_of_https);
        if (any_page) {
            out.headers.emplace_back("Access-Control-Allow-Origin", "*");
            out.headers.emplace_back("Access-Control-Expose-Headers", "Retry-After");
        }
        const bool says = std::ranges::any_of(out.headers, [](const auto& h) { return h.first == "Cache-Control"; });
        if (api && !says) out.headers.emplace_back("Cache-Control", "no-store"); // it holds people's data
    }

    bool secure, api, any_page;
};

} // namespace

front_door::front_door(api::router& router, metrics& counted, health& state, const std::filesystem::path& console)
    : router_{router}, counted_{counted}, health_{state} {
    if (std::filesystem::is_directory(console)) console_.emplace(console);
}

boost::asio::awaitable<web::admission> front_door::admit(http::request& head) {
    const auto begin = std::chrono::steady_clock::now();
    web::admission out;
    if (is_below(head.path, "/api") && !(head.method == "OPTIONS" && is_for_any_page(head))) {
        auto found = co_await router_.admit(head);
        out = {std::move(found.refusal), found.known, found.body_bytes};
    } else {
        out.known = co_await router_.recognise(head);
        if (!is_read(head) && !is_below(head.path, "/api"))
            out.refusal = api::to_response({.status = 405, .detail = "this can only be read"}, head);
    }
    if (out.refusal) {
        manners{head}.add_to(*out.refusal);
        counted_.request(out.refusal->status, std::chrono::steady_clock::now() - begin);
    }
    co_return out;
}

boost::asio::awaitable<http::response> front_door::answer(http::request r) {
    const auto begin = std::chrono::steady_clock::now();
    const manners with{r};
    auto out = co_await dispatch(std::move(r));
    with.add_to(out);
    counted_.request(out.status, std::chrono::steady_clock::now() - begin);
    co_return out;
}

boost::asio::awaitable<http::response> front_door::dispatch(http::request r) {
    if (r.method == "OPTIONS" && is_for_any_page(r)) co_return to_preflight();
    if (is_below(r.path, "/api")) co_return co_await router_.handle(std::move(r));
    if (r.path == "/healthz") co_return http::response{.content_type = "text/plain", .body = "ok\n"};
    if (r.path == "/readyz") {
        const bool is_ready = (co_await health_.ready()).ready;
        co_return http::response{
            .status = is_ready ? 200 : 503, .content_type = "text/plain", .body = is_ready ? "ready\n" : "not ready\n"};
    }
    co_return page(r);
}

http::response front_door::page(const http::request& r) const {
    if (!console_) return api::to_response({.status = 404, .detail = "the console is not built"}, r);
    auto found = console_->find(r);
    const bool is_chat = is_below(r.path, "/chat");
    if (!found && !is_chat && !is_below(r.path, "/assets")) found = console_->index(r);
    if (!found) return api::to_response({.status = 404, .detail = "there is no such page"}, r);
    found->headers.emplace_back("Content-Security-Policy", is_chat ? chat_policy : page_policy);
    if (is_chat)
        found->headers.emplace_back("Cross-Origin-Resource-Policy", "cross-origin"); // it stands in others' pages
    else
        found->headers.emplace_back("Referrer-Policy", "same-origin");
    return std::move(*found);
}

} // namespace switchboard::app

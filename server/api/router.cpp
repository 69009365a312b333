#include "api/authenticator.hpp"
#include "api/permission.hpp"
#include "api/repeats.hpp"
#include "api/tables.hpp"

#include <switchboard/api/router.hpp>
#include <switchboard/store/database.hpp>
#include <switchboard/util/log.hpp>

namespace switchboard::api {
namespace {

constexpr std::size_t plain_body = 1u << 20;

problem away(const char* detail) {
    return {.status = 503, .detail = detail, .retry_after = 2};
}

/// Roles, memberships, sessions and tokens change behind these.
bool changes_principals(const route& r) {
    return r.least == who::admin || r.path == "/api/v1/session" || r.path == "/api/v1/me";
}

} // namespace

struct router::state {
    state(services s, router_options o) : with{std::move(s)}, options{o}, who_asks{with, o.session}, repeated{with} {
        add_all_routes(table, with, options);
    }

    boost::asio::awaitable<http::response> answer(http::request& r);
    boost::asio::awaitable<http::response> act(const route& r, http::request& request, const principal& asker,
                                               std::vector<std::string> values);

    services with;
    router_options options;
    authenticator who_asks;
    repeats repeated;
    routes table;
};

boost::asio::awaitable<http::response> router::state::answer(http::request& request) {
    auto [match, values, allowed] = table.find(request.method, request.path);
    if (!match && allowed.empty()) co_return to_response({.status = 404, .detail = "there is no such route"}, request);
    if (!match) {
        auto refusal = to_response({.status = 405, .detail = "this route takes " + allowed}, request);
        refusal.headers.emplace_back("Allow", allowed);
        co_return refusal;
    }
    std::optional<principal> asker;
    if (match->least != who::anyone) asker = co_await who_asks.identify(request);
    if (const auto wrong = obstacle(*match, request, asker)) co_return to_response(*wrong, request);
    const principal nobody;
    const principal& me = asker ? *asker : nobody;

    http::response out;
    if (repeats::apply_to(*match, request)) {
        auto work = [&] { return act(*match, request, me, std::move(values)); };
        out = co_await repeated.once(*match, request, me, work);
    } else {
        out = co_await act(*match, request, me, std::move(values));
    }
    if (request.method != "GET" && out.status < 300) {
        if (changes_principals(*match)) who_asks.forget();
        with.bell();
    }
    co_return out;
}

boost::asio::awaitable<http::response> router::state::act(const route& r, http::request& request,
                                                          const principal& asker, std::vector<std::string> values) {
    return r.act(call{request, asker, std::move(values)});
}

router::router(services s, router_options o) : state_{std::make_unique<state>(std::move(s), o)} {}
router::~router() = default;

boost::asio::awaitable<http::response> router::handle(http::request r) {
    try {
        co_return co_await state_->answer(r);
    } catch (const overloaded&) {
        co_return to_response(away("too much work is waiting"), r);
    } catch (const store::unavailable& e) {
        log::warn("database_unavailable", {{"request", r.header("x-request-id")}, {"reason", e.what()}});
        co_return to_response(away("the database cannot be reached"), r);
    }
}

std::size_t router::body_limit(std::string_view method, std::string_view path) const {
    const auto found = state_->table.find(method, path);
    return found.match ? found.match->body_bytes : plain_body;
}

boost::asio::awaitable<std::optional<principal>> router::identify(const http::request& r) {
    return state_->who_asks.identify(r);
}

void router::forget_principals() {
    state_->who_asks.forget();
}

} // namespace switchboard::api

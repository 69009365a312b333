#include "api/all_routes.hpp"
#include "api/authenticator.hpp"
#include "api/permission.hpp"
#include "api/repeats.hpp"

#include <switchboard/api/router.hpp>
#include <switchboard/store/database.hpp>
#include <switchboard/util/log.hpp>

namespace switchboard::api {
namespace {

problem away(const char* detail) {
    return {.status = 503, .detail = detail, .retry_after = 2};
}

/// What a handler threw because something is away for now; what is our own fault goes on.
http::response answer_to_failure(const http::request& r) {
    try {
        throw;
    } catch (const overloaded& e) {
        return to_response(away(e.what()), r);
    } catch (const store::unavailable& e) {
        log::warn("database_unavailable", {{"request", r.header("x-request-id")}, {"reason", e.what()}});
        return to_response(away("the database cannot be reached"), r);
    }
}

http::response no_such_route(const std::string& allowed, const http::request& request) {
    if (allowed.empty()) return to_response({.status = 404, .detail = "there is no such route"}, request);
    auto refusal = to_response({.status = 405, .detail = "this route takes " + allowed}, request);
    refusal.headers.emplace_back("Allow", allowed);
    return refusal;
}

/// Whom a request that is not for anyone must come from.
std::optional<problem> obstacle(const route& r, const http::request& request) {
    if (r.may_use.from == who::anyone) return std::nullopt;
    return obstacle(r, request, request.asker ? std::optional{*request.asker} : std::nullopt);
}

/// Roles, memberships, sessions and tokens change behind these.
bool changes_principals(const route& r) {
    return (r.may_use.needs && is_configuration(*r.may_use.needs)) || r.path == "/api/v1/session" ||
           r.path.starts_with("/api/v1/me");
}

} // namespace

struct router::state {
    state(const services& s, const router_options& o)
        : with{s}, who_asks{s.tokens, s.sessions, o.session}, repeated{s.idempotency} {
        add_all_routes(table, o);
    }

    boost::asio::awaitable<void> identify(http::request& r);
    boost::asio::awaitable<admission> admit(http::request& r);
    boost::asio::awaitable<http::response> answer(http::request& r);
    boost::asio::awaitable<http::upgrade> upgrade(http::request& r);

    const services with;
    authenticator who_asks;
    repeats repeated;
    route_table table;
};

boost::asio::awaitable<void> router::state::identify(http::request& request) {
    if (request.asker) co_return;
    if (auto found = co_await who_asks.identify(request))
        request.asker = std::make_shared<const principal>(std::move(*found));
}

boost::asio::awaitable<admission> router::state::admit(http::request& request) {
    const auto found = table.find(request.method, request.segments);
    if (!found.match) co_return admission{.refusal = no_such_route(found.allowed, request)};
    const bool by_cookie = request.header("authorization").empty(); // others' webhooks have one that is not ours
    if (found.match->may_use.from != who::anyone || by_cookie) co_await identify(request);
    admission out{.known = request.asker != nullptr, .body_bytes = found.match->body_bytes};
    if (const auto wrong = obstacle(*found.match, request)) out.refusal = to_response(*wrong, request);
    co_return out;
}

boost::asio::awaitable<http::response> router::state::answer(http::request& request) {
    auto [match, values, allowed] = table.find(request.method, request.segments);
    if (!match) co_return no_such_route(allowed, request);
    if (match->may_use.from != who::anyone) co_await identify(request); // unless it was admitted
    if (const auto wrong = obstacle(*match, request)) co_return to_response(*wrong, request);
    const principal nobody;
    const principal& me = request.asker && match->may_use.from != who::anyone ? *request.asker : nobody;

    http::response out;
    if (repeats::apply_to(*match, request)) {
        auto work = [&](std::shared_ptr<const store::request_key> key) {
            return match->act({request, me, with, std::move(values), std::move(key)});
        };
        out = co_await repeated.once(*match, request, me, work);
    } else {
        out = co_await match->act({request, me, with, std::move(values)});
    }
    if (request.method != "GET" && out.status < 300) {
        if (changes_principals(*match)) {
            who_asks.forget();
            with.authority_ended();
        }
        with.bell();
    }
    co_return out;
}

boost::asio::awaitable<http::upgrade> router::state::upgrade(http::request& request) {
    auto [match, values, allowed] = table.find(request.method, request.segments);
    if (!match || !match->open)
        co_return http::upgrade{to_response({.status = 404, .detail = "there is no such feed"}, request), {}};
    if (match->may_use.from != who::anyone) co_await identify(request); // unless it was admitted
    if (const auto wrong = obstacle(*match, request)) co_return http::upgrade{to_response(*wrong, request), {}};
    const principal nobody;
    const principal& me = request.asker ? *request.asker : nobody;
    co_return co_await match->open({request, me, with, std::move(values)});
}

router::router(const services& s, router_options o) : state_{std::make_unique<state>(s, o)} {}
router::~router() = default;

boost::asio::awaitable<admission> router::admit(http::request& head) {
    try {
        co_return co_await state_->admit(head);
    } catch (...) {
        co_return admission{.refusal = answer_to_failure(head)};
    }
}

boost::asio::awaitable<http::response> router::handle(http::request r) {
    try {
        co_return co_await state_->answer(r);
    } catch (...) {
        co_return answer_to_failure(r);
    }
}

boost::asio::awaitable<http::upgrade> router::upgrade(http::request r) {
    try {
        co_return co_await state_->upgrade(r);
    } catch (...) {
        co_return http::upgrade{answer_to_failure(r), {}};
    }
}

boost::asio::awaitable<bool> router::recognise(http::request& r) {
    try {
        co_await state_->identify(r);
    } catch (const std::exception&) {
        co_return false; // the request is served as a stranger's
    }
    co_return r.asker != nullptr;
}

void router::forget_principals() {
    state_->who_asks.forget();
}

std::vector<authority> router::authorities() const {
    return state_->who_asks.authorities();
}

void router::forget(const authority& by) {
    state_->who_asks.forget(by);
}

} // namespace switchboard::api

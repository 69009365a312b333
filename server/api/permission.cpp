#include "api/permission.hpp"

#include <switchboard/util/hash.hpp>

#include <fmt/format.h>

namespace switchboard::api {
namespace {

problem forbidden(std::string detail) {
    return {.status = 403, .detail = std::move(detail)};
}

std::optional<problem> obstacle_to_person(const route& r, const http::request& request, const principal& asker) {
    const bool changes = request.method != "GET" && request.method != "HEAD";
    if (changes && !equal_secret(request.header("x-csrf-token"), asker.csrf_token))
        return forbidden("the header X-CSRF-Token is missing or wrong");
    if (asker.must_change_password && !r.before_new_password)
        return forbidden("choose a new password first: PATCH /api/v1/me with password and current_password");
    if (r.may_use.from == who::intake) return forbidden("this is for machines: use a token with the scope intake");
    if (r.may_use.needs && !asker.may(*r.may_use.needs)) return forbidden(not_permitted(*r.may_use.needs));
    return std::nullopt;
}

std::optional<problem> obstacle_to_machine(const route& r, const principal& asker) {
    std::string_view scope = "read";
    switch (r.may_use.from) {
    case who::anyone:
        return std::nullopt;
    case who::person:
        return forbidden("this is for people: sign in");
    case who::intake:
    case who::person_or_intake:
        if (asker.has_scope("intake")) return std::nullopt;
        return forbidden("the token has not the scope intake");
    case who::known:
        if (asker.has_scope("read") || asker.has_scope("admin")) return std::nullopt;
        break;
    case who::permitted:
        if (asker.may(r.may_use.needs.value())) return std::nullopt;
        if (!grants_of(token_scope::read).may(*r.may_use.needs)) scope = "admin";
        break;
    }
    if (asker.gateway_ids) return forbidden("a token that is bound to gateways can only hand in what they received");
    return forbidden(fmt::format("the token has not the scope {}", scope));
}

} // namespace

std::string not_permitted(permission needed) {
    return fmt::format("this needs the permission {}, which none of your roles has", name_of(needed));
}

store::giver giver_of(const call& c) {
    return {c.by(), c.asker.granted};
}

std::optional<problem> obstacle(const route& r, const http::request& request, const std::optional<principal>& asker) {
    if (!asker) {
        if (!r.needs_sign_in()) return std::nullopt;
        return problem{.status = 401, .detail = "sign in, or send a token as Authorization: Bearer"};
    }
    return asker->user_id ? obstacle_to_person(r, request, *asker) : obstacle_to_machine(r, *asker);
}

} // namespace switchboard::api

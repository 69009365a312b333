#include "api/permission.hpp"

#include <switchboard/util/hash.hpp>

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
    switch (r.least) {
    case who::intake:
        return forbidden("this is for machines: use a token with the scope intake");
    case who::supervisor:
        if (asker.role == role::agent) return forbidden("this is for supervisors and admins");
        break;
    case who::admin:
        if (asker.role != role::admin) return forbidden("this is for admins");
        break;
    case who::anyone:
    case who::person:
    case who::person_or_intake:
    case who::agent:
        break;
    }
    return std::nullopt;
}

std::optional<problem> obstacle_to_machine(const route& r, const http::request& request, const principal& asker) {
    if (r.least == who::anyone) return std::nullopt;
    if (r.least == who::person) return forbidden("this is for people: sign in");
    if (r.least == who::intake || r.least == who::person_or_intake) {
        if (asker.has_scope("intake")) return std::nullopt;
        return forbidden("the token has not the scope intake");
    }
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (asker.has_scope("admin")) return std::nullopt;
    // A machine that reads sees what supervisors see, not what is for admins alone.
    if (reads && r.least != who::admin && asker.has_scope("read")) return std::nullopt;
    if (asker.gateway_ids) return forbidden("a token that is bound to gateways can only hand in what they received");
    return forbidden(reads && r.least != who::admin ? "the token has not the scope read"
                                                    : "the token has not the scope admin");
}

} // namespace

std::optional<problem> obstacle(const route& r, const http::request& request, const std::optional<principal>& asker) {
    if (!asker) {
        if (r.least == who::anyone) return std::nullopt;
        return problem{.status = 401, .detail = "sign in, or send a token as Authorization: Bearer"};
    }
    return asker->user_id ? obstacle_to_person(r, request, *asker) : obstacle_to_machine(r, request, *asker);
}

} // namespace switchboard::api

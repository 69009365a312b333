#include "api/all_routes.hpp"
#include "api/passwords.hpp"
#include "api/wire/composed.hpp"
#include "api/wire/requests.hpp"

#include <switchboard/store/sessions.hpp>
#include <switchboard/store/users.hpp>

namespace switchboard::api {
namespace {

/// A password that somebody is given: who gave it knows it, so that the first thing to do with it is to change it.
boost::asio::awaitable<std::optional<problem>> give_password(offload_pool& passwords,
                                                             const std::optional<password>& given,
                                                             const std::string& login, store::user_change& to) {
    if (!given) co_return std::nullopt;
    auto hash = co_await new_password_hash(passwords, "password", given->value, login);
    if (!hash) co_return hash.error();
    to.password_hash = std::move(*hash);
    to.must_change_password = true;
    co_return std::nullopt;
}

store::user_change terms_of(const user_create& in) {
    return {.login = in.login.value,
            .name = in.name.value,
            .email = plain<std::string>(in.email),
            .role = in.role.value,
            .password_hash = {},
            .active = {},
            .grade = plain<std::int64_t>(in.grade),
            .units = plain<std::int64_t>(in.units)};
}

store::user_change terms_of(const user_patch& in) {
    return {.login = {},
            .name = plain<std::string>(in.name),
            .email = plain<std::string>(in.email),
            .role = plain<std::string>(in.role),
            .password_hash = {},
            .active = in.active,
            .grade = plain<std::int64_t>(in.grade),
            .units = plain<std::int64_t>(in.units)};
}

problem nobody() {
    return {.status = 404, .detail = "there is no such user"};
}

bool sees_logins(const principal& asker) {
    return asker.eyes().role != role::agent;
}

/// What everybody may know of a colleague. A login is half of what signs in.
user as_seen_by(const principal& asker, user u) {
    if (asker.role == role::admin) return u;
    u.preferences = "{}";
    if (sees_logins(asker)) return u;
    u.email.clear();
    if (u.id != asker.user_id) u.login.clear();
    return u;
}

} // namespace

void add_user_routes(route_table& table) {
    table.get("/api/v1/users", who::agent, "People who work here",
              [](call c, query<user_filter> q) -> answer<page<user>> {
                  const auto part = part_of(*q);
                  if (!part) co_return std::unexpected{part.error()};
                  store::user_filter filter{plain<std::string>(q->role), plain<std::string>(q->q), q->active,
                                            sees_logins(c.asker)};
                  auto found = co_await c.with.users.list(std::move(filter), *part);
                  for (auto& u : found.items) u = as_seen_by(c.asker, std::move(u));
                  co_return found;
              });
    table.post("/api/v1/users", who::admin, "Add somebody", [](call c, body<user_create> in) -> answer<created<user>> {
        auto terms = terms_of(*in);
        if (auto wrong = co_await give_password(c.with.passwords, in->password, in->login.value, terms))
            co_return std::unexpected{std::move(*wrong)};
        co_return settle_created(co_await c.with.users.create(std::move(terms), c.asker.user_id, keep<user>(c, 201)));
    });
    table.get("/api/v1/users/{id}", who::agent, "One of the people who work here", [](call c) -> answer<user> {
        auto found = co_await c.with.users.get(c.id());
        if (found) found = as_seen_by(c.asker, std::move(*found));
        co_return found_or_404(std::move(found));
    });
    table.patch("/api/v1/users/{id}", who::admin, "Change somebody; active = false instead of deleting",
                [](call c, body<user_patch> in, if_match at) -> answer<user> {
                    auto terms = terms_of(*in);
                    if (in->password) {
                        const auto before = co_await c.with.users.get(c.id());
                        const auto login = before ? before->login : std::string{};
                        if (auto wrong = co_await give_password(c.with.passwords, in->password, login, terms))
                            co_return std::unexpected{std::move(*wrong)};
                        terms.must_change_password = c.asker.user_id != c.id();
                    }
                    auto done = co_await c.with.users.change(c.id(), std::move(terms), at.version, c.asker.user_id);
                    co_return co_await settle_change(std::move(done), [&] { return c.with.users.get(c.id()); });
                });
    table.get("/api/v1/users/{id}/sessions", who::admin, "Where somebody is signed in",
              [](call c) -> answer<own_sessions> {
                  if (!co_await c.with.users.get(c.id())) co_return std::unexpected{nobody()};
                  co_return own_sessions{co_await c.with.sessions.list(c.id(), c.asker.session_id)};
              });
    table.remove("/api/v1/users/{id}/sessions", who::admin,
                 "Sign somebody out everywhere; oneself, everywhere but here", [](call c) -> answer<nothing> {
                     if (!co_await c.with.users.get(c.id())) co_return std::unexpected{nobody()};
                     if (c.asker.user_id == c.id())
                         co_await c.with.sessions.end_others(c.id(), c.asker.session_id);
                     else
                         co_await c.with.sessions.end_all_of(c.id(), c.asker.user_id);
                     co_return nothing{};
                 });
}

} // namespace switchboard::api

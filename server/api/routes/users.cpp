#include "api/all_routes.hpp"
#include "api/passwords.hpp"
#include "api/permission.hpp"
#include "api/wire/composed.hpp"
#include "api/wire/requests.hpp"

#include <switchboard/store/sessions.hpp>
#include <switchboard/store/users.hpp>

namespace switchboard::api {
namespace forms {

/// A user as one is added or changed.
struct user : switchboard::user {
    assigned<password_text<shortest_password, longest_password>> password;
};
DESCRIBE_DERIVED(user, switchboard::user, (password, "A password that the user changes when signing in."))

} // namespace forms

namespace {

/// Who was given a password by somebody else has to change it.
answer<std::optional<store::given_password>> password_in(const call& c, const forms::user& form,
                                                         const std::string& login, bool must_change) {
    if (!form.password.value) co_return std::nullopt;
    auto hash = co_await new_password_hash(c.with.passwords, "password", *form.password.value, login);
    if (!hash) co_return std::unexpected{std::move(hash.error())};
    co_return store::given_password{std::move(*hash), must_change};
}

patch<user> as_user(patch<forms::user> form) {
    return {std::move(form.values), std::move(form.named)};
}

bool sees_logins(const principal& asker) {
    return asker.may(permission::user_read);
}

/// What everybody may know of a colleague. A login is half of what signs in.
user as_seen_by(const principal& asker, user u) {
    if (asker.may(permission::config_people)) return u;
    u.preferences = datum::object();
    if (sees_logins(asker)) return u;
    u.email.clear();
    if (u.id != asker.user_id) u.login.clear();
    return u;
}

} // namespace

void add_user_routes(route_table& table) {
    table.get("/api/v1/users", who::known, "People who work here",
              [](call c, query<user_filter> q) -> answer<page<user>> {
                  const auto part = part_of(*q);
                  if (!part) co_return std::unexpected{part.error()};
                  store::user_filter filter{plain<std::int64_t>(q->role), plain<std::string>(q->q), q->active,
                                            sees_logins(c.asker)};
                  auto found = co_await c.with.users.list(std::move(filter), *part);
                  for (auto& u : found.items) u = as_seen_by(c.asker, std::move(u));
                  co_return found;
              });
    table.post("/api/v1/users", permission::config_people, "Add somebody",
               [](call c, create_form<forms::user> in) -> answer<created<user>> {
                   auto password = co_await password_in(c, in->values, in->values.login, true);
                   if (!password) co_return std::unexpected{std::move(password.error())};
                   co_return settle_created(co_await c.with.users.create(as_user(std::move(*in)), std::move(*password),
                                                                         giver_of(c), keep<user>(c, 201)));
               });
    table.get("/api/v1/users/{id}", who::known, "One of the people who work here", [](call c) -> answer<user> {
        auto found = co_await c.with.users.get(c.id());
        if (found) found = as_seen_by(c.asker, std::move(*found));
        co_return found_or_404(std::move(found));
    });
    table.patch("/api/v1/users/{id}", permission::config_people, "Change somebody; active = false instead of deleting",
                [](call c, patch_form<forms::user> in, if_match at) -> answer<user> {
                    const auto before = co_await c.with.users.get(c.id());
                    const std::string login = before ? std::string{before->login} : "";
                    auto password = co_await password_in(c, in->values, login, c.asker.user_id != c.id());
                    if (!password) co_return std::unexpected{std::move(password.error())};
                    auto done = co_await c.with.users.change(c.id(), as_user(std::move(*in)), std::move(*password),
                                                             at.version, giver_of(c));
                    co_return co_await settle_change(std::move(done), [&] { return c.with.users.get(c.id()); });
                });
    table.get("/api/v1/users/{id}/sessions", permission::config_people, "Where somebody is signed in",
              [](call c) -> answer<own_sessions> {
                  auto found = co_await c.with.sessions.list_of(c.id(), giver_of(c));
                  if (!found) co_return std::unexpected{to_problem(found.error())};
                  co_return own_sessions{std::move(*found)};
              });
    table.remove("/api/v1/users/{id}/sessions", permission::config_people,
                 "Sign somebody out everywhere; oneself, everywhere but here", [](call c) -> answer<nothing> {
                     if (c.asker.user_id == c.id())
                         co_await c.with.sessions.end_others(c.by());
                     else if (const auto done = co_await c.with.sessions.end_all_of(c.id(), giver_of(c)); !done)
                         co_return std::unexpected{to_problem(done.error())};
                     co_return nothing{};
                 });
}

} // namespace switchboard::api

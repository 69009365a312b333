#include "api/tables.hpp"
#include "api/wire/requests.hpp"

#include <switchboard/store/users.hpp>
#include <switchboard/util/hash.hpp>
#include <switchboard/util/offload.hpp>

namespace switchboard::api {
namespace {

boost::asio::awaitable<std::optional<std::string>> hashed(const services& s, std::optional<password> plain_text) {
    if (!plain_text) co_return std::nullopt;
    auto job = [text = plain_text->value] { return hash_password(text); };
    co_return co_await offload(*s.offload, std::move(job));
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

void add_user_routes(routes& table, const services& s) {
    table.get("/api/v1/users", who::agent, "People who work here",
              [&s](call c, query<user_filter> q) -> answer<page<user>> {
                  const auto part = part_of(*q);
                  if (!part) co_return std::unexpected{part.error()};
                  store::user_filter filter{plain<std::string>(q->role), plain<std::string>(q->q), q->active,
                                            sees_logins(c.asker)};
                  auto found = co_await s.users->list(std::move(filter), *part);
                  for (auto& u : found.items) u = as_seen_by(c.asker, std::move(u));
                  co_return found;
              });
    table.post(
        "/api/v1/users", who::admin, "Add somebody", [&s](call c, body<user_create> in) -> answer<created<user>> {
            auto terms = terms_of(*in);
            terms.password_hash = co_await hashed(s, in->password);
            co_return settle_created(co_await s.users->create(std::move(terms), c.asker.user_id, keep<user>(c, 201)));
        });
    table.get("/api/v1/users/{id}", who::agent, "One of the people who work here", [&s](call c) -> answer<user> {
        auto found = co_await s.users->get(c.id());
        if (found) found = as_seen_by(c.asker, std::move(*found));
        co_return found_or_404(std::move(found));
    });
    table.patch("/api/v1/users/{id}", who::admin, "Change somebody; active = false instead of deleting",
                [&s](call c, body<user_patch> in) -> answer<user> {
                    auto terms = terms_of(*in);
                    terms.password_hash = co_await hashed(s, in->password);
                    co_return settle(
                        co_await s.users->change(c.id(), std::move(terms), c.expected_version(), c.asker.user_id));
                });
}

} // namespace switchboard::api

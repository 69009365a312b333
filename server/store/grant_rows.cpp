#include "store/grant_rows.hpp"

#include "store/sql.hpp"

#include <switchboard/model/role.hpp>
#include <switchboard/util/form.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace switchboard::store {

grants grants_in(const pqxx::row& r) {
    grant_list all;
    put(all, from_own_json(get<std::string>(r["granted"])));
    return grants_of(all);
}

/// Which roles have it is asked once a statement, and not of each user.
std::string user_may(permission p, std::string_view by_roles) {
    return fmt::format(R"(u.roles @> ANY (ARRAY(
        SELECT to_jsonb(r.id) FROM role r WHERE {} AND r.grants @> '[{{"permission": "{}"}}]')))",
                       by_roles, name_of(p));
}

std::string user_may(permission p) {
    return user_may(p, "true");
}

std::string user_takes_work() {
    std::vector<std::string> all;
    for (const auto p : needed_for_work) all.push_back(user_may(p));
    return fmt::format("({})", fmt::join(all, " AND "));
}

grants grants_of_roles(pqxx::transaction_base& tx, const std::vector<std::int64_t>& ids) {
    return grants_in(query(tx, R"(
        SELECT coalesce(jsonb_agg(g), '[]') AS granted
        FROM role r, jsonb_array_elements(r.grants) AS g
        WHERE r.id = ANY($1::bigint[]))",
                           array_literal(ids))
                         .front());
}

void one_at_a_time(pqxx::transaction_base& tx) {
    query(tx, "SELECT pg_advisory_xact_lock(hashtext('who may change people'))");
}

std::string user_keeps_the_keys(const std::function<std::string(permission)>& may) {
    std::vector<std::string> all;
    for (const auto p : must_remain) all.push_back(may(p));
    return fmt::format(R"(u.active AND u.password_hash <> '' AND {})", fmt::join(all, " AND "));
}

std::optional<permission> lost_key(const grants& had, const grants& has) {
    for (const auto p : must_remain)
        if (had.may(p) && !has.may(p)) return p;
    return std::nullopt;
}

std::optional<refusal> nobody_is_left(pqxx::transaction_base& tx, const grants& had, const grants& has) {
    const auto lost = lost_key(had, has);
    if (!lost) return std::nullopt;
    one_at_a_time(tx);
    if (!query(tx, fmt::format("SELECT FROM users u WHERE {} LIMIT 1",
                               user_keeps_the_keys([](permission p) { return user_may(p); })))
             .empty())
        return std::nullopt;
    return refusal::conflict("somebody who can sign in must remain with both config.people and config.roles");
}

} // namespace switchboard::store

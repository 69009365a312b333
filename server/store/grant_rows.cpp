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
std::string user_may(permission p) {
    return fmt::format(R"(u.roles @> ANY (ARRAY(
        SELECT to_jsonb(r.id) FROM role r WHERE r.grants @> '[{{"permission": "{}"}}]')))",
                       name_of(p));
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

std::optional<refusal> nobody_is_left(pqxx::transaction_base& tx, const grants& had, const grants& has) {
    for (const auto p : must_remain) {
        if (!had.may(p) || has.may(p)) continue;
        one_at_a_time(tx);
        if (query(tx, fmt::format("SELECT FROM users u WHERE active AND {} LIMIT 1", user_may(p))).empty())
            return refusal::conflict(fmt::format("this is the last who may {}: somebody must remain", name_of(p)));
    }
    return std::nullopt;
}

} // namespace switchboard::store

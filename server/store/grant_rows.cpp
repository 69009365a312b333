#include "store/grant_rows.hpp"

#include "store/sql.hpp"

#include <switchboard/model/role.hpp>
#include <switchboard/util/form.hpp>

#include <fmt/format.h>

namespace switchboard::store {

grants grants_in(const pqxx::row& r) {
    grant_list all;
    put(all, from_own_json(get<std::string>(r["granted"])));
    return grants_of(all);
}

std::string user_may(permission p) {
    return fmt::format(R"(EXISTS (
        SELECT FROM role r
        WHERE u.roles @> to_jsonb(r.id) AND r.grants @> jsonb_build_array(jsonb_build_object('permission', '{}'))))",
                       name_of(p));
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

std::optional<refusal> nobody_is_left(pqxx::transaction_base& tx) {
    one_at_a_time(tx);
    static const auto left =
        fmt::format("SELECT FROM users u WHERE active AND {} LIMIT 1", user_may(permission::config_people));
    if (!query(tx, left).empty()) return std::nullopt;
    return refusal::conflict("this is the last who may " + std::string{name_of(permission::config_people)} +
                             ": somebody must remain");
}

} // namespace switchboard::store

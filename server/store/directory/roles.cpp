#include <switchboard/store/configuration.hpp>

#include "store/grant_rows.hpp"
#include "store/noun_table.hpp"
#include "store/sql.hpp"

#include <fmt/format.h>

#include <set>

namespace switchboard::store {
namespace {

/// Nothing is granted twice, and what is of no ticket is granted as a whole.
std::optional<refusal> judge_grants(const grant_list& all) {
    std::set<permission> seen;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const permission p = all[i].permission;
        if (!seen.insert(p).second)
            return refusal::invalid(fmt::format("grants[{}].permission", i), "is in the list already");
        if (!reaches_tickets(p) && all[i].reach != reach::all)
            return refusal::invalid(fmt::format("grants[{}].reach", i), "must be all: this is of no ticket");
    }
    return std::nullopt;
}

/// Whether somebody who can sign in may change people by another role than this, or nobody may by this one.
bool others_remain(pqxx::transaction_base& tx, std::int64_t role) {
    constexpr auto holders = R"(
        SELECT FROM users u
        JOIN role r ON u.roles @> to_jsonb(r.id)
        WHERE u.active AND r.grants @> '[{{"permission": "{}"}}]' AND r.id {} $1
        LIMIT 1)";
    const auto with = [&](const char* which) {
        return !query(tx, fmt::format(holders, name_of(permission::config_people), which), role).empty();
    };
    return with("<>") || !with("=");
}

std::optional<refusal> judge_role(pqxx::transaction_base& tx, const datum& wanted) {
    const auto r = from_datum<role>(wanted);
    if (auto wrong = judge_grants(r.grants)) return wrong;
    if (grants_of(r.grants).may(permission::config_people)) return std::nullopt;
    one_at_a_time(tx);
    if (others_remain(tx, r.id)) return std::nullopt;
    return refusal::conflict("must have config.people: nobody else could change people", "grants");
}

} // namespace

template <>
const noun_table& table_of<role>() {
    static const noun_table made{schema_of<role>(), {.distinct_names = true, .judge = judge_role}};
    return made;
}

} // namespace switchboard::store

#include <switchboard/store/configuration.hpp>

#include "store/grant_rows.hpp"
#include "store/noun_table.hpp"
#include "store/presence_rows.hpp"
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

/// Whether somebody who can sign in has this permission by another role than this, or nobody by this one.
bool others_remain(pqxx::transaction_base& tx, std::int64_t role, permission p) {
    constexpr auto holders = R"(
        SELECT FROM users u
        JOIN role r ON u.roles @> to_jsonb(r.id)
        WHERE u.active AND r.grants @> '[{{"permission": "{}"}}]' AND r.id {} $1
        LIMIT 1)";
    const auto with = [&](const char* which) {
        return !query(tx, fmt::format(holders, name_of(p), which), role).empty();
    };
    return with("<>") || !with("=");
}

std::optional<refusal> judge_role(pqxx::transaction_base& tx, const datum& wanted) {
    const auto r = from_datum<role>(wanted);
    if (auto wrong = judge_grants(r.grants)) return wrong;
    for (const auto p : must_remain) {
        if (grants_of(r.grants).may(p)) continue;
        one_at_a_time(tx);
        if (others_remain(tx, r.id, p)) continue;
        const std::string_view name = name_of(p), what = name.substr(name.find('.') + 1);
        return refusal::conflict(fmt::format("must have {}: nobody else could change {}", name, what), "grants");
    }
    return std::nullopt;
}

/// Whoever has it may have lost what being given work takes.
void stop_its_holders(pqxx::transaction_base& tx, std::int64_t role, std::optional<std::int64_t> actor) {
    stop_who_takes_no_work(
        tx, values_of<std::int64_t>(query(tx, "SELECT id FROM users WHERE roles @> to_jsonb($1::bigint)", role)),
        actor);
}

} // namespace

template <>
const noun_table& table_of<role>() {
    static const noun_table made{schema_of<role>(),
                                 {.distinct_names = true, .judge = judge_role, .follow = stop_its_holders}};
    return made;
}

} // namespace switchboard::store

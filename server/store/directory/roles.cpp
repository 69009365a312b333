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

/// Whether somebody can still give everything back where this role grants that.
bool somebody_remains(pqxx::transaction_base& tx, std::int64_t role, const grants& wanted) {
    const auto may_then = [&](permission p) {
        return fmt::format("((u.roles @> to_jsonb($1::bigint) AND {}) OR {})", wanted.may(p) ? "true" : "false",
                           user_may(p, "r.id <> $1"));
    };
    return !query(tx, fmt::format("SELECT FROM users u WHERE {} LIMIT 1", user_keeps_the_keys(may_then)), role).empty();
}

std::optional<refusal> judge_role(pqxx::transaction_base& tx, const datum& wanted) {
    const auto r = from_datum<role>(wanted);
    if (auto wrong = judge_grants(r.grants)) return wrong;
    const auto then = grants_of(r.grants);
    const auto lost = lost_key(grants_of_roles(tx, {r.id}), then);
    if (!lost) return std::nullopt;
    one_at_a_time(tx);
    if (somebody_remains(tx, r.id, then)) return std::nullopt;
    const std::string_view name = name_of(*lost), what = name.substr(name.find('.') + 1);
    return refusal::conflict(fmt::format("must have {}: nobody else could change {}", name, what), "grants");
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

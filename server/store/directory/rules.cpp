#include <switchboard/store/configuration.hpp>

#include "store/noun_table.hpp"

namespace switchboard::store {
namespace {

void last_without_position(pqxx::transaction_base& tx, datum& rule) {
    if (rule["position"].is == datum::kind::integer) return;
    const auto last = query(tx, "SELECT coalesce(max(position), 0) + 10 AS next FROM rule");
    rule.set("position", get<std::int64_t>(last[0]["next"]));
}

/// A rule without a condition would hold for everything by mistake: that has to be said.
std::optional<refusal> judge_conditions(const datum& when) {
    bool some = false;
    for (const auto& [name, value] : when.members) some = some || !value.items.empty();
    const bool always = when["always"].number != 0;
    if (some && always) return refusal::invalid("conditions.always", "must stand alone: there are other conditions");
    if (some || always) return std::nullopt;
    return refusal::invalid("conditions", R"(must name one, or be {"always": true})");
}

} // namespace

template <>
const noun_table& table_of<rule>() {
    static const noun_table made{
        "rule",
        schema_of<rule>(),
        {.order = "position", .complete = last_without_position, .judge = [](pqxx::transaction_base&, const datum& r) {
             return judge_conditions(r["conditions"]);
         }}};
    return made;
}

} // namespace switchboard::store

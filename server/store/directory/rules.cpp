#include <switchboard/store/configuration.hpp>

#include "store/noun_table.hpp"

namespace switchboard::store {
namespace {

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
    static const noun_table made{schema_of<rule>(),
                                 {.order = "position", .judge = [](pqxx::transaction_base&, const datum& r) {
                                      return judge_conditions(r["conditions"]);
                                  }}};
    return made;
}

} // namespace switchboard::store

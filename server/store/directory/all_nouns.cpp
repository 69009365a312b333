#include <switchboard/store/configuration.hpp>

#include "store/noun_table.hpp"

namespace switchboard::store {

std::vector<const noun_table*> all_noun_tables() {
    return {&table_of<skill>(),    &table_of<licence>(),    &table_of<queue>(),         &table_of<rule>(),
            &table_of<calendar>(), &table_of<sla_target>(), &table_of<absence_reason>()};
}

template <>
const noun_table& table_of<absence_reason>() {
    static const noun_table made{
        "absence_reason", schema_of<absence_reason>(), {.distinct_names = true, .order = "position"}};
    return made;
}

} // namespace switchboard::store

#include <switchboard/store/configuration.hpp>

#include "store/noun_table.hpp"

namespace switchboard::store {

std::vector<const noun_table*> all_noun_tables() {
#define SWITCHBOARD_TABLE(noun) &table_of<noun>(),
    return {SWITCHBOARD_NOUNS(SWITCHBOARD_TABLE)};
#undef SWITCHBOARD_TABLE
}

template <>
const noun_table& table_of<absence_reason>() {
    static const noun_table made{schema_of<absence_reason>(), {.distinct_names = true, .order = "position"}};
    return made;
}

} // namespace switchboard::store

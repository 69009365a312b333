#include <switchboard/store/configuration.hpp>

#include "store/noun_table.hpp"

namespace switchboard::store {

template <>
const noun_table& table_of<organization>() {
    static const noun_table made{schema_of<organization>(), {.distinct_names = true}};
    return made;
}

} // namespace switchboard::store

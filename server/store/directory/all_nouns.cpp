#include <switchboard/store/configuration.hpp>

#include "store/noun_table.hpp"

namespace switchboard::store {

std::vector<const noun_table*> all_noun_tables() {
    return {&table_of<skill>(), &table_of<licence>(),  &table_of<queue>(),
            &table_of<rule>(),  &table_of<calendar>(), &table_of<sla_target>()};
}

} // namespace switchboard::store

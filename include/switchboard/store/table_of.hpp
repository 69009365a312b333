#pragma once

#include <switchboard/model/noun.hpp>

namespace switchboard::store {

class noun_table; // store/noun_table.hpp: a noun's statements, and what is special about it

/// Of each noun that is kept this way: store/configuration.hpp names them.
template <described T>
const noun_table& table_of();

} // namespace switchboard::store

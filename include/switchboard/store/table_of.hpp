#pragma once

#include <switchboard/model/actor.hpp>
#include <switchboard/model/noun.hpp>
#include <switchboard/model/refusal.hpp>

#include <cstdint>
#include <functional>
#include <optional>

namespace switchboard::store {

/// What is wrong with a noun as a whole, by the rules of another room.
using noun_judge = std::function<std::optional<refusal>(const datum& wanted)>;

/// Whether whoever asks may touch the one that is there; locked then, so that it is so when it is changed.
using noun_guard = std::function<std::optional<refusal>(const datum& there)>;

class noun_table; // store/noun_table.hpp: a noun's statements, and what is special about it

/// Of each noun that is kept this way: store/configuration.hpp names them.
template <described T>
const noun_table& table_of();

} // namespace switchboard::store

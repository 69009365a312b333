#pragma once

#include <switchboard/model/follow_up.hpp>
#include <switchboard/model/viewer.hpp>

#include <pqxx/pqxx>

#include <cstdint>
#include <vector>

namespace switchboard::store {

/// Those that are due or will be soon: of what somebody promised or has in hand, as far as he sees it.
std::vector<listed_follow_up> coming_follow_ups(pqxx::transaction_base& tx, const viewer& who);

} // namespace switchboard::store

#pragma once

#include <switchboard/model/refusal.hpp>
#include <switchboard/store/giver.hpp>

#include <pqxx/pqxx>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Nobody sets up, signs out or takes away what may more than himself (may_give). Asked inside the transaction that
/// does so, about what is locked there: what was true before somebody else's change is not.
namespace switchboard::store {

/// Of these users, whether they are active or not, the first who may more. Oneself is never refused. `field`: where
/// they are named in what was sent, if they are.
std::optional<refusal> who_may_more(pqxx::transaction_base& tx, const giver& by, const std::vector<std::int64_t>& users,
                                    const std::string& field = {});

} // namespace switchboard::store

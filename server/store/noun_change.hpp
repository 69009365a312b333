#pragma once

#include "store/noun_table.hpp"

#include <expected>
#include <optional>

namespace switchboard::store {

/// A noun is added or changed, with its event, in a transaction in which more is done. Within told(). `touched`: what
/// is changed there belongs to the noun, even if its members stay.
std::expected<datum, refusal> add_noun(pqxx::transaction_base& tx, const noun_table& table, datum values, actor by,
                                       const noun_judge& judge = {}, const more_columns& more = {});

struct noun_change {
    datum before, after; // the same: nothing was wanted that was not so
};
std::expected<noun_change, refusal> change_noun(pqxx::transaction_base& tx, const noun_table& table, std::int64_t id,
                                                const datum& values, std::optional<std::int64_t> if_match, actor by,
                                                const noun_judge& judge = {}, const more_columns& more = {},
                                                bool touched = false);

} // namespace switchboard::store

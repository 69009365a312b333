#pragma once

#include "store/audit_notes.hpp"
#include "store/noun_table.hpp"

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::store {

/// A noun is added or changed, with its event and its entry in the audit, in a transaction in which more is done;
/// whoever commits it tells the notes. Within told(). `secrets`: what of the noun is changed there beside its members,
/// by path.
std::expected<datum, refusal> add_noun(pqxx::transaction_base& tx, const noun_table& table, datum values,
                                       audit_notes& notes, const noun_judge& judge = {}, const more_columns& more = {},
                                       const std::vector<std::string>& secrets = {});

struct noun_change {
    datum before, after; // the same: nothing was wanted that was not so
};
std::expected<noun_change, refusal> change_noun(pqxx::transaction_base& tx, const noun_table& table, std::int64_t id,
                                                const datum& values, std::optional<std::int64_t> if_match,
                                                audit_notes& notes, const noun_judge& judge = {},
                                                const more_columns& more = {},
                                                const std::vector<std::string>& secrets = {});

/// The event and the entry of what is done by other statements. One of before and after may be absent.
void noun_changed(pqxx::transaction_base& tx, const noun_table& table, audit_notes& notes, const datum& before,
                  const datum& after, const std::vector<std::string>& secrets = {});

/// The same of what is no member of the noun: a set of `row` by the name `field`.
void set_changed(pqxx::transaction_base& tx, const noun_table& table, audit_notes& notes, const datum& row,
                 const std::string& field, const datum& before, const datum& after);

/// An entry alone, unless nothing has changed.
void note_changes(pqxx::transaction_base& tx, audit_notes& notes, audit_kind kind, std::string_view noun,
                  const datum& row, const datum& changes);

} // namespace switchboard::store

#pragma once

#include <switchboard/model/draft.hpp>

#include <pqxx/pqxx>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Drafts as rows, for every transaction that touches them. Whoever inserts or ends one has locked its ticket before
/// (locks.hpp): for key share at least.
namespace switchboard::store {

std::optional<draft> read_draft(pqxx::transaction_base& tx, std::int64_t ticket, std::int64_t agent,
                                std::string_view kind);

/// The columns that draft_of() reads, of a draft d.
extern const std::string_view draft_columns;
draft draft_of(const pqxx::row& r);

/// A draft has begun or ended: told to who may see the ticket, without a word of it.
void tell_draft(pqxx::transaction_base& tx, std::int64_t ticket, std::int64_t agent, std::string_view kind,
                bool exists);

/// Deletes the draft with its files, and tells. Whether there was one.
bool end_draft(pqxx::transaction_base& tx, std::int64_t ticket, std::int64_t agent, std::string_view kind);

/// Copies these files of the author's draft to a contact.
void attach_draft_files(pqxx::transaction_base& tx, std::int64_t contact, std::int64_t ticket, std::int64_t agent,
                        const std::vector<std::int64_t>& files);

/// What was sent and taken back is a draft again, with its files; what was begun meanwhile stands below it.
void restore_draft(pqxx::transaction_base& tx, std::int64_t contact, std::int64_t ticket, std::int64_t agent);

} // namespace switchboard::store

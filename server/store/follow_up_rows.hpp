#pragma once

#include "store/event_rows.hpp"

#include <switchboard/store/desk_rows.hpp>

#include <pqxx/pqxx>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Promises to come back as rows. Whoever changes one has locked its ticket.
namespace switchboard::store {

/// SELECT … FROM follow_up f with everything that follow_up_of() reads, and this behind it.
std::string select_follow_ups(std::string_view rest);
follow_up follow_up_of(const pqxx::row& r);

std::optional<follow_up> read_follow_up(pqxx::transaction_base& tx, std::int64_t id);
/// A ticket's: those to be kept, the next first; then the last that were ended.
std::vector<follow_up> read_follow_ups(pqxx::transaction_base& tx, std::int64_t ticket);
/// `contact`: by which one would be kept; 0 = none.
follow_ups_at_hand read_around_follow_ups(pqxx::transaction_base& tx, std::int64_t ticket, std::int64_t contact);

/// Those of a ticket that a reply has kept.
std::vector<kept_follow_up> follow_ups_kept_by(pqxx::transaction_base& tx, std::int64_t ticket, std::int64_t reply);

/// As it is then; number 0 is a new one.
follow_up write_follow_up(pqxx::transaction_base& tx, std::int64_t ticket, const follow_up& f);
/// What became of it.
void tell_follow_up(pqxx::transaction_base& tx, const follow_up_change& c, const follow_up& now_is,
                    const event_about& whom);

} // namespace switchboard::store

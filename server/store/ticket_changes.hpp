#pragma once

#include <switchboard/store/desk_rows.hpp>

#include <pqxx/pqxx>

#include <cstdint>
#include <optional>
#include <string>

/// The one place where what becomes of a ticket is written, with its events.
namespace switchboard::store {

struct changed_ticket {
    ticket_summary summary; // as it is then
    std::optional<note> left;
    std::optional<std::int64_t> reply; // the contact of what was written
    std::optional<switchboard::follow_up> follow_up;
};
changed_ticket write_changes(pqxx::transaction_base& tx, const locked_ticket& before, const ticket_changes& c);

/// A note, and the event that tells it. No author: the system's.
note leave_note(pqxx::transaction_base& tx, const locked_ticket& t, std::optional<std::int64_t> author,
                const std::string& text);

} // namespace switchboard::store

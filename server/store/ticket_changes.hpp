#pragma once

#include <switchboard/store/desk_rows.hpp>

#include <pqxx/pqxx>

#include <cstdint>
#include <optional>
#include <string_view>

/// The one place where what becomes of a ticket is written, with its events.
namespace switchboard::store {

struct changed_ticket {
    ticket_summary summary; // as it is then
    std::optional<note> left;
    std::optional<std::int64_t> reply; // the contact of what was written
};
changed_ticket write_changes(pqxx::transaction_base& tx, const locked_ticket& before, const ticket_changes& c);

/// A note, and the event that tells it. No author: the system's.
note leave_note(pqxx::transaction_base& tx, const locked_ticket& t, std::optional<std::int64_t> author,
                const std::string& text);

/// The summary after a change, and the event that tells it: to the queue, and to who owned the ticket before.
/// `what` says the change and more about it, like `released`, the agent whose capacity it gave back: routing listens
/// for that. Ticket and people are filled in here. Whoever was offered it is so no longer, unless somebody still is.
ticket_summary tell_change(pqxx::transaction_base& tx, events::ticket_changed what, std::optional<std::int64_t> by,
                           const locked_ticket& before);

/// Tells who had an offer of the ticket that it has ended.
void tell_rescinded(pqxx::transaction_base& tx, const ticket_summary& now, const locked_ticket::place& whose,
                    std::string_view reason);

} // namespace switchboard::store

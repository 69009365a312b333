#pragma once

#include <switchboard/model/describe.hpp>
#include <switchboard/model/ticket.hpp>
#include <switchboard/model/viewer.hpp>
#include <switchboard/store/desk_rows.hpp>

#include "store/event_rows.hpp"

#include <pqxx/pqxx>

#include <optional>
#include <string>
#include <string_view>

/// What every transaction that touches tickets shares: reading a summary, locking, the load, the event.
namespace switchboard::store {

/// SELECT … FROM ticket with everything that summary_of() reads; add WHERE, ORDER BY and columns behind it as you like.
std::string summary_select(std::string_view more_columns = "", std::string_view more_joins = "");
inline constexpr int summary_columns = 23; // so many stand before those behind it
ticket_summary summary_of(const pqxx::row& r);
ticket_summary read_summary(pqxx::transaction_base& tx, std::int64_t ticket);

/// What listed_ticket::unread says, as a column over a ticket t; `agent`: the parameter with his id. Who owns the
/// ticket and has never opened it has read what came before our last answer.
std::string unread_column(std::string_view agent);

/// How far a permission reaches, as $1 of the conditions below.
inline std::string sight_of(const viewer& who, permission p = permission::ticket_read) {
    const auto far = who.granted.reach_of(p);
    return std::string{far ? name_of(*far) : "none"};
}
/// The rule of may_see_ticket() as SQL over a ticket t: $1 = sight_of(), $2 = the user.
inline constexpr std::string_view ticket_is_visible =
    "($1 = 'all' OR ($1 <> 'none' AND (t.owner_id = $2 OR "
    "($1 = 'queues' AND t.queue_id IN (SELECT queue_id FROM queue_member WHERE agent_id = $2)) OR "
    "EXISTS (SELECT FROM offer o WHERE o.ticket_id = t.id AND o.agent_id = $2 AND o.state = 'offered')))) ";

/// SELECT … FROM offer JOIN ticket; read with offer_of().
std::string offer_select();
offer offer_of(const pqxx::row& r);
offer read_offer(pqxx::transaction_base& tx, std::int64_t offer);

/// Reads the columns of `presence_columns`.
presence presence_of(const pqxx::row& r);
/// What others see of it: who is absent is offline for as long as that lasts, whatever he has said.
inline const std::string presence_columns =
    R"(agent_id, CASE WHEN absent THEN 'offline' ELSE state END AS state, channels,
    CASE WHEN absent THEN 'connection lost' ELSE reason END AS reason, after_current,
    CASE WHEN absent THEN absent_since ELSE since END AS since)";

/// In the order of locks (locks.hpp).
std::optional<locked_ticket> lock_ticket(pqxx::transaction_base& tx, std::int64_t ticket);

} // namespace switchboard::store

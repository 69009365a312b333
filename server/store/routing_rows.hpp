#pragma once

#include <switchboard/store/routing.hpp>

#include "store/sql.hpp"

#include <boost/describe/enum.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Rows as routing reads them.
namespace switchboard::store {

/// Locks the lease's row against a take-over until this transaction ends; no row: somebody has taken it over.
/// A leader that is stopped here would keep its heir waiting: PostgreSQL then ends the transaction after a second.
/// Nor does a leader wait for whoever was stopped elsewhere.
inline constexpr statement hold_lease{"hold_lease", R"(
    SELECT set_config('idle_in_transaction_session_timeout', '1s', true), set_config('lock_timeout', '100ms', true),
           set_config('plan_cache_mode', 'force_generic_plan', true)
    FROM shard_lease WHERE shard = 0 AND epoch = $1 FOR SHARE)"};

std::vector<routing_queue> read_queues(pqxx::transaction_base& tx);

/// All of them, or these (an array literal of ids).
std::vector<routing_agent> read_agents(pqxx::transaction_base& tx, const std::optional<std::string>& ids = {});

// A ticket `t` of queue `q`, with one offer `o` of it and its open callback `k`: what ticket_reader reads, but for the
// refusals, an array of [agent, until, when it was said] in µs, that come last as `refusals`.
extern const std::string refusals_list; // of offers `r` of queue `q`
const std::string& ticket_columns();
// Few are open, so that this costs a look at a small index.
inline constexpr const char* its_callback = "LEFT JOIN callback k ON k.ticket_id = t.id AND k.ended_at IS NULL";

/// Tickets, each with its offer `o` for which `offer` holds, if it has one. Refusals that still cool down are read from
/// the offers themselves, so that a new leader remembers them.
std::string select_tickets(std::string_view offer, std::string_view where_and_order);
/// Tickets in somebody's hands with the offer by which they are; `where`: an AND and what else must hold.
std::string select_held(std::string_view where = "");

/// What is read of a ticket, in the order of the columns: the lines of a COPY have no names.
BOOST_DEFINE_ENUM_CLASS(ticket_field, id, queue, channel, tier, priority, difficulty, enqueue_at, version, state,
                        skills, licences, preferred_agent, step, overflowed, due_at, hold_until, offer_agent,
                        offer_state, offer_expires_at, offer_weight, left_message, not_before, refusals)
constexpr std::size_t ticket_fields = boost::mp11::mp_size<enumerators_of<ticket_field>>::value;
using ticket_texts = std::array<std::optional<std::string_view>, ticket_fields>; // nothing = NULL

/// Where a result has each of them.
using ticket_places = std::array<pqxx::row::size_type, ticket_fields>;
ticket_places places_of_ticket(const pqxx::result& rows);

/// Reads one ticket after the other. Most ask for the same as the one before, whose terms are then kept.
class ticket_reader {
public:
    routing_ticket ticket;

    void read(const ticket_texts& f);
    const routing_ticket& read(const pqxx::row& r, const ticket_places& at);

private:
    void read_skills(std::string_view text);
    void read_licences(std::string_view text);

    std::string skills_ = "[]", licences_ = "[]"; // what the ticket's came from
};

std::vector<routing_ticket> read_tickets(const pqxx::result& rows);

} // namespace switchboard::store

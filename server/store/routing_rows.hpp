#pragma once

#include <switchboard/store/routing.hpp>

#include "store/sql.hpp"

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

// A ticket with one offer of it and its open callback `k`, as ticket_reader wants it; the refusals, an array of [agent,
// until in µs], come last.
extern const std::string refusals_list; // of offers `r` of queue `q`
extern const std::string ticket_columns;
// Few are open, so that this costs a look at a small index.
inline constexpr const char* its_callback = "LEFT JOIN callback k ON k.ticket_id = t.id AND k.ended_at IS NULL ";

// SELECT … LEFT JOIN offer o ON, to go on with `its_offer` and a list of states, or with false. Refusals that still
// cool down are read from the offers themselves, so that a new leader remembers them.
extern const std::string ticket_select;
inline constexpr const char* its_offer = "o.ticket_id = t.id AND o.state IN ";
extern const std::string held_select;

constexpr std::size_t ticket_fields = 23;
using ticket_texts = std::array<std::optional<std::string_view>, ticket_fields>; // nothing = NULL

/// Reads one ticket after the other. Most ask for the same as the one before, whose terms are then kept.
class ticket_reader {
public:
    routing_ticket ticket;

    void read(const ticket_texts& f);
    const routing_ticket& read(const pqxx::row& r);

private:
    void read_skills(std::string_view text);
    void read_licences(std::string_view text);

    std::string skills_ = "[]", licences_ = "[]"; // what the ticket's came from
};

std::vector<routing_ticket> read_tickets(const pqxx::result& rows);

} // namespace switchboard::store

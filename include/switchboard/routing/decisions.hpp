#pragma once

#include <switchboard/routing/types.hpp>

#include <variant>

/// What the routing engine wants done. The engine already acts as if each were true; the dispatcher commits them in
/// order and says `commit_failed` for one that the database refused.
namespace switchboard::routing {

enum class trigger : std::uint8_t { ticket_waiting, agent_free, cooled_down, configuration, start };

/// Facts that explain the choice, cheap enough to keep with each offer.
struct offer_facts {
    trigger why = trigger::ticket_waiting;
    bool by_affinity = false;
    int rank = 0;                 // the agent's membership rank
    std::uint64_t idle_order = 0; // lower = longer idle; loaded agents come after idle ones
    std::uint64_t order_key = 0;  // the ticket's place: tier, then time less boost
    std::uint32_t routing_class = 0;
};

/// Offer this ticket to this agent.
struct make_offer {
    ticket_id ticket = 0;
    agent_id agent = 0;
    queue_id queue = 0;
    routing::channel channel = channel::email;
    int weight = 0; // units the item takes from the agent
    bool interruptible = false;
    std::int64_t version = 0; // of the ticket row before this offer; the engine counts one more afterwards
    timestamp at{};
    timestamp expires_at{};
    offer_facts facts{};
};

enum class end_reason : std::uint8_t {
    timed_out,
    agent_gone,  // presence no longer accepts the channel, or the agent was removed
    ticket_gone, // cancelled, solved, assigned to somebody
    interrupted, // the agent accepted other work that leaves no room for this
    replaced     // the ticket came back with other terms while it was offered
};

/// The engine ends an open offer. Unless the ticket is gone it waits again at its old place.
struct end_offer {
    ticket_id ticket = 0;
    agent_id agent = 0;
    end_reason reason = end_reason::timed_out;
    bool waits_again = true;
    std::int64_t version = 0;                 // of the ticket row before this; one more afterwards if it waits again
    std::optional<timestamp> refused_until{}; // the agent is in the ticket's refusals until then
    timestamp at{};
};

/// All eligible agents had refused: the ticket's list of refusals is empty again. Happens once per stay in a queue.
struct clear_refusals {
    ticket_id ticket = 0;
    timestamp at{};
};

/// The agent accepted work that interrupts this item, or came back to it.
struct park_item {
    ticket_id ticket = 0;
    agent_id agent = 0;
    timestamp at{};
};
struct resume_item {
    ticket_id ticket = 0;
    agent_id agent = 0;
    timestamp at{};
};

/// The agent missed too many offers in a row and accepts nothing any more.
struct set_not_ready {
    agent_id agent = 0;
    int missed = 0;
    timestamp at{};
};

using decision = std::variant<make_offer, end_offer, clear_refusals, park_item, resume_item, set_not_ready>;
using decisions = std::vector<decision>;

} // namespace switchboard::routing

#pragma once

#include <switchboard/engine/types.hpp>

#include <array>
#include <variant>

/// What the routing engine wants done. The engine already acts as if each were true; the dispatcher commits them in
/// order and says `commit_failed` for one that the database refused.
namespace switchboard::routing {

enum class trigger : std::uint8_t { ticket_waiting, agent_free, cooled_down, configuration, start };

/// One of those between whom an offer was decided.
struct candidate {
    std::int64_t id = 0;     // an agent if a ticket looked for one, a ticket if an agent became free
    std::uint64_t order = 0; // as `idle_order` or `order_key` below
    std::uint64_t score = 0; // agents: as `score` below
    int rank = 0;            // agents: the membership rank
};

/// Facts that explain the choice, cheap enough to keep with each offer.
struct offer_facts {
    trigger why = trigger::ticket_waiting;
    bool by_affinity = false;
    int rank = 0;                 // the agent's membership rank
    std::uint64_t idle_order = 0; // lower = longer idle; loaded agents come after idle ones
    std::uint64_t order_key = 0;  // the ticket's place: tier, then time less boost
    std::uint32_t routing_class = 0;
    order_mode order = order_mode::fifo;
    agent_policy policy = agent_policy::longest_idle;
    std::uint64_t score = 0;  // what the policy compares, lower is better; 0 for longest_idle
    std::uint8_t step = 0;    // relaxation steps taken
    std::uint8_t sibling = 0; // fan-out: how many agents were offered the ticket before this one

    // Who was there for the ticket's channel at that moment.
    std::uint32_t signed_in = 0; // agents
    std::uint32_t eligible = 0;  // of these: queue, skills, licences and grade fit
    std::uint32_t free = 0;      // of these: with room for one more, the chosen one included
    std::uint32_t refused = 0;   // of these: have refused the ticket a short while ago
    bool agents_compared = true; // what the candidates are: agents, or the tickets that one agent could have taken
    /// How many were compared: agents, each the best of those with one profile; or tickets, each the first of a class.
    std::uint32_t considered = 0;
    static constexpr std::size_t most_candidates = 8;
    /// Some of them, the chosen one included; of tickets the chosen one and the next.
    std::array<candidate, most_candidates> candidates{};
};

/// What an agent is asked to do with a ticket, where its channel does not say it.
enum class offered_work : std::uint8_t {
    contact,
    callback, // call the customer back
    message   // listen to what a caller has left
};

/// Offer this ticket to this agent.
struct make_offer {
    ticket_id ticket = 0;
    agent_id agent = 0;
    queue_id queue = 0;
    routing::channel channel = channel::email;
    offered_work work = offered_work::contact;
    int weight = 0; // units the item takes from the agent
    bool interruptible = false;
    bool alone = true;        // false: the queue fans out
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
    replaced,    // the ticket came back with other terms while it was offered
    sibling_won  // fan-out: another agent was quicker
};

/// The engine ends an open offer. Unless the ticket is gone or offered to others too, it waits again at its old place.
struct end_offer {
    ticket_id ticket = 0;
    agent_id agent = 0;
    end_reason reason = end_reason::timed_out;
    bool waits_again = true;
    std::int64_t version = 0;                 // of the ticket row before this; one more afterwards if it waits again
    std::optional<timestamp> refused_until{}; // the agent is in the ticket's refusals until then
    timestamp at{};
};

/// All eligible agents had refused: those who had not said no themselves are asked again. Happens once per stay in a
/// queue.
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

/// Why a step is taken now: its time has come, or before it for one of the reasons of `skip_condition`.
enum class step_cause : std::uint8_t { time, nobody, late };

/// A waiting ticket asks for less from now on. Its row's version stays.
struct step_taken {
    ticket_id ticket = 0;
    queue_id queue = 0;
    int step = 0; // steps taken so far, this one included
    step_cause why = step_cause::time;
    timestamp at{};
};

enum class overflow_reason : std::uint8_t { full, closed, step };

/// The ticket waits in another queue from now on, with its old place in the order.
struct overflow_ticket {
    ticket_id ticket = 0;
    queue_id from = 0;
    queue_id to = 0;
    overflow_reason reason = overflow_reason::full;
    std::int64_t version = 0; // of the ticket row before this; one more afterwards
    timestamp at{};
};

/// There is no place for one more: the ticket does not wait, and the engine does not know it any more.
struct block_ticket {
    ticket_id ticket = 0;
    queue_id queue = 0;
    std::int64_t version = 0;
    timestamp at{};
};

/// Real-time work of a closed queue whose action is callback or voicemail, or whose step says so: as `block_ticket`.
struct close_ticket {
    ticket_id ticket = 0;
    queue_id queue = 0;
    routing::channel channel = channel::phone;
    closed_action action = closed_action::voicemail;
    std::int64_t version = 0;
    timestamp at{};
};

using decision = std::variant<make_offer, end_offer, clear_refusals, park_item, resume_item, set_not_ready, step_taken,
                              overflow_ticket, block_ticket, close_ticket>;
using decisions = std::vector<decision>;

} // namespace switchboard::routing

#pragma once

#include <switchboard/model/ticket.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Why a ticket went where it went, and why it waits: for people. The fields are the wire's.
namespace switchboard {

struct routing_decision {
    std::int64_t id = 0;
    timestamp at{};
    std::string kind; // offered ended step overflowed put_off message assigned claimed returned
    std::optional<named> agent;
    std::optional<std::int64_t> offer_id;
    std::int64_t step = 0;    // relaxation steps taken by then
    std::string facts = "{}"; // JSON object: what was compared
    std::string words;
};

/// What an agent has of one channel, of how much at once: offered, in hand or in wrap-up.
struct work_in_hand {
    std::string channel;
    std::int64_t items = 0, capacity = 0;
};

struct could_agent : named {
    std::vector<work_in_hand> in_hand;
};

struct almost_agent {
    named agent;
    std::vector<std::string> missing;        // as excluded_agents::reason
    std::vector<std::string> lacks;          // skill, licence: "lacks Spanish 3: has 1", one for each
    std::optional<timestamp> declined_at;    // refused: said no then; empty = did not answer, or was gone
    std::optional<timestamp> asked_again_at; // refused: not before
};

struct lacked_term {
    std::string name; // "Spanish 3", "Insurance (DE)"
    std::int64_t agents = 0;
};

struct excluded_agents {
    // delay skill licence grade queue_closed not_signed_in shift_ends refused held_for_other reserve ringing busy free
    std::string reason;
    std::int64_t agents = 0;        // each agent counts once, by the first of these
    std::vector<lacked_term> which; // skill, licence: each agent counts once, by the first that he lacks
};

struct waiting_reasons {
    std::string source; // live: the engine's own view; database: of its rows, without the order and pace of this moment
    std::int64_t waited_s = 0;
    std::int64_t step = 0;
    std::int64_t members = 0;            // whom the queue and the steps taken ask: as many as `excluded` counts
    std::vector<could_agent> could_take; // nothing but what they have in hand, or rings, keeps these; at most 20
    std::vector<almost_agent> almost;
    std::vector<excluded_agents> excluded;
    std::optional<named> held_for;
    std::optional<timestamp> next_step;
    std::string next_step_does; // "drops 'French'"; empty with next_step
    std::optional<std::int64_t> ahead;
    std::optional<std::int64_t> estimated_wait_s;
};

struct routing_story {
    std::vector<routing_decision> decisions; // the newest 50, oldest first
    std::optional<waiting_reasons> waiting;
    std::vector<std::string> words; // the whole of it as it stands, sentence by sentence
};

/// What stands between one agent and one ticket: for whoever gives it by hand.
struct agent_standing {
    named agent;
    bool licensed = true;             // false: nobody can give it to this agent
    std::vector<std::string> reasons; // as excluded_agents::reason, and no_member; empty = routing would ask
    std::vector<std::string> words;   // the same for people: "lacks Spanish 3: has 1", "full: 3 of 3 e-mails"
    std::vector<work_in_hand> in_hand;
};

/// What a queue's configuration would mean for the tickets that wait in it.
struct queue_check {
    std::int64_t waiting = 0;
    std::int64_t nobody = 0;             // nobody is eligible as they wait, whoever signs in
    std::int64_t nobody_after_steps = 0; // nor after the last relaxation step
    std::vector<std::string> words;
};

} // namespace switchboard

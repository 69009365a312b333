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

struct almost_agent {
    named agent;
    std::vector<std::string> missing;        // as excluded_agents::reason
    std::optional<timestamp> declined_at;    // refused: said no then; empty = did not answer, or was gone
    std::optional<timestamp> asked_again_at; // refused: not before
};

struct excluded_agents {
    // delay skill licence grade queue_closed not_signed_in shift_ends refused held_for_other reserve ringing busy
    std::string reason;
    std::int64_t agents = 0; // each agent counts once, by the first of these
};

struct waiting_reasons {
    std::string source; // live: the engine's own view; database: of its rows, without the order and pace of this moment
    std::int64_t waited_s = 0;
    std::int64_t step = 0;
    std::vector<named> could_take; // nothing but what they have in hand, or rings, keeps these; at most 20
    std::vector<almost_agent> almost;
    std::vector<excluded_agents> excluded;
    std::optional<named> held_for;
    std::optional<timestamp> next_step;
    std::optional<std::int64_t> ahead;
    std::optional<std::int64_t> estimated_wait_s;
};

struct routing_story {
    std::vector<routing_decision> decisions; // the newest 50, oldest first
    std::optional<waiting_reasons> waiting;
    std::vector<std::string> words; // the whole of it as it stands, sentence by sentence
};

/// What a queue's configuration would mean for the tickets that wait in it.
struct queue_check {
    std::int64_t waiting = 0;
    std::int64_t nobody = 0;             // nobody is eligible as they wait, whoever signs in
    std::int64_t nobody_after_steps = 0; // nor after the last relaxation step
    std::vector<std::string> words;
};

} // namespace switchboard

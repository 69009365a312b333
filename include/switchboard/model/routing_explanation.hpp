#pragma once

#include <switchboard/model/describe.hpp>
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
DESCRIBE(routing_decision, (id, "Its number."), (at, "When it was taken."), (kind, "What was decided."),
         (agent, "The agent that it is about."), (offer_id, "The offer that it is about."),
         (step, "How many relaxation steps were taken by then."), (facts, "What it was decided by."),
         (words, "The same as a sentence."))

/// What an agent has of one channel, of how much at once: offered, in hand or in wrap-up.
struct work_in_hand {
    std::string channel;
    std::int64_t items = 0, capacity = 0;
};
DESCRIBE(work_in_hand, (channel, "The channel."), (items, "How many items the agent has."),
         (capacity, "How many the agent can have at once."))

struct could_agent : named {
    std::vector<work_in_hand> in_hand;
};
DESCRIBE_DERIVED(could_agent, named, (in_hand, "What the agent has already."))

struct almost_agent {
    named agent;
    std::vector<std::string> missing;        // as excluded_agents::reason
    std::vector<std::string> lacks;          // skill, licence: "lacks Spanish 3: has 1", one for each
    std::optional<timestamp> declined_at;    // refused: said no then; empty = did not answer, or was gone
    std::optional<timestamp> asked_again_at; // refused: not before
};
DESCRIBE(almost_agent, (agent, "The agent."), (missing, "What stands in the way."),
         (lacks, "What the agent lacks, by name."), (declined_at, "When the agent declined the ticket."),
         (asked_again_at, "When the agent is asked again."))

struct lacked_term {
    std::string name; // "Spanish 3", "Insurance (DE)"
    std::int64_t agents = 0;
};
DESCRIBE(lacked_term, (name, "What is lacked."), (agents, "How many agents lack it."))

struct excluded_agents {
    // role delay skill licence grade queue_closed not_signed_in shift_ends refused held_for_other reserve ringing busy
    // free
    std::string reason;
    std::int64_t agents = 0;        // each agent counts once, by the first of these
    std::vector<lacked_term> which; // skill, licence: each agent counts once, by the first that he lacks
};
DESCRIBE(excluded_agents, (reason, "Why they were not asked."), (agents, "How many they are."),
         (which, "The same, by what each lacks."))

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
DESCRIBE(waiting_reasons, (source, "Whether routing says so, or only the database."),
         (waited_s, "How long the ticket has waited, in seconds."), (step, "How many relaxation steps are taken."),
         (members, "How many agents the queue and the steps taken ask."), (could_take, "Who could take it now."),
         (almost, "Who could take it but for one thing."), (excluded, "Who could not, and why."),
         (held_for, "The agent that it waits for."), (next_step, "When the next step comes into force."),
         (next_step_does, "What that step changes."), (ahead, "How many tickets are before it."),
         (estimated_wait_s, "How long it may wait yet, in seconds."))

struct routing_explanation {
    std::vector<routing_decision> decisions; // the newest 50, oldest first
    std::optional<waiting_reasons> waiting;
    std::vector<std::string> words; // the whole of it as it stands, sentence by sentence
};
DESCRIBE(routing_explanation, (decisions, "What was decided; the oldest is first."),
         (waiting, "Why it waits still, if it does."), (words, "The same as sentences."))

/// What stands between one agent and one ticket: for whoever gives it by hand.
struct agent_standing {
    named agent;
    bool allowed = true;              // by roles and licences; false: nobody can give it to this agent
    std::vector<std::string> reasons; // as excluded_agents::reason, and no_member; empty = routing would ask
    std::vector<std::string> words;   // the same for people: "lacks Spanish 3: has 1", "full: 3 of 3 e-mails"
    std::vector<work_in_hand> in_hand;
};
DESCRIBE(agent_standing, (agent, "The agent."),
         (allowed, "Whether the agent's roles and licences allow it: else nobody can give it to this agent."),
         (reasons, "Why the agent would not be asked."), (words, "The same as a sentence."),
         (in_hand, "What the agent has already."))

/// What a queue's configuration would mean for the tickets that wait in it.
struct queue_check {
    std::int64_t waiting = 0;
    std::int64_t nobody = 0;             // nobody is eligible as they wait, whoever signs in
    std::int64_t nobody_after_steps = 0; // nor after the last relaxation step
    std::vector<std::string> words;
};
DESCRIBE(queue_check, (waiting, "How many tickets wait."),
         (nobody, "How many of them nobody could take as they wait, whoever signs in."),
         (nobody_after_steps, "How many of them nobody could take even after the last step."),
         (words, "The same as sentences."))

} // namespace switchboard

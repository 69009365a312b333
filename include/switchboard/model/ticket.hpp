#pragma once

#include <switchboard/model/contact.hpp>
#include <switchboard/model/datum.hpp>
#include <switchboard/model/describe.hpp>
#include <switchboard/model/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace switchboard {

/// Something with a name, named by its id. The fields of the types below are the wire's (docs/api.md).
struct named {
    std::int64_t id = 0;
    std::string name;
};
DESCRIBE(named, (id, "Its number."), (name, "What people call it."))

/// What lists, events and offers show of a ticket.
struct ticket_summary {
    std::int64_t id = 0;
    std::string number;
    std::string state; // waiting offered active parked held solved
    named queue;
    std::string channel;
    std::optional<named> customer;
    std::string subject;
    std::int64_t tier = 1;     // 0 is served first
    std::int64_t priority = 5; // 9 is most urgent
    std::string language;
    std::optional<named> owner;
    timestamp enqueue_at{};
    std::optional<timestamp> due_at;
    std::optional<timestamp> held_until;
    bool escalated = false;
    std::optional<std::string> disposition;      // the id in its queue's list when it was solved
    std::optional<std::string> disposition_name; // in the words of that time
    timestamp opened_at{};
    timestamp last_contact_at{};
    std::optional<timestamp> solved_at;
    std::int64_t version = 1;
};
DESCRIBE(ticket_summary, (id, "Its number, by which the API names it."),
         (number, "The number that customers are told."), (state, "Where it is on its way."),
         (queue, "Where it waits, or waited last."), (channel, "The channel that it came by."),
         (customer, "Whose ticket it is."), (subject, "What it is about."),
         (tier, "Tickets of a lower number are served first: 0 before all others."),
         (priority, "How urgent it is: 9 is the most."), (language, "The language that it is in, by BCP 47."),
         (owner, "The agent who has it."), (enqueue_at, "Since when it waits, or waited last."),
         (due_at, "When what was promised is due."), (held_until, "While on hold: when it comes back by itself."),
         (escalated, "Whether somebody escalated it."),
         (disposition, "The id of how it was solved, in its queue's list of that time."),
         (disposition_name, "The same in the words of that time."), (opened_at, "When it was opened."),
         (last_contact_at, "When its last contact was."), (solved_at, "When it was solved."),
         (version, "Grows with each change; If-Match compares it."))

/// A ticket offered to one agent, and from then on held by him.
struct offer {
    std::int64_t id = 0;
    ticket_summary ticket;
    std::int64_t agent_id = 0;
    std::string channel;
    std::string state; // offered active parked wrapup done declined timed_out rescinded
    timestamp created_at{};
    timestamp expires_at{};
    std::int64_t waited_s = 0;
    datum why = datum::object();
};
DESCRIBE(offer, (id, "Its number."), (ticket, "The ticket that is offered."), (agent_id, "Whom it is offered to."),
         (channel, "The channel of the work."), (state, "Where it is on its way."),
         (created_at, "When it was offered."), (expires_at, "When it times out."),
         (waited_s, "How long the ticket had waited, in seconds."), (why, "Why this agent was chosen."))

struct presence {
    std::int64_t agent_id = 0;
    std::string state; // ready not_ready offline
    std::vector<std::string> channels;
    std::string reason;
    bool after_current = false;
    timestamp since{};
};
DESCRIBE(presence, (agent_id, "Whose presence it is."), (state, "Whether the agent accepts work."),
         (channels, "The channels that are accepted."), (reason, "Why not, in the agent's words."),
         (after_current, "Whether it takes effect when the work in hand is done."), (since, "Since when."))

struct note {
    std::int64_t id = 0;
    std::int64_t ticket_id = 0;
    std::optional<named> author; // empty: the system
    std::string text;
    timestamp created_at{};
};
DESCRIBE(note, (id, "Its number."), (ticket_id, "The ticket that it is about."),
         (author, "Who wrote it; empty: the system."), (text, "What it says."), (created_at, "When it was written."))

} // namespace switchboard

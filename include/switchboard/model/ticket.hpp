#pragma once

#include <switchboard/model/contact.hpp>
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
    std::string why = "{}"; // JSON object
};

struct presence {
    std::int64_t agent_id = 0;
    std::string state; // ready not_ready offline
    std::vector<std::string> channels;
    std::string reason;
    bool after_current = false;
    timestamp since{};
};

struct note {
    std::int64_t id = 0;
    std::int64_t ticket_id = 0;
    std::optional<named> author; // empty: the system
    std::string text;
    timestamp created_at{};
};

} // namespace switchboard

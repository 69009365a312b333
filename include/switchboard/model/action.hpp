#pragma once

#include <switchboard/model/datum.hpp>
#include <switchboard/model/describe.hpp>
#include <switchboard/model/ticket.hpp>
#include <switchboard/model/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace switchboard {

struct action_object {
    std::int64_t id = 0;
    std::string source, kind, key;
};
DESCRIBE(action_object, (id, "Its number."), (source, "The system that knows it."),
         (kind, "What people call its kind."), (key, "By what that system knows it."))

/// Something that is done to what a customer has: asked for, authorised, carried out.
struct action {
    std::int64_t id = 0;
    std::int64_t ticket_id = 0;
    named kind;
    std::optional<action_object> object;
    std::string state;
    datum form = datum::object();
    std::optional<std::int64_t> amount;
    std::string currency;
    std::string words;
    std::optional<std::string> exceeded;
    std::optional<std::int64_t> bound;
    std::optional<std::int64_t> used;
    named requested_by;
    timestamp requested_at{};
    std::optional<named> authorised_by;
    std::optional<timestamp> authorised_at;
    std::optional<named> ended_by;
    std::optional<timestamp> ended_at;
    std::string note;
    std::string reference;
    std::int64_t version = 1;
};
DESCRIBE(action, (id, "Its number."), (ticket_id, "The ticket that it belongs to."), (kind, "What is done."),
         (object, "To what of the customer's; empty: to nothing of it."),
         (state, "Where it is on its way: it waits for approval, or is authorised and to be carried out."),
         (form, "What was said for it, by the fields of its kind."),
         (amount, "What it costs us, in minor units; empty: nothing."), (currency, "In which currency (ISO 4217)."),
         (words, "What whoever asked for it said."), (exceeded, "Why it was not authorised at once; empty: it was."),
         (bound, "How much whoever asked might have authorised, in minor units."),
         (used, "How much of that had been used."), (requested_by, "Who asked for it."),
         (requested_at, "When that was."), (authorised_by, "Who authorised it; empty: nobody."),
         (authorised_at, "When that was."), (ended_by, "Who ended it."),
         (ended_at, "When that was; empty: it is under way."), (note, "What was said at its end."),
         (reference, "Where it can be found in the system in which it was carried out."),
         (version, "Grows with each change; If-Match compares it."))

/// One in a list, with the ticket that it belongs to.
struct listed_action : action {
    ticket_summary ticket;
};
DESCRIBE_DERIVED(listed_action, action, (ticket, "The ticket that it belongs to."))

struct ticket_actions {
    std::vector<action> items;
};
DESCRIBE(ticket_actions, (items, "The last that was asked for is first; at most 200."))

} // namespace switchboard

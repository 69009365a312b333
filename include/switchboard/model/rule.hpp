#pragma once

#include <switchboard/model/channel.hpp>
#include <switchboard/model/queue.hpp>

/// Classification: each enabled rule whose conditions hold for a new ticket is applied, in order of position. The first
/// to name a queue, a priority, a tier, a difficulty or a language wins; skills and licences are added up.
namespace switchboard {

struct rule_conditions {
    bool always = false;
    list<reference<"gateway">, 100> gateway_ids;
    list<channel, 7> channels;
    list<text<1, 320>, 200> addresses;
    list<line<1, 100>, 200> words;
    list<text<1, 35>, 50> languages;
};
DESCRIBE(rule_conditions, (always, "It holds for every ticket; then there is no other condition."),
         (gateway_ids, "The ticket came by one of these gateways."), (channels, "It came on one of these channels."),
         (addresses, "One of these is the sender's or a recipient's; *@example.com stands for all of a domain."),
         (words, "One of these stands in its subject or text."),
         (languages, "It is in one of these languages; de holds for de-AT too."))

struct rule_actions {
    std::optional<reference<"queue">> queue_id;
    list<skill_need, 20> skills;
    list<licence_need, 20> licences;
    std::optional<integer<0, 9>> priority;
    std::optional<integer<0, 3>> tier;
    std::optional<integer<0, 9>> difficulty;
    text<0, 35> language;
    bool stop = false;
};
DESCRIBE(rule_actions, (queue_id, "Where the ticket waits."), (skills, "What its agent must be able to do."),
         (licences, "What its agent must be allowed to do."), (priority, "How urgent it is: 9 is the most."),
         (tier, "Tickets of tier 0 are served first, whatever their priority."),
         (difficulty, "How hard it is: 9 is the most."),
         (language, "The language that it is in; empty: as it was found."),
         (stop, "No rule behind this one is looked at."))

struct rule {
    read_only<row_id> id;
    assigned<integer<0, 1'000'000>> position;
    line<1, 100> name;
    rule_conditions conditions;
    rule_actions actions;
    bool enabled = true;
    read_only<row_id> version;
};
DESCRIBE(rule, (id, "Its number."), (position, "The lowest is first; a new rule without one is the last."),
         (name, "What people call it."), (conditions, "When it holds: all that is said here must."),
         (actions, "What it does."), (enabled, "Whether it is looked at."),
         (version, "Grows with each change; If-Match compares it."))

} // namespace switchboard

#pragma once

#include "api/wire/describe.hpp"
#include "api/wire/schema.hpp"
#include "api/wire/types.hpp"

#include <switchboard/model/time.hpp>
#include <switchboard/util/password_rules.hpp>

#include <optional>

/// What is asked for: the declaration of a request is also its validation and its published schema.
namespace switchboard::api {

// Sessions and people ------------------------------------------------------------------------------------------------

using password = text<shortest_password, longest_password>; // and what util/password_rules says
using preferences = object<16'384>;

struct sign_in {
    text<1, 200> login;
    text<1, 200> password;
};
DESCRIBE(sign_in, (login, "What the user is called."), (password, "The password."))

struct me_patch {
    std::optional<api::preferences> preferences;
    std::optional<api::password> password;
    std::optional<text<1, 200>> current_password;
};
DESCRIBE(me_patch, (preferences, "What the console keeps for the user."), (password, "The new password."),
         (current_password, "The password of before, which a new one needs."))

struct user_filter {
    std::optional<id_number> role;
    std::optional<text<0, 200>> q;
    std::optional<bool> active;
    std::optional<integer<1, 200>> limit;
    std::optional<text<0, 40>> after;
};
DESCRIBE(user_filter, (role, "Only users who have this role."), (q, "Only users in whose name or login this stands."),
         (active, "Only users who can sign in, or only those who cannot."), (limit, "How many at most."),
         (after, "Where to go on: `next` of the part before."))

/// Which part of a list.
struct list_query {
    std::optional<integer<1, 200>> limit;
    std::optional<text<0, 40>> after;
};
DESCRIBE(list_query, (limit, "How many at most."), (after, "Where to go on: `next` of the part before."))

// Configuration
// --------------------------------------------------------------------------------------------------------

struct queue_member_in {
    id_number agent_id;
    std::optional<integer<0, 99>> rank;
    std::optional<integer<0, 86'400>> delay_s;
};
DESCRIBE(queue_member_in, (agent_id, "The agent."), (rank, "Agents of a lower rank are asked first."),
         (delay_s, "How long a ticket must have waited before it is offered to this agent, in seconds."))

struct queue_members_in {
    list<queue_member_in, 5000> members;
};
DESCRIBE(queue_members_in, (members, "All members; who is not named is none any more."))

struct agent_skill_in {
    id_number skill_id;
    integer<1, 10> level;
};
DESCRIBE(agent_skill_in, (skill_id, "The skill."), (level, "How well the agent has it: 10 is the best."))

struct agent_licence_in {
    id_number licence_id;
    list<label<40>, 100> jurisdictions;
    timestamp valid_from{};
    timestamp valid_until{};
    std::optional<name_in<licence_state>> state;
};
DESCRIBE(agent_licence_in, (licence_id, "The licence."), (jurisdictions, "Where it holds; * is everywhere."),
         (valid_from, "From when it holds."), (valid_until, "Until when it holds."),
         (state, "Whether it holds, or was suspended or revoked."))

struct agent_queue_in {
    id_number queue_id;
    std::optional<integer<0, 99>> rank;
    std::optional<integer<0, 86'400>> delay_s;
};
DESCRIBE(agent_queue_in, (queue_id, "The queue."), (rank, "Agents of a lower rank are asked first."),
         (delay_s, "How long a ticket must have waited before it is offered to this agent, in seconds."))

struct agent_channel_in {
    channel_name channel;
    integer<0, 100> capacity;
    std::optional<integer<0, 1000>> weight;
};
DESCRIBE(agent_channel_in, (channel, "The channel."), (capacity, "How many items of it the agent has at once."),
         (weight, "How many units one item takes."))

/// Each that is there replaces its whole set.
struct agent_put {
    std::optional<list<agent_skill_in, 200>> skills;
    std::optional<list<agent_licence_in, 200>> licences;
    std::optional<list<agent_queue_in, 500>> queues;
    std::optional<list<agent_channel_in, 7>> channels;
    std::optional<integer<0, 9>> grade;
    std::optional<integer<0, 1000>> units;
    std::optional<nullable<id_number>> calendar_id;
};
DESCRIBE(agent_put, (skills, "What the agent can do."), (licences, "What the agent is allowed to do."),
         (queues, "The queues of which the agent is a member."), (channels, "The channels that the agent does."),
         (grade, "The hardest tickets that the agent gets: 9 is any."),
         (units, "How much work the agent can have at once, over all channels."),
         (calendar_id, "The calendar whose hours are the agent's shifts; null: none."))

struct customer_query {
    std::optional<text<0, 200>> q;
    std::optional<id_number> organization_id;
    std::optional<integer<1, 200>> limit;
    std::optional<text<0, 40>> after;
};
DESCRIBE(customer_query, (q, "Only customers in whose name, addresses and numbers each of these words stands."),
         (organization_id, "Only customers of this organization."), (limit, "How many at most."),
         (after, "Where to go on: `next` of the part before."))

struct customer_patch {
    std::optional<label<200>> name;
    std::optional<text<0, 35>> language;
    std::optional<text<0, 64>> timezone;
    std::optional<text<0, 40>> jurisdiction;
    std::optional<text<0, 20'000>> notes;
    std::optional<nullable<id_number>> organization_id;
};
DESCRIBE(customer_patch, (name, "The customer's name."), (language, "The customer's language, by BCP 47."),
         (timezone, "The customer's time zone: an IANA name."), (jurisdiction, "Whose law applies to the customer."),
         (notes, "What agents should know."),
         (organization_id, "The organization that the customer belongs to; null: none."))

struct customer_tickets_query {
    std::optional<one_of<"open", "solved">> state;
    std::optional<integer<1, 200>> limit;
    std::optional<text<0, 40>> after;
};
DESCRIBE(customer_tickets_query, (state, "Only open tickets, or only solved ones."), (limit, "How many at most."),
         (after, "Where to go on: `next` of the part before."))

} // namespace switchboard::api

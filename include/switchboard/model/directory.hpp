#pragma once

#include <switchboard/model/describe.hpp>
#include <switchboard/model/queue.hpp>
#include <switchboard/model/rule.hpp>
#include <switchboard/model/skill.hpp>
#include <switchboard/model/ticket.hpp>
#include <switchboard/model/time.hpp>

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// People, what they can do, and the queues that lead to them. The fields are the wire's.
namespace switchboard {

struct queue_member {
    std::int64_t agent_id = 0;
    std::string name;
    std::int64_t rank = 0;
    std::int64_t delay_s = 0;
};
DESCRIBE(queue_member, (agent_id, "The agent."), (name, "What people call the agent."),
         (rank, "Agents of a lower rank are asked first."),
         (delay_s, "How long a ticket must have waited before it is offered to this agent, in seconds."))

struct agent_skill {
    std::int64_t skill_id = 0;
    std::int64_t level = 1;
};
DESCRIBE(agent_skill, (skill_id, "The skill."), (level, "How well the agent has it: 10 is the best."))

struct agent_licence {
    std::int64_t licence_id = 0;
    std::vector<std::string> jurisdictions; // "*" covers all
    timestamp valid_from{};
    timestamp valid_until{};
    std::string state = "active"; // active suspended revoked
};
DESCRIBE(agent_licence, (licence_id, "The licence."), (jurisdictions, "Where it holds; * is everywhere."),
         (valid_from, "From when it holds."), (valid_until, "Until when it holds."),
         (state, "Whether it holds, or was suspended or revoked."))

struct agent_queue {
    std::int64_t queue_id = 0;
    std::int64_t rank = 0;
    std::int64_t delay_s = 0;
};
DESCRIBE(agent_queue, (queue_id, "The queue."), (rank, "Agents of a lower rank are asked first."),
         (delay_s, "How long a ticket must have waited before it is offered to this agent, in seconds."))

struct agent_channel {
    std::string channel;
    std::int64_t capacity = 0;
    std::int64_t weight = 0; // units that one item takes
};
DESCRIBE(agent_channel, (channel, "The channel."), (capacity, "How many items of it the agent has at once."),
         (weight, "How many units one item takes."))

/// The channel "*" counts units.
struct channel_load {
    std::string channel;
    std::int64_t used = 0;
    std::int64_t capacity = 0;
};
DESCRIBE(channel_load, (channel, "The channel; * counts units over all of them."), (used, "How much is in use."),
         (capacity, "How much there is."))

/// Whoever can be given work, whole.
struct agent_profile {
    std::int64_t id = 0;
    std::string name;
    std::vector<std::int64_t> roles;
    bool active = true;
    std::int64_t grade = 5;
    std::int64_t units = 100;
    std::vector<agent_skill> skills;
    std::vector<agent_licence> licences;
    std::vector<agent_queue> queues;
    std::vector<agent_channel> channels;
    std::optional<std::int64_t> calendar_id; // whose hours are the shift; none = no end of it is known
    switchboard::presence presence;
    std::vector<channel_load> load;
    std::int64_t version = 1;
};
DESCRIBE(agent_profile, (id, "The agent's number, which is the user's."), (name, "What people call the agent."),
         (roles, "The roles that say what the agent may do."), (active, "Whether the agent can sign in."),
         (grade, "The hardest tickets that the agent gets: 9 is any."),
         (units, "How much work the agent can have at once, over all channels."), (skills, "What the agent can do."),
         (licences, "What the agent is allowed to do."), (queues, "The queues of which the agent is a member."),
         (channels, "The channels that the agent does."),
         (calendar_id, "The calendar whose hours are the agent's shifts; empty: no end of a shift is known."),
         (presence, "What the agent accepts now."), (load, "How much of each channel is in use."),
         (version, "Grows with each change; If-Match compares it."))

struct identity {
    std::string kind;
    std::string value;
    std::string verification = "claimed";
    std::string confirmed_how{};
    std::optional<timestamp> bounced_at{}; // when a mail to it was last refused for good
    std::string bounce_reason{};
};
DESCRIBE(identity, (kind, "What the address is: email, tel, fax, whatsapp and so on."), (value, "The address itself."),
         (verification, "Whether it is only what a sender or a caller id says, or was confirmed to be the customer's."),
         (confirmed_how, "How it was confirmed; empty: it was not."),
         (bounced_at, "When a mail to it was last refused for good."), (bounce_reason, "Why that mail was refused."))

struct customer {
    std::int64_t id = 0;
    std::string name;
    std::optional<named> organization;
    std::string language;
    std::string timezone;
    std::string jurisdiction;
    std::string notes;
    std::vector<identity> identities;
    std::int64_t version = 1;
    timestamp created_at{};
};
DESCRIBE(customer, (id, "Its number."), (name, "The customer's name."),
         (organization, "The organization that the customer belongs to."),
         (language, "The customer's language, by BCP 47."), (timezone, "The customer's time zone: an IANA name."),
         (jurisdiction, "Whose law applies to the customer."), (notes, "What agents should know."),
         (identities, "The addresses by which the customer is known."),
         (version, "Grows with each change; If-Match compares it."), (created_at, "When the customer first came."))

} // namespace switchboard

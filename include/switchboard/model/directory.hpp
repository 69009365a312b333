#pragma once

#include <switchboard/model/queue.hpp>
#include <switchboard/model/rule.hpp>
#include <switchboard/model/skill.hpp>
#include <switchboard/model/ticket.hpp>
#include <switchboard/model/time.hpp>

#include <boost/describe/class.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// People, what they can do, and the queues and gateways that lead to them. The fields are the wire's; a field of JSON
/// text says so.
namespace switchboard {

struct user {
    std::int64_t id = 0;
    std::string login;
    std::string name;
    std::string email;
    std::string role; // agent supervisor admin
    bool active = true;
    std::int64_t grade = 5;
    std::int64_t units = 100;
    std::string preferences = "{}";    // JSON object
    bool must_change_password = false; // somebody else knows it: nothing else works before
    std::int64_t version = 1;
    timestamp created_at{};
};
BOOST_DESCRIBE_STRUCT(user, (),
                      (id, login, name, email, role, active, grade, units, preferences, must_change_password, version,
                       created_at))

struct queue_member {
    std::int64_t agent_id = 0;
    std::string name;
    std::int64_t rank = 0;
    std::int64_t delay_s = 0;
};
BOOST_DESCRIBE_STRUCT(queue_member, (), (agent_id, name, rank, delay_s))

struct agent_skill {
    std::int64_t skill_id = 0;
    std::int64_t level = 1;
};
BOOST_DESCRIBE_STRUCT(agent_skill, (), (skill_id, level))

struct agent_licence {
    std::int64_t licence_id = 0;
    std::vector<std::string> jurisdictions; // "*" covers all
    timestamp valid_from{};
    timestamp valid_until{};
    std::string state = "active"; // active suspended revoked
};
BOOST_DESCRIBE_STRUCT(agent_licence, (), (licence_id, jurisdictions, valid_from, valid_until, state))

struct agent_queue {
    std::int64_t queue_id = 0;
    std::int64_t rank = 0;
    std::int64_t delay_s = 0;
};
BOOST_DESCRIBE_STRUCT(agent_queue, (), (queue_id, rank, delay_s))

struct agent_channel {
    std::string channel;
    std::int64_t capacity = 0;
    std::int64_t weight = 0; // units that one item takes
};
BOOST_DESCRIBE_STRUCT(agent_channel, (), (channel, capacity, weight))

/// The channel "*" counts units.
struct channel_load {
    std::string channel;
    std::int64_t used = 0;
    std::int64_t capacity = 0;
};
BOOST_DESCRIBE_STRUCT(channel_load, (), (channel, used, capacity))

/// Whoever can be given work, whole.
struct agent_profile {
    std::int64_t id = 0;
    std::string name;
    std::string role;
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

/// How a gateway that fetches is doing.
struct gateway_health {
    std::optional<timestamp> last_success_at;
    std::optional<timestamp> last_error_at;
    std::string last_error; // empty since it went well
};

/// The last input of a gateway that could not be read.
struct gateway_trouble {
    std::int64_t contact_id = 0; // in quarantine
    timestamp at{};
    std::string reason;
};

/// A gateway as it is configured; what intake needs of it is `gateway`.
struct gateway_record {
    std::int64_t id = 0;
    std::string name;
    std::string kind;
    std::int64_t queue_id = 0;
    std::string settings = "{}"; // JSON object
    std::string from_name;
    std::string from_address;
    bool enabled = true;
    std::int64_t version = 1;
    timestamp created_at{};
    std::optional<gateway_health> health = std::nullopt; // of one that fetches, once it has tried
    std::map<std::string, timestamp> secrets = {};       // those that are set, by path in `settings`, and since when
    std::optional<timestamp> last_contact_at = std::nullopt; // the last that came by it
    std::optional<gateway_trouble> last_trouble = std::nullopt;
};

/// A machine's key. Its secret is shown once and kept as a hash.
struct api_token {
    std::int64_t id = 0;
    std::string name;
    std::vector<std::string> scopes;                      // intake read admin
    std::optional<std::vector<std::int64_t>> gateway_ids; // empty = every gateway
    timestamp created_at{};
    std::optional<timestamp> expires_at; // empty = until it is revoked
    std::optional<timestamp> revoked_at;
};

struct identity {
    std::string kind;
    std::string value;
    std::optional<timestamp> bounced_at{}; // when a mail to it was last refused for good
    std::string bounce_reason{};
};

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

} // namespace switchboard

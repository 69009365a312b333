#pragma once

#include "api/wire/describe.hpp"
#include "api/wire/schema.hpp"
#include "api/wire/types.hpp"

#include <switchboard/intake/gateway_settings.hpp>
#include <switchboard/model/time.hpp>
#include <switchboard/util/password_rules.hpp>

#include <optional>

/// What is asked for: the declaration of a request is also its validation and its published schema.
namespace switchboard::api {

// Sessions and people ------------------------------------------------------------------------------------------------

using password = text<shortest_password, longest_password>; // and what util/password_rules says
using role_name = one_of<"admin", "supervisor", "agent">;
using preferences = object<16'384>;

struct sign_in {
    text<1, 200> login;
    text<1, 200> password;
};
BOOST_DESCRIBE_STRUCT(sign_in, (), (login, password))

struct me_patch {
    std::optional<api::preferences> preferences;
    std::optional<api::password> password;
    std::optional<text<1, 200>> current_password;
};
BOOST_DESCRIBE_STRUCT(me_patch, (), (preferences, password, current_password))

struct user_create {
    label<60> login;
    label<200> name;
    std::optional<text<0, 320>> email;
    role_name role;
    std::optional<api::password> password;
    std::optional<integer<0, 9>> grade;
    std::optional<integer<0, 1000>> units;
};
BOOST_DESCRIBE_STRUCT(user_create, (), (login, name, email, role, password, grade, units))

struct user_patch {
    std::optional<label<200>> name;
    std::optional<text<0, 320>> email;
    std::optional<role_name> role;
    std::optional<api::password> password;
    std::optional<bool> active;
    std::optional<integer<0, 9>> grade;
    std::optional<integer<0, 1000>> units;
};
BOOST_DESCRIBE_STRUCT(user_patch, (), (name, email, role, password, active, grade, units))

struct user_filter {
    std::optional<role_name> role;
    std::optional<text<0, 200>> q;
    std::optional<bool> active;
    std::optional<integer<1, 200>> limit;
    std::optional<text<0, 40>> after;
};
BOOST_DESCRIBE_STRUCT(user_filter, (), (role, q, active, limit, after))

/// Which part of a list.
struct list_query {
    std::optional<integer<1, 200>> limit;
    std::optional<text<0, 40>> after;
};
BOOST_DESCRIBE_STRUCT(list_query, (), (limit, after))

// Configuration
// --------------------------------------------------------------------------------------------------------

struct queue_member_in {
    id_number agent_id;
    std::optional<integer<0, 99>> rank;
    std::optional<integer<0, 86'400>> delay_s;
};
BOOST_DESCRIBE_STRUCT(queue_member_in, (), (agent_id, rank, delay_s))

struct queue_members_in {
    list<queue_member_in, 5000> members;
};
BOOST_DESCRIBE_STRUCT(queue_members_in, (), (members))

struct agent_skill_in {
    id_number skill_id;
    integer<1, 10> level;
};
BOOST_DESCRIBE_STRUCT(agent_skill_in, (), (skill_id, level))

struct agent_licence_in {
    id_number licence_id;
    list<label<40>, 100> jurisdictions;
    timestamp valid_from{};
    timestamp valid_until{};
    std::optional<one_of<"active", "suspended", "revoked">> state;
};
BOOST_DESCRIBE_STRUCT(agent_licence_in, (), (licence_id, jurisdictions, valid_from, valid_until, state))

struct agent_queue_in {
    id_number queue_id;
    std::optional<integer<0, 99>> rank;
    std::optional<integer<0, 86'400>> delay_s;
};
BOOST_DESCRIBE_STRUCT(agent_queue_in, (), (queue_id, rank, delay_s))

struct agent_channel_in {
    channel_name channel;
    integer<0, 100> capacity;
    std::optional<integer<0, 1000>> weight;
};
BOOST_DESCRIBE_STRUCT(agent_channel_in, (), (channel, capacity, weight))

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
BOOST_DESCRIBE_STRUCT(agent_put, (), (skills, licences, queues, channels, grade, units, calendar_id))

struct gateway_settings_in : object<65'536> {}; // what is inside is the channel's to judge
template <>
struct schema_of<gateway_settings_in> {
    static void write(json_writer& w, schemas&, direction) { w.raw(intake::written_settings_schema()); }
};

struct gateway_create {
    label<63> name;
    label<40> kind;
    id_number queue_id;
    std::optional<gateway_settings_in> settings;
    std::optional<text<0, 200>> from_name;
    std::optional<text<0, 320>> from_address;
    std::optional<bool> enabled;
};
BOOST_DESCRIBE_STRUCT(gateway_create, (), (name, kind, queue_id, settings, from_name, from_address, enabled))

struct gateway_patch {
    std::optional<label<63>> name;
    std::optional<id_number> queue_id;
    std::optional<gateway_settings_in> settings;
    std::optional<text<0, 200>> from_name;
    std::optional<text<0, 320>> from_address;
    std::optional<bool> enabled;
};
BOOST_DESCRIBE_STRUCT(gateway_patch, (), (name, queue_id, settings, from_name, from_address, enabled))

struct token_create {
    label<100> name;
    list<one_of<"intake", "read", "admin">, 3> scopes;
    std::optional<list<id_number, 1000>> gateway_ids;
    std::optional<timestamp> expires_at; // without one: until it is revoked
};
BOOST_DESCRIBE_STRUCT(token_create, (), (name, scopes, gateway_ids, expires_at))

struct customer_query {
    std::optional<text<0, 200>> q;
    std::optional<integer<1, 200>> limit;
    std::optional<text<0, 40>> after;
};
BOOST_DESCRIBE_STRUCT(customer_query, (), (q, limit, after))

struct customer_patch {
    std::optional<label<200>> name;
    std::optional<text<0, 35>> language;
    std::optional<text<0, 64>> timezone;
    std::optional<text<0, 40>> jurisdiction;
    std::optional<text<0, 20'000>> notes;
};
BOOST_DESCRIBE_STRUCT(customer_patch, (), (name, language, timezone, jurisdiction, notes))

struct customer_tickets_query {
    std::optional<one_of<"open", "solved">> state;
    std::optional<integer<1, 200>> limit;
    std::optional<text<0, 40>> after;
};
BOOST_DESCRIBE_STRUCT(customer_tickets_query, (), (state, limit, after))

} // namespace switchboard::api

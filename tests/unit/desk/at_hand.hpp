#pragma once

#include "desk/decisions.hpp"
#include "support/granted.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

/// What is at hand of a ticket of the queue Support that Ana works on, at noon; tests change what they are about.
namespace switchboard::desk {

using namespace std::chrono_literals;
using store::ticket_at_hand;
using store::ticket_changes;

constexpr std::int64_t support = 10, billing = 20, ticket_id = 1001;
constexpr timestamp noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + 12h};

inline const viewer ana{7, test::agents_grants(), {support}}, ben{8, test::agents_grants(), {support}},
    boss{9, test::supervisors_grants(), {}}, stranger{6, test::agents_grants(), {billing}};

/// Promised to be answered within an hour and solved within a day, from an hour before noon on.
inline sla::queue_promises hourly(const std::string& policy) {
    sla::queue_promises out;
    out.by_priority.fill({policy, 3600, 86'400});
    return out;
}

inline ticket_at_hand in_hand(const std::string& channel = "email") {
    ticket_at_hand at;
    auto& t = at.ticket;
    t.id = ticket_id;
    t.queue_id = support;
    t.version = 3;
    t.state = ticket_state::active;
    t.channel = channel;
    t.owner_id = t.preferred_agent_id = ana.user_id;
    t.gateway_id = 1;
    t.customer_id = 2;
    t.subject = "A question";
    t.enqueue_at = t.last_contact_at = noon - 1h;
    t.now = noon;
    t.offers = {{501, ana.user_id, 10, offer_state::active}};
    const auto promised = sla::promise::start(hourly("queue 10 v1").by_priority[5], {}, noon - 30min);
    t.sla = promised.text();
    t.due_at = promised.due_at();
    t.sla_check_at = promised.check_at();
    at.queue.id = support;
    at.queue.name = "Support";
    at.queue.wrapup_s = 60;
    return at;
}

inline ticket_at_hand waiting(const std::string& channel = "email") {
    auto at = in_hand(channel);
    at.ticket.state = ticket_state::waiting;
    at.ticket.owner_id = at.ticket.preferred_agent_id = {};
    at.ticket.offers = {};
    return at;
}

/// Ringing at Ana and at Ben.
inline ticket_at_hand ringing(const std::string& channel = "email") {
    auto at = waiting(channel);
    at.ticket.state = ticket_state::offered;
    at.ticket.offers = {{501, ana.user_id, 10, offer_state::offered}, {502, ben.user_id, 10, offer_state::offered}};
    at.offer = store::offer_at_hand{501, ana.user_id, 10, offer_state::offered};
    return at;
}

inline ticket_at_hand on_hold(const std::string& channel = "email") {
    auto at = in_hand(channel);
    at.ticket.state = ticket_state::held;
    at.ticket.held_until = noon;
    at.ticket.offers = {};
    auto p = sla::promise::read(at.ticket.sla);
    p.pause({}, noon - 10min, "customer");
    at.ticket.sla = p.text();
    at.ticket.due_at = p.due_at();
    at.ticket.sla_check_at = p.check_at();
    return at;
}

inline ticket_at_hand solved(const std::string& channel = "email") {
    auto at = in_hand(channel);
    at.ticket.state = ticket_state::solved;
    at.ticket.solved_at = noon - 5min;
    at.ticket.disposition = "resolved";
    at.ticket.disposition_name = "Resolved";
    at.ticket.offers = {};
    at.terms = hourly("queue 10 v1");
    return at;
}

/// An agent to whom nothing speaks against giving the ticket.
inline taker free_agent(const viewer& who, const ticket_at_hand& at) {
    taker t;
    t.id = who.user_id;
    t.name = who.user_id == ana.user_id ? "Ana" : "Ben";
    t.is_ready = t.is_member = t.does_channel = t.has_grade = true;
    t.channel = at.ticket.channel;
    t.left_message = at.ticket.left_message;
    t.weight = 10;
    t.places = taker::load{.used = 0, .capacity = 1};
    t.units = taker::load{.used = 0, .capacity = 100};
    return t;
}

inline void fill(taker& t) {
    t.places->used = t.places->capacity;
    t.units->used = t.weight;
    t.in_hand.push_back({.channel = t.channel, .weight = t.weight});
}

inline callback open_callback(timestamp not_before, callback_state state = callback_state::scheduled) {
    callback c;
    c.id = 301;
    c.ticket_id = ticket_id;
    c.phone = "+493012345678";
    c.mode = "agent_first";
    c.state = name_of(state);
    c.not_before = not_before;
    c.requested_by = "agent";
    return c;
}

/// Ana's promise to write in an hour, made an hour ago.
inline follow_up to_be_kept(timestamp due_at = noon + 1h) {
    follow_up f;
    f.id = 401;
    f.ticket_id = ticket_id;
    f.owner = {ana.user_id, "Ana"};
    f.state = "open";
    f.due_at = f.series_from = due_at;
    f.channel = "email";
    f.reason = "is the line mended?";
    f.time_zone = "Europe/Berlin";
    f.repeats = "never";
    f.created_at = noon - 1h;
    return f;
}

inline ticket_at_hand around(ticket_at_hand at) {
    at.follow_ups = store::follow_ups_at_hand{.time_zone = "Europe/Berlin", .owner = named{ana.user_id, "Ana"}};
    return at;
}

inline ticket_at_hand promised(timestamp due_at = noon + 1h, ticket_at_hand at = in_hand()) {
    at = around(std::move(at));
    at.follow_up = to_be_kept(due_at);
    return at;
}

/// "first_answer paused"
inline std::vector<std::string> told(const sla::promise::lines& lines) {
    std::vector<std::string> out;
    for (const auto& l : lines) out.push_back(l.clock + " " + l.kind);
    return out;
}

/// Why not, and which field that is about: "conflict: you are full".
inline std::string why(const decided& d) {
    if (d) return "it was decided";
    constexpr std::array kinds{"not_found", "forbidden", "conflict", "stale", "invalid"};
    const auto& no = d.error();
    std::string out = kinds[static_cast<std::size_t>(no.why)];
    if (!no.errors.empty()) out += " " + no.errors.front().field;
    return out + ": " + no.detail;
}

} // namespace switchboard::desk

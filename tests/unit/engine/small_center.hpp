#pragma once

#include <switchboard/engine/engine.hpp>

#include "unit/engine/describe.hpp"

#include <gtest/gtest.h>

namespace switchboard::routing {

/// An engine with one queue (1) and a clock that the test turns. Agents are there for everything unless it says so.
class small_center : public testing::Test {
protected:
    explicit small_center(engine_settings settings = {}) : engine_(settings) {
        put(queue_config{.id = 1});
        engine_.start(now_, out_);
    }

    void put(const queue_config& q) { ASSERT_TRUE(engine_.put(q, now_, out_)); }
    void put(const agent_config& a) { ASSERT_TRUE(engine_.put(a, now_, out_)); }
    void sign_in(const agent_config& a, channel_set accepts = all_channels) {
        put(a);
        engine_.presence(a.id, accepts, now_, out_);
    }
    /// A member of queue 1 with nothing special.
    static agent_config agent(agent_id id) { return {.id = id, .memberships = {{.queue = 1}}}; }

    waiting_ticket ticket(ticket_id id, channel c = channel::phone) {
        return {.id = id, .queue = 1, .channel = c, .enqueued_at = now_};
    }
    void arrive(const waiting_ticket& t) { engine_.waiting(t, now_, out_); }
    void call(ticket_id id) { arrive(ticket(id)); }
    void accept(ticket_id t, agent_id a) { ASSERT_TRUE(engine_.accepted(t, a, now_, out_)); }
    void decline(ticket_id t, agent_id a) { ASSERT_TRUE(engine_.declined(t, a, 0, now_, out_)); }
    void release(ticket_id t, agent_id a) { ASSERT_TRUE(engine_.released(t, a, now_, out_)); }
    void pass(seconds s) {
        now_ += s;
        engine_.advance(now_, out_);
    }

    /// Keeps the agent busy with a call of its own.
    void occupy(agent_id a, ticket_id with) {
        ASSERT_TRUE(engine_.assigned({.ticket = with, .agent = a, .queue = 1, .channel = channel::phone}, now_, out_));
    }

    std::optional<agent_id> offered(ticket_id t) { return engine_.offered_to(t); }
    template <class D>
    std::vector<D> said() const {
        std::vector<D> list;
        for (const auto& d : out_)
            if (const auto* x = std::get_if<D>(&d)) list.push_back(*x);
        return list;
    }

    engine engine_;
    timestamp now_{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + std::chrono::hours{9}};
    decisions out_;
};

} // namespace switchboard::routing

#pragma once

#include "unit/engine/oracle.hpp"

#include <switchboard/engine/engine.hpp>

#include <algorithm>
#include <random>

namespace switchboard::routing {

/// A small contact center drawn from a seed, and a shift of random events in it.
class random_world {
public:
    explicit random_world(std::uint64_t seed) : random_(seed) {
        settings_.missed_limit_voice = pick(0, 2);
        settings_.missed_limit = pick(0, 3);
        settings_.min_licence_validity = seconds{chance(50) ? 0 : 60};
        settings_.deferrable_keeps_idle = chance(30);
        settings_.max_idle_classes = static_cast<std::size_t>(pick(2, 40)); // so that class numbers are reused
        settings_.min_handle = seconds{chance(70) ? 0 : pick(0, 30)};
        if (chance(10)) settings_.max_waiting_total = static_cast<std::size_t>(pick(0, 12));
        // Each world uses some of the features, so that one alone and all together are tried.
        orders_ = chance(50);
        policies_ = chance(50);
        limits_ = chance(30);
        steps_ = chance(50);
        fans_out_ = chance(30);
        holds_ = chance(40);
        callbacks_ = chance(30);
        shifts_ = chance(30);
        messages_ = chance(40);
        queues_ = pick(1, 4);
        agents_ = pick(1, 7);
    }

    [[nodiscard]] const engine_settings& settings() const { return settings_; }
    [[nodiscard]] int queues() const { return queues_; }
    [[nodiscard]] int agents() const { return agents_; }
    [[nodiscard]] timestamp now() const { return now_; }

    queue_config queue(queue_id id) {
        queue_config q{.id = id};
        q.order = chance(50) ? order_mode::fifo : order_mode::aging;
        if (orders_) q.order = static_cast<order_mode>(pick(0, 3));
        if (policies_) q.policy = static_cast<agent_policy>(pick(0, 5));
        q.fqr_share = static_cast<double>(pick(0, 4)) / 4;
        q.due_in = seconds{pick(0, 100)};
        if (limits_) {
            if (chance(60)) q.max_waiting = pick(0, 3);
            q.overflow = other_queue(id);
            q.when_closed = static_cast<closed_action>(pick(0, 3));
            if (q.overflow == 0 && q.when_closed == closed_action::overflow) q.when_closed = closed_action::wait;
        }
        if (steps_ && chance(70)) q.steps = steps(id);
        if (fans_out_) q.fan_out = pick(1, 3);
        if (chance(30)) q.boost = queue_config::linear_boost(seconds{pick(0, 60)});
        q.ring = seconds{pick(1, 30)};
        q.cool = seconds{pick(0, 40)};
        if (chance(30)) q.missed_limit = pick(0, 3);
        q.reserve = chance(30) ? pick(1, 3) : 0;
        q.open = !chance(limits_ ? 30 : 10);
        q.interruptible = chance(50);
        return q;
    }

    agent_config agent(agent_id id) {
        agent_config a{.id = id};
        for (skill_id s = 1; s <= 3; ++s)
            if (chance(60)) a.skills.push_back({s, pick(1, 10)});
        for (licence_type_id l = 1; l <= 2; ++l)
            if (chance(60))
                a.licences.push_back(
                    {l, chance(30) ? std::vector<std::string>{"*"} : std::vector<std::string>{"DE", "FR"},
                     now_ + span(-300, 300), chance(50) ? std::optional{now_ + span(-100, 900)} : std::nullopt,
                     chance(90) ? licence_state::active : licence_state::suspended});
        a.grade = chance(70) ? 9 : pick(0, 9);
        for (queue_id q = 1; q <= queues_; ++q)
            if (chance(75)) a.memberships.push_back({q, pick(0, 2), seconds{chance(75) ? 0 : pick(1, 3) * 20}});
        if (steps_ && chance(30)) a.memberships.push_back({supervisors, 0, seconds{0}});
        a.takes_work = chance(95);
        if (chance(40))
            for (auto& c : a.caps) c = {pick(0, 3), pick(0, 60)};
        if (chance(30)) {
            for (auto& row : a.allow) row = channels();
            for (auto& row : a.interrupt) row = channels();
        }
        return a;
    }

    waiting_ticket ticket(ticket_id id) {
        waiting_ticket t{.id = id, .queue = pick(1, queues_), .channel = some_channel()};
        t.tier = chance(80) ? 1 : pick(0, 3);
        t.priority = pick(0, 9);
        t.enqueued_at = chance(80) ? now_ : now_ - span(0, 200);
        t.difficulty = chance(80) ? 0 : pick(0, 9);
        if (chance(50)) t.skills.push_back({pick(1, 3), pick(1, 6), chance(20) ? std::optional{8} : std::nullopt});
        if (chance(15)) t.skills.push_back({pick(1, 3), pick(1, 6), {}});
        if (chance(25)) t.licences.push_back({pick(1, 2), chance(70) ? "DE" : "FR"});
        if (chance(20)) t.affinity = {pick(1, agents_), pick(1, agents_)};
        if (chance(10))
            t.refused.push_back(
                {pick(1, agents_), now_ + span(-10, 60), chance(50) ? std::optional{now_} : std::nullopt});
        t.version = pick(1, 100);
        if (orders_ && chance(60)) t.due_at = now_ + span(-100, 300);
        if (callbacks_ && chance(30)) t.not_before = now_ + span(-20, 60);
        if (holds_ && chance(70)) {
            t.affinity = {pick(1, agents_)};
            if (chance(40)) t.affinity.push_back(pick(1, agents_));
            t.hold_until = now_ + span(-5, 60);
        }
        if (steps_ && chance(10)) t.step = pick(0, 4);
        if (limits_ && chance(10)) t.overflowed = true;
        if (messages_ && chance(60)) t.left_message = true; // says nothing where the channel is not phone
        return t;
    }

    std::optional<timestamp> shift_end() { return chance(30) ? std::nullopt : std::optional{now_ + span(-20, 120)}; }
    [[nodiscard]] bool has_shifts() const { return shifts_; }

    channel_set presence() { return chance(25) ? channel_set{} : chance(50) ? all_channels : channels(); }
    void let_time_pass() { now_ += span(0, 15); }
    void jump_to(timestamp t) { now_ = std::max(now_, t); }

    int pick(int low, int high) { return std::uniform_int_distribution{low, high}(random_); }
    bool chance(int percent) { return pick(1, 100) <= percent; }
    /// A ticket in this state, if there is one.
    std::optional<oracle::job> any(const oracle& o, std::initializer_list<oracle::where> states) {
        std::vector<const oracle::job*> fitting;
        for (const auto& [id, j] : o.jobs())
            if (std::ranges::find(states, j.state) != states.end()) fitting.push_back(&j);
        if (fitting.empty()) return {};
        return *fitting[static_cast<std::size_t>(pick(0, static_cast<int>(fitting.size()) - 1))];
    }
    std::chrono::microseconds span(int low_s, int high_s) {
        return std::chrono::microseconds{
            std::uniform_int_distribution<std::int64_t>{low_s * 1'000'000LL, high_s * 1'000'000LL}(random_)};
    }

private:
    /// Sometimes one that is not there; 0 if there is but this one.
    queue_id other_queue(queue_id id) {
        const queue_id q = pick(1, queues_ + (chance(10) ? 1 : 0));
        return q == id ? 0 : q;
    }
    std::vector<relaxation_step> steps(queue_id id) {
        std::vector<relaxation_step> list;
        seconds after{0};
        for (int n = pick(1, 3); n > 0; --n) {
            after += seconds{pick(0, 40)};
            relaxation_step s{.after = after, .skip_if = static_cast<skip_condition>(chance(50) ? 0 : pick(1, 3))};
            for (int m = pick(0, 2); m > 0; --m) s.mutations.push_back(some_mutation(id));
            if (const auto to = other_queue(id); to != 0 && chance(15))
                s.mutations.push_back({.what = mutation::kind::overflow, .queue = to});
            else if (chance(10))
                s.mutations.push_back({.what = chance(50) ? mutation::kind::callback : mutation::kind::voicemail});
            list.push_back(std::move(s));
        }
        return list;
    }
    mutation some_mutation(queue_id id) {
        using enum mutation::kind;
        switch (pick(0, 6)) {
        case 0:
            return {.what = drop_skill, .skill = pick(1, 3)};
        case 1:
            return {.what = set_min, .skill = pick(1, 3), .value = pick(1, 6)};
        case 2:
            if (const auto other = other_queue(id); other != 0) return {.what = add_queue, .queue = other};
            [[fallthrough]];
        case 3:
            return {.what = widen_grade, .value = pick(1, 9)};
        case 4:
            return {.what = raise_priority, .value = pick(1, 9)};
        case 5:
            return {.what = ask_supervisors};
        default:
            return {.what = raise_tier, .value = pick(1, 2)};
        }
    }
    channel some_channel() {
        static constexpr channel often[] = {channel::phone, channel::chat, channel::email, channel::email};
        return chance(80) ? often[pick(0, 3)] : static_cast<channel>(pick(0, 6));
    }
    channel_set channels() {
        channel_set s;
        for (std::size_t c = 0; c < channel_count; ++c)
            if (chance(60)) s.insert(static_cast<channel>(c));
        return s;
    }

    std::mt19937_64 random_;
    engine_settings settings_;
    bool orders_ = false, policies_ = false, limits_ = false, steps_ = false, fans_out_ = false, holds_ = false,
         callbacks_ = false, shifts_ = false, messages_ = false;
    int queues_ = 1, agents_ = 1;
    timestamp now_{std::chrono::seconds{1'700'000'000}};
};

} // namespace switchboard::routing

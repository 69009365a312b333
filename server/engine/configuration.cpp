#include "engine/engine_state.hpp"

#include <switchboard/engine/engine.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace switchboard::routing {

namespace {

using checked = std::expected<void, config_error>;

checked wrong(std::string field, std::string message) {
    return std::unexpected(config_error{std::move(field), std::move(message)});
}

bool is_member(const agent_config& a, queue_id queue) {
    return std::ranges::find(a.memberships, queue, &membership::queue) != a.memberships.end();
}

std::string field_of(std::string_view list, std::size_t i, std::string_view field) {
    return fmt::format("{}[{}].{}", list, i, field);
}

checked check(const mutation& m, const queue_config& q, bool is_last) {
    using enum mutation::kind;
    const auto from_to = [&](int low, int high) {
        return m.value >= low && m.value <= high ? checked{}
                                                 : wrong("value", fmt::format("must be {} to {}", low, high));
    };
    if ((m.what == drop_skill || m.what == set_min) && m.skill == 0) return wrong("skill_id", "is missing");
    if ((m.what == add_queue || m.what == overflow) && (m.queue == 0 || m.queue == q.id))
        return wrong("queue_id", "must name another queue");
    switch (m.what) {
    case set_min:
        return from_to(1, 10);
    case widen_grade:
    case raise_priority:
        return from_to(1, 9);
    case raise_tier:
        return from_to(1, 3);
    case overflow:
        return is_last ? checked{} : wrong("what", "nothing can follow an overflow");
    case callback:
    case voicemail:
        return is_last ? checked{} : wrong("what", "nothing can follow when the ticket is turned away");
    case drop_skill:
    case add_queue:
    case ask_supervisors:
        break;
    }
    return {};
}

checked check_steps(const queue_config& q) {
    if (q.steps.size() > 16) return wrong("steps", "must be at most 16");
    for (std::size_t i = 0; i < q.steps.size(); ++i) {
        const auto& s = q.steps[i];
        if (s.after < seconds{0}) return wrong(field_of("steps", i, "after_s"), "must not be negative");
        if (i > 0 && s.after < q.steps[i - 1].after)
            return wrong(field_of("steps", i, "after_s"), "must not be before the step before it");
        if (s.mutations.size() > 50) return wrong(field_of("steps", i, "changes"), "must be at most 50");
        for (std::size_t m = 0; m < s.mutations.size(); ++m)
            if (const auto fine = check(s.mutations[m], q, m + 1 == s.mutations.size()); !fine)
                return wrong(fmt::format("steps[{}].changes[{}].{}", i, m, fine.error().field), fine.error().message);
    }
    return {};
}

checked check(const queue_config& q) {
    if (q.fan_out < 1 || q.fan_out > 16) return wrong("fan_out", "must be 1 to 16");
    if (!(q.fqr_share >= 0 && q.fqr_share <= 1)) return wrong("fqr_percent", "must be 0 to 100");
    if (q.due_in < seconds{0}) return wrong("sla_target_s", "must not be negative");
    if (q.max_waiting && *q.max_waiting < 0) return wrong("max_waiting", "must not be negative");
    if (q.overflow != 0 && q.overflow == q.id) return wrong("overflow_queue_id", "must name another queue");
    if (q.when_closed == closed_action::overflow && q.overflow == 0)
        return wrong("overflow_queue_id", "is missing: real-time work goes there while the queue is closed");
    if (q.ring < seconds{1}) return wrong("ring_s", "must be at least 1 second");
    if (q.reserve < 0) return wrong("idle_reserve", "must not be negative");
    if (std::ranges::any_of(q.boost, [](seconds s) { return s < seconds{0}; }))
        return wrong("boost_s", "must not be negative");
    return check_steps(q);
}

template <class T, class Key>
bool has_twins(const std::vector<T>& list, Key key) {
    std::set<std::int64_t> seen;
    return !std::ranges::all_of(list, [&](const T& x) { return seen.insert(x.*key).second; });
}

checked check(const agent_config& a) {
    if (a.grade < 0 || a.grade > 9) return wrong("grade", "must be 0 to 9");
    if (a.units < 0) return wrong("units", "must not be negative");
    if (std::ranges::any_of(a.caps, [](const channel_cap& c) { return c.max < 0 || c.weight < 0; }))
        return wrong("channels", "must not be negative");
    if (std::ranges::any_of(a.skills, [](const skill_level& s) { return s.level < 1 || s.level > 10; }))
        return wrong("skills", "a level must be 1 to 10");
    if (has_twins(a.skills, &skill_level::skill)) return wrong("skills", "a skill stands there twice");
    if (std::ranges::any_of(a.memberships, [](const membership& m) { return m.rank < 0 || m.rank > 254; }))
        return wrong("queues", "a rank must be 0 to 254");
    if (std::ranges::any_of(a.memberships, [](const membership& m) { return m.delay < seconds{0}; }))
        return wrong("queues", "a delay must not be negative");
    if (has_twins(a.memberships, &membership::queue)) return wrong("queues", "a queue stands there twice");
    return {};
}

} // namespace

std::optional<standing> engine_state::standing_in(index_t cls, index_t profile) const {
    const auto& q = queues[facts[cls].queue];
    if (!q.known || (!q.config.open && !deferrable_lanes.contains(facts[cls].channel))) return {};
    return standing_of(profiles[profile], demands[cls], q.config.policy);
}

void engine_state::relate(index_t cls, index_t profile) {
    const auto s = standing_in(cls, profile);
    if (!s) return;
    eligible.set(cls, profile, *s);
    signed_in[cls] += there[static_cast<std::size_t>(facts[cls].channel)].accepting[profile];
}

void engine_state::relate_profile(index_t profile) {
    for (index_t cls = 0; cls < facts.size(); ++cls) relate(cls, profile);
}

void engine_state::shape_demand(index_t cls) {
    auto& d = demands[cls];
    d = classes.terms(cls).after(queues[facts[cls].queue].config.steps);
    std::erase_if(d.added, [&](queue_id id) {
        if (id == supervisors) return false;
        const auto number = find_queue(id);
        return number == nobody || !queues[number].known ||
               (!queues[number].config.open && !deferrable_lanes.contains(d.channel));
    });
}

void engine_state::relate_class(index_t cls) {
    shape_demand(cls);
    signed_in[cls] = 0;
    for (index_t p = 0; p < profiles.slots(); ++p)
        if (profiles.live(p)) relate(cls, p);
}

void engine_state::relate_queue(queue_record& q) {
    for (const auto cls : q.classes) {
        const bool reserved = q.config.reserve > 0 && deferrable_lanes.contains(facts[cls].channel);
        reserved_classes += static_cast<std::size_t>(reserved) - static_cast<std::size_t>(facts[cls].reserved);
        facts[cls].reserved = reserved;
        facts[cls].by_ratio = q.config.order == order_mode::fqr;
        eligible.forget_class(cls);
        relate_class(cls);
    }
}

bool engine_state::adds(const queue_record& q, queue_id other) {
    return std::ranges::any_of(q.config.steps, [&](const relaxation_step& s) {
        return std::ranges::any_of(
            s.mutations, [&](const mutation& m) { return m.what == mutation::kind::add_queue && m.queue == other; });
    });
}

void engine_state::relate_all(queue_record& q) {
    relate_queue(q);
    for (auto& other : queues)
        if (adds(other, q.config.id)) relate_queue(other);
    for (index_t a = 0; a < room.personal_agents(); ++a)
        if (!room.personal(a).empty()) stale.push_back(a);
    find_held_and_reserved();
}

void engine_state::place_all(queue_record& q, decisions& out) {
    for (const auto slot : waiting_in(q)) {
        const bool was_held = tickets[slot].personal;
        unplace(slot);
        place(slot);
        const bool relaxed = take_due_steps(slot, out);
        if (tickets[slot].state == ticket_state::waiting && (relaxed || was_held))
            mark_ticket(slot, trigger::configuration);
    }
}

void engine_state::count_delays(const agent_config& agent, int change) {
    for (const auto& m : agent.memberships) {
        if (m.delay == seconds{0}) continue;
        auto& delays = queues[queue_number(m.queue)].delays;
        const auto delay = timestamp::duration{m.delay}.count();
        auto& agents_with_it = delays[delay];
        agents_with_it += change;
        if (agents_with_it == 0) delays.erase(delay);
    }
}

engine_state::queue_delays engine_state::delays_of(std::initializer_list<const agent_config*> configs) {
    queue_delays all;
    for (const auto* c : configs)
        for (const auto& m : c->memberships) all[m.queue] = queues[queue_number(m.queue)].delays;
    return all;
}

/// The stages of a queue are the distinct delays of its members.
void engine_state::place_restaged(const queue_delays& before, decisions& out) {
    const auto delay = [](const auto& e) { return e.first; };
    for (const auto& [id, delays] : before)
        if (auto& q = queues[queue_number(id)]; !std::ranges::equal(delays, q.delays, {}, delay, delay))
            place_all(q, out);
}

void engine_state::add_agent(const agent_config& config, decisions& out) {
    const auto [it, is_new] = agent_numbers.try_emplace(config.id, static_cast<index_t>(agents.size()));
    const auto agent = it->second;
    if (is_new) {
        agents.emplace_back();
        idle.reserve_agent(agent);
    }
    auto& a = agents[agent];

    const auto before = delays_of({&a.config, &config});
    count_delays(config, 1);
    if (a.known) count_delays(a.config, -1);

    detach(agent);
    a.config = config;
    a.known = true;
    set_profile(agent);
    place_restaged(before, out);
    mark_agent(agent, trigger::configuration);
}

void engine_state::remove_agent(index_t agent, decisions& out) {
    auto& a = agents[agent];
    a.accepts = {};
    refresh(agent);
    end_impossible_offers(agent, out);
    while (!a.items.empty()) {
        const auto slot = a.items.back().slot;
        take_item(agent, slot, false);
        forget(slot);
    }
    const auto before = delays_of({&a.config});
    count_delays(a.config, -1);
    detach(agent);
    if (profiles.drop(a.profile)) eligible.forget_profile(a.profile);
    a = {};
    place_restaged(before, out);
}

void engine_state::put_queue(const queue_config& config, decisions& out) {
    auto& q = queues[queue_number(config.id)];
    const auto ratio = [](const queue_record& r) { return r.known && r.config.order == order_mode::fqr ? 1u : 0u; };
    const bool other_places = q.config.order != config.order || q.config.boost != config.boost ||
                              q.config.due_in != config.due_in || q.config.steps != config.steps;
    const bool reaches_out = !q.config.steps.empty() || !config.steps.empty() ||
                             std::ranges::any_of(queues, [&](const auto& o) { return adds(o, config.id); });
    ratio_queues -= ratio(q);
    q.config = config;
    q.known = true;
    ratio_queues += ratio(q);
    use_policy(config.policy);
    relate_all(q);
    if (other_places) place_all(q, out);
    if (!config.open && config.when_closed != closed_action::wait)
        for (const auto slot : waiting_in(q))
            if (is_shut(slot)) mark_ticket(slot, trigger::configuration);
    if (config.fan_out > 1)
        for (const auto& a : agents)
            for (const auto& i : a.items)
                if (i.state == item_state::offered && &queue_of(i.slot) == &q) watch_ringing(i.slot); // may fan out now
    for (index_t a = 0; a < agents.size(); ++a)
        if (agents[a].known && (reaches_out || is_member(agents[a].config, config.id)))
            mark_agent(a, trigger::configuration);
}

std::expected<void, config_error> engine::put(const queue_config& queue, timestamp now, decisions& out) {
    if (auto fine = check(queue); !fine) return fine;
    state_->advance(now, out);
    state_->put_queue(queue, out);
    state_->rematch(out);
    return {};
}

std::expected<void, config_error> engine::put(const agent_config& agent, timestamp now, decisions& out) {
    if (auto fine = check(agent); !fine) return fine;
    state_->advance(now, out);
    state_->add_agent(agent, out);
    state_->end_impossible_offers(state_->agent_number(agent.id), out); // a skill or a licence may be gone
    state_->rematch(out);
    return {};
}

void engine::remove_queue(queue_id queue, timestamp now, decisions& out) {
    auto& p = *state_;
    p.advance(now, out);
    auto& q = p.queues[p.queue_number(queue)];
    if (q.known && q.config.order == order_mode::fqr) --p.ratio_queues;
    q.known = false;
    p.relate_all(q);
    p.rematch(out);
}

void engine::remove_agent(agent_id agent, timestamp now, decisions& out) {
    auto& p = *state_;
    p.advance(now, out);
    if (const auto a = p.agent_number(agent); a != nobody) p.remove_agent(a, out);
    p.rematch(out);
}

} // namespace switchboard::routing

#include "routing/engine/parts.hpp"

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

checked check(const queue_config& q) {
    if (q.order != order_mode::fifo && q.order != order_mode::aging)
        return wrong("order", "only fifo and aging are supported");
    if (q.policy != agent_policy::longest_idle) return wrong("policy", "only longest_idle is supported");
    if (q.fan_out != 1) return wrong("fan_out", "only one agent can be offered a ticket at a time");
    if (q.ring < seconds{1}) return wrong("ring", "must be at least 1 second");
    if (q.reserve < 0) return wrong("reserve", "must not be negative");
    if (std::ranges::any_of(q.boost, [](seconds s) { return s < seconds{0}; }))
        return wrong("boost", "must not be negative");
    return {};
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
        return wrong("caps", "must not be negative");
    if (std::ranges::any_of(a.skills, [](const skill_level& s) { return s.level < 1 || s.level > 10; }))
        return wrong("skills", "a level must be 1 to 10");
    if (has_twins(a.skills, &skill_level::skill)) return wrong("skills", "a skill stands there twice");
    if (std::ranges::any_of(a.memberships, [](const membership& m) { return m.rank < 0 || m.rank > 254; }))
        return wrong("memberships", "a rank must be 0 to 254");
    if (std::ranges::any_of(a.memberships, [](const membership& m) { return m.delay < seconds{0}; }))
        return wrong("memberships", "a delay must not be negative");
    if (has_twins(a.memberships, &membership::queue)) return wrong("memberships", "a queue stands there twice");
    return {};
}

} // namespace

void engine::parts::relate_profile(index_t profile) {
    for (index_t cls = 0; cls < facts.size(); ++cls) {
        const auto& q = queues[facts[cls].queue];
        if (!q.known) continue;
        if (const auto rank = eligible_rank(profiles[profile], classes.terms(cls), q.config.open))
            eligible.set(cls, profile, rank);
    }
}

void engine::parts::relate_class(index_t cls) {
    const auto& q = queues[facts[cls].queue];
    if (!q.known) return;
    for (index_t p = 0; p < profiles.slots(); ++p)
        if (profiles.live(p))
            if (const auto rank = eligible_rank(profiles[p], classes.terms(cls), q.config.open))
                eligible.set(cls, p, rank);
}

void engine::parts::relate_queue(queue_record& q) {
    for (const auto cls : q.classes) {
        const bool reserved = q.config.reserve > 0 && deferrable_channels.contains(facts[cls].channel);
        reserved_classes += static_cast<std::size_t>(reserved) - static_cast<std::size_t>(facts[cls].reserved);
        facts[cls].reserved = reserved;
        eligible.forget_class(cls);
        relate_class(cls);
    }
}

void engine::parts::place_all(queue_record& q) {
    std::vector<index_t> slots;
    for (const auto cls : q.classes)
        for (const auto slot : room.all(cls)) slots.push_back(slot);
    std::ranges::sort(slots, {}, [this](index_t slot) { return tickets[slot].id; });
    for (const auto slot : slots) {
        unplace(slot);
        place(slot);
    }
}

void engine::parts::count_delays(const agent_config& agent, int change) {
    for (const auto& m : agent.memberships) {
        if (m.delay == seconds{0}) continue;
        auto& delays = queues[queue_number(m.queue)].delays;
        const auto delay = timestamp::duration{m.delay}.count();
        if ((delays[delay] += change) == 0) delays.erase(delay);
    }
}

void engine::parts::add_agent(const agent_config& config) {
    const auto [it, is_new] = agent_numbers.try_emplace(config.id, static_cast<index_t>(agents.size()));
    const auto agent = it->second;
    if (is_new) {
        agents.emplace_back();
        idle.reserve_agent(agent);
    }
    auto& a = agents[agent];

    // The stages of a queue are the distinct delays of its members.
    std::map<queue_id, std::map<std::int64_t, int>> before;
    for (const auto* c : {static_cast<const agent_config*>(&a.config), &config})
        for (const auto& m : c->memberships) before[m.queue] = queues[queue_number(m.queue)].delays;
    count_delays(config, 1);
    if (a.known) count_delays(a.config, -1);
    const auto same_stages = [](const auto& x, const auto& y) {
        return std::ranges::equal(
            x, y, {}, [](const auto& e) { return e.first; }, [](const auto& e) { return e.first; });
    };

    detach(agent);
    a.config = config;
    a.known = true;
    set_profile(agent);
    for (const auto& [id, delays] : before)
        if (auto& q = queues[queue_number(id)]; !same_stages(delays, q.delays)) place_all(q);
    mark_agent(agent, trigger::configuration);
}

void engine::parts::remove_agent(index_t agent, decisions& out) {
    auto& a = agents[agent];
    a.accepts = {};
    refresh(agent);
    end_impossible_offers(agent, out);
    while (!a.items.empty()) {
        const auto slot = a.items.back().slot;
        take_item(agent, slot, false);
        forget(slot);
    }
    count_delays(a.config, -1);
    if (profiles.drop(a.profile)) eligible.forget_profile(a.profile);
    const auto memberships = a.config.memberships;
    a = {};
    for (const auto& m : memberships)
        if (m.delay != seconds{0}) place_all(queues[queue_number(m.queue)]);
}

std::expected<void, config_error> engine::put(const queue_config& queue, timestamp now, decisions& out) {
    if (auto fine = check(queue); !fine) return fine;
    auto& p = *parts_;
    p.advance(now, out);
    auto& q = p.queues[p.queue_number(queue.id)];
    const bool other_order = q.config.order != queue.order || q.config.boost != queue.boost;
    q.config = queue;
    q.known = true;
    p.relate_queue(q);
    if (other_order) p.place_all(q);
    for (index_t a = 0; a < p.agents.size(); ++a)
        if (p.agents[a].known && is_member(p.agents[a].config, queue.id)) p.mark_agent(a, trigger::configuration);
    p.rematch(out);
    return {};
}

std::expected<void, config_error> engine::put(const agent_config& agent, timestamp now, decisions& out) {
    if (auto fine = check(agent); !fine) return fine;
    parts_->advance(now, out);
    parts_->add_agent(agent);
    parts_->end_impossible_offers(parts_->agent_number(agent.id), out); // a skill or a licence may be gone
    parts_->rematch(out);
    return {};
}

void engine::remove_queue(queue_id queue, timestamp now, decisions& out) {
    auto& p = *parts_;
    p.advance(now, out);
    auto& q = p.queues[p.queue_number(queue)];
    q.known = false;
    p.relate_queue(q);
}

void engine::remove_agent(agent_id agent, timestamp now, decisions& out) {
    auto& p = *parts_;
    p.advance(now, out);
    if (const auto a = p.agent_number(agent); a != nobody) p.remove_agent(a, out);
    p.rematch(out);
}

} // namespace switchboard::routing

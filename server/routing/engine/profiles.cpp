#include "routing/engine/profiles.hpp"

#include <algorithm>

namespace switchboard::routing {

namespace {

bool in_force(const licence& l, timestamp now, seconds min_validity) {
    return l.state == licence_state::active && l.from <= now && (!l.until || *l.until > now + min_validity);
}

} // namespace

bool licence_valid(const std::vector<licence>& licences, const licence_term& term, timestamp now,
                   seconds min_validity) {
    return std::ranges::any_of(licences, [&](const licence& l) {
        return l.type == term.type && in_force(l, now, min_validity) &&
               std::ranges::any_of(l.jurisdictions, [&](const auto& j) { return j == "*" || j == term.jurisdiction; });
    });
}

std::optional<timestamp> next_licence_change(const agent_config& agent, timestamp now, seconds min_validity) {
    std::optional<timestamp> next;
    const auto consider = [&](timestamp t) {
        if (t > now && (!next || t < *next)) next = t;
    };
    for (const auto& l : agent.licences) {
        if (l.state != licence_state::active) continue;
        consider(l.from);
        if (l.until) consider(*l.until - min_validity);
    }
    return next;
}

profile profile::of(const agent_config& agent, jurisdiction_names& names, timestamp now, seconds min_validity) {
    profile p;
    p.grade = agent.grade;
    p.memberships = agent.memberships;
    p.skills = agent.skills;
    for (const auto& l : agent.licences)
        if (in_force(l, now, min_validity))
            for (const auto& j : l.jurisdictions) p.licences.emplace_back(l.type, names.number(j));
    std::ranges::sort(p.memberships);
    std::ranges::sort(p.skills);
    std::ranges::sort(p.licences);
    const auto [first, last] = std::ranges::unique(p.licences);
    p.licences.erase(first, last);
    return p;
}

namespace {

const membership* member_of(const profile& p, queue_id queue) {
    const auto found = std::ranges::lower_bound(p.memberships, queue, {}, &membership::queue);
    return found != p.memberships.end() && found->queue == queue ? &*found : nullptr;
}

} // namespace

bool is_suited(const profile& p, const class_terms& terms) {
    if (p.grade < terms.difficulty() || member_of(p, terms.queue()) == nullptr) return false;

    const bool skilled = terms.all_skills([&](skill_id skill, std::int64_t min, std::int64_t max) {
        const auto s = std::ranges::lower_bound(p.skills, skill, {}, &skill_level::skill);
        const auto level = s != p.skills.end() && s->skill == skill ? s->level : 0;
        return level >= min && level <= max;
    });
    return skilled && terms.all_licences([&](licence_type_id type, std::int64_t jurisdiction) {
        return std::ranges::binary_search(p.licences, std::pair{type, jurisdiction}) ||
               std::ranges::binary_search(p.licences, std::pair{type, std::int64_t{0}});
    });
}

std::optional<std::uint8_t> eligible_rank(const profile& p, const class_terms& terms, bool queue_open) {
    if (!queue_open && !deferrable_channels.contains(terms.channel())) return {};
    if (!is_suited(p, terms)) return {};
    const auto& member = *member_of(p, terms.queue());
    if (timestamp::duration{member.delay}.count() > terms.delay_passed()) return {};
    return static_cast<std::uint8_t>(member.rank);
}

profile_table::found profile_table::hold(profile p) {
    const auto known = numbers_.find(p);
    if (known != numbers_.end()) {
        ++refs_[known->second];
        return {known->second, false};
    }
    if (free_.empty()) {
        free_.push_back(static_cast<index_t>(profiles_.size()));
        profiles_.push_back(nullptr);
        refs_.push_back(0);
    }
    const auto number = free_.back();
    free_.pop_back();
    profiles_[number] = &numbers_.emplace(std::move(p), number).first->first;
    refs_[number] = 1;
    return {number, true};
}

bool profile_table::drop(index_t number) {
    if (--refs_[number] != 0) return false;
    numbers_.erase(numbers_.find(*profiles_[number]));
    profiles_[number] = nullptr;
    free_.push_back(number);
    return true;
}

} // namespace switchboard::routing

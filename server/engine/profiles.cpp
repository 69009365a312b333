#include "engine/profiles.hpp"

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
    p.takes_work = agent.takes_work;
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

namespace {

int level_of(const profile& p, skill_id skill) {
    const auto s = std::ranges::lower_bound(p.skills, skill, {}, &skill_level::skill);
    return s != p.skills.end() && s->skill == skill ? s->level : 0;
}

bool meets(const profile& p, const demand::skill_term& need) {
    const auto level = level_of(p, need.skill);
    return level >= need.min && level <= need.max;
}

bool holds(const profile& p, const std::pair<licence_type_id, std::int64_t>& term) {
    return std::ranges::binary_search(p.licences, term) ||
           std::ranges::binary_search(p.licences, std::pair{term.first, std::int64_t{0}});
}

bool is_skilled(const profile& p, const demand& d) {
    return std::ranges::all_of(d.skills, [&](const auto& need) { return meets(p, need); });
}

bool is_licensed(const profile& p, const demand& d) {
    return std::ranges::all_of(d.licences, [&](const auto& term) { return holds(p, term); });
}

bool is_member(const profile& p, const demand& d) {
    return member_of(p, d.queue) != nullptr ||
           std::ranges::any_of(d.added, [&](queue_id q) { return member_of(p, q) != nullptr; });
}

/// The lowest rank of a membership that sees the ticket by now. Those of added queues see it at once.
std::optional<std::uint8_t> seen_by(const profile& p, const demand& d) {
    std::optional<std::uint8_t> rank;
    const auto consider = [&](const membership& m) {
        rank = std::min(rank.value_or(255), static_cast<std::uint8_t>(m.rank));
    };
    if (const auto* m = member_of(p, d.queue); m != nullptr && timestamp::duration{m->delay}.count() <= d.delay_passed)
        consider(*m);
    for (const auto q : d.added)
        if (const auto* m = member_of(p, q)) consider(*m);
    return rank;
}

std::uint32_t score_of(const profile& p, const demand& d, agent_policy policy) {
    std::int64_t levels = 0, surplus = 0;
    for (const auto& need : d.skills) {
        levels += level_of(p, need.skill);
        surplus += level_of(p, need.skill) - need.min;
    }
    // Never 0, so that the class gets a row of scores.
    if (policy == agent_policy::best_skill) return static_cast<std::uint32_t>(most_skill_points - levels);
    if (policy == agent_policy::least_overqualified)
        return static_cast<std::uint32_t>((p.grade - d.difficulty + 1) * most_skill_points + surplus);
    return 0;
}

} // namespace

bool is_suited(const profile& p, const demand& d) {
    return p.takes_work && p.grade >= d.difficulty && is_member(p, d) && is_skilled(p, d) && is_licensed(p, d);
}

std::optional<standing> standing_of(const profile& p, const demand& d, agent_policy policy) {
    if (!is_suited(p, d)) return {};
    const auto rank = seen_by(p, d);
    if (!rank) return {};
    return standing{*rank, score_of(p, d, policy)};
}

std::vector<shortfall> lacks_of(const profile& p, const demand& d, const jurisdiction_names& names) {
    std::vector<shortfall> out;
    for (const auto& need : d.skills)
        if (!meets(p, need))
            out.push_back({.id = need.skill,
                           .min = static_cast<int>(need.min),
                           .max = need.max < INT_MAX ? std::optional{static_cast<int>(need.max)} : std::nullopt,
                           .level = level_of(p, need.skill)});
    for (const auto& term : d.licences)
        if (!holds(p, term))
            out.push_back({.what = exclusion::licence, .id = term.first, .jurisdiction = names.name(term.second)});
    return out;
}

exclusions exclusions_of(const profile& p, const demand& d) {
    exclusions all;
    if (!is_member(p, d))
        all.insert(exclusion::no_member);
    else if (!seen_by(p, d))
        all.insert(exclusion::delay);
    if (!p.takes_work) all.insert(exclusion::role);
    if (!is_skilled(p, d)) all.insert(exclusion::skill);
    if (!is_licensed(p, d)) all.insert(exclusion::licence);
    if (p.grade < d.difficulty) all.insert(exclusion::grade);
    return all;
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

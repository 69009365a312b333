#include "engine/classes.hpp"

#include <algorithm>
#include <utility>

namespace switchboard::routing {

std::int64_t jurisdiction_names::number(std::string_view name) {
    const auto it = numbers_.find(name);
    if (it != numbers_.end()) return it->second;
    const auto n = static_cast<std::int64_t>(numbers_.size());
    numbers_.emplace(name, n);
    return n;
}

std::string jurisdiction_names::name(std::int64_t number) const {
    const auto it = std::ranges::find_if(numbers_, [&](const auto& known) { return known.second == number; });
    return it == numbers_.end() ? std::string{} : it->first;
}

namespace {

std::uint64_t hash_of(std::span<const std::int64_t> r) {
    std::uint64_t h = 0xcbf29ce484222325u;
    for (const auto v : r) {
        h = (h ^ static_cast<std::uint64_t>(v)) * 0x9E3779B97F4A7C15u;
        h ^= h >> 32;
    }
    return h;
}

} // namespace

class_table::found class_table::of(const waiting_ticket& t, std::int64_t delay_passed) {
    scratch_.assign({t.queue, static_cast<std::int64_t>(lane_of(t.channel, t.left_message)), t.difficulty, delay_passed,
                     std::max(t.step, 0), static_cast<std::int64_t>(t.skills.size())});
    const auto append_sorted = [this](std::size_t width) {
        std::ranges::sort(sorted_);
        for (const auto& s : sorted_)
            scratch_.insert(scratch_.end(), s.begin(), s.begin() + static_cast<std::ptrdiff_t>(width));
    };
    sorted_.clear();
    for (const auto& s : t.skills) sorted_.push_back({s.skill, s.min, s.max.value_or(INT_MAX)});
    append_sorted(3);
    sorted_.clear();
    for (const auto& l : t.licences) sorted_.push_back({l.type, names_.number(l.jurisdiction), 0});
    append_sorted(2);
    return intern();
}

demand class_terms::after(std::span<const relaxation_step> steps) const {
    demand d{.queue = queue(),
             .channel = channel(),
             .difficulty = static_cast<int>(row_[2]),
             .delay_passed = delay_passed()};
    const auto skills = static_cast<std::size_t>(row_[5]);
    for (std::size_t i = 0; i < skills; ++i) d.skills.push_back({row_[6 + 3 * i], row_[7 + 3 * i], row_[8 + 3 * i]});
    for (std::size_t i = 6 + 3 * skills; i < row_.size(); i += 2) d.licences.emplace_back(row_[i], row_[i + 1]);

    for (const auto& s : steps.first(std::min(static_cast<std::size_t>(step()), steps.size())))
        for (const auto& m : s.mutations) switch (m.what) {
            case mutation::kind::drop_skill:
                std::erase_if(d.skills, [&](const auto& t) { return t.skill == m.skill; });
                break;
            case mutation::kind::set_min:
                for (auto& t : d.skills)
                    if (t.skill == m.skill) t.min = m.value;
                break;
            case mutation::kind::widen_grade:
                d.difficulty = std::max(0, d.difficulty - m.value);
                break;
            case mutation::kind::add_queue:
                d.added.push_back(m.queue);
                break;
            case mutation::kind::raise_priority:
                d.priority_up += m.value;
                break;
            case mutation::kind::raise_tier:
                d.tiers_up += m.value;
                break;
            case mutation::kind::ask_supervisors:
                d.added.push_back(supervisors);
                break;
            case mutation::kind::overflow: // the ticket is in the other queue then
            case mutation::kind::callback: // and does not wait here
            case mutation::kind::voicemail:
                break;
            }
    return d;
}

class_table::found class_table::with(index_t cls, std::size_t at, std::int64_t value) {
    scratch_ = rows_[cls];
    scratch_[at] = value;
    return intern();
}

class_table::found class_table::in_queue(index_t cls, queue_id queue) {
    scratch_ = rows_[cls];
    scratch_[0] = queue;
    scratch_[delay_at] = scratch_[step_at] = 0;
    return intern();
}

void class_table::insert(std::uint64_t hash, index_t cls) {
    auto at = hash & (cells_.size() - 1);
    while (cells_[at].cls != nobody) at = (at + 1) & (cells_.size() - 1);
    cells_[at] = {hash, cls};
}

void class_table::erase(std::uint64_t hash, index_t cls) {
    const auto mask = cells_.size() - 1;
    auto hole = hash & mask;
    while (cells_[hole].cls != cls) hole = (hole + 1) & mask;
    for (auto at = (hole + 1) & mask; cells_[at].cls != nobody; at = (at + 1) & mask)
        if (((at - cells_[at].hash) & mask) >= ((at - hole) & mask)) {
            cells_[hole] = cells_[at];
            hole = at;
        }
    cells_[hole] = {};
}

class_table::found class_table::intern() {
    const auto hash = hash_of(scratch_);
    for (auto at = hash & (cells_.size() - 1); cells_[at].cls != nobody; at = (at + 1) & (cells_.size() - 1))
        if (cells_[at].hash == hash && rows_[cells_[at].cls] == scratch_) return {cells_[at].cls, false, false};

    if (rows_.size() >= limit_) {
        for (std::size_t step = 0; step < rows_.size(); ++step) {
            hand_ = static_cast<index_t>((hand_ + 1) % rows_.size());
            if (refs_[hand_] != 0) continue;
            erase(hash_of(rows_[hand_]), hand_);
            rows_[hand_] = scratch_;
            insert(hash, hand_);
            return {hand_, true, true};
        }
    }
    const auto cls = static_cast<index_t>(rows_.size());
    rows_.push_back(scratch_);
    refs_.push_back(0);
    if (rows_.size() * 2 > cells_.size()) {
        const auto old = std::exchange(cells_, std::vector<cell>(cells_.size() * 2));
        for (const auto& c : old)
            if (c.cls != nobody) insert(c.hash, c.cls);
    }
    insert(hash, cls);
    return {cls, true, false};
}

} // namespace switchboard::routing

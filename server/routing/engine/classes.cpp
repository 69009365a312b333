#include "routing/engine/classes.hpp"

#include <algorithm>

namespace switchboard::routing {

std::int64_t jurisdiction_names::number(std::string_view name) {
    const auto it = numbers_.find(name);
    if (it != numbers_.end()) return it->second;
    const auto n = static_cast<std::int64_t>(numbers_.size());
    numbers_.emplace(name, n);
    return n;
}

std::size_t class_table::row_hash::operator()(std::span<const std::int64_t> r) const {
    std::uint64_t h = 0xcbf29ce484222325u;
    for (const auto v : r) {
        h = (h ^ static_cast<std::uint64_t>(v)) * 0x9E3779B97F4A7C15u;
        h ^= h >> 32;
    }
    return h;
}

bool class_table::row_equal::operator()(std::span<const std::int64_t> a, std::span<const std::int64_t> b) const {
    return std::ranges::equal(a, b);
}

class_table::found class_table::of(const waiting_ticket& t, std::int64_t delay_passed) {
    scratch_.assign({t.queue, static_cast<std::int64_t>(t.channel), t.difficulty, delay_passed,
                     static_cast<std::int64_t>(t.skills.size())});
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

class_table::found class_table::with_delay(index_t cls, std::int64_t delay_passed) {
    scratch_ = *rows_[cls];
    scratch_[3] = delay_passed;
    return intern();
}

class_table::found class_table::intern() {
    const auto it = numbers_.find(std::span<const std::int64_t>{scratch_});
    if (it != numbers_.end()) return {it->second, false, false};

    if (rows_.size() >= limit_) {
        for (std::size_t step = 0; step < rows_.size(); ++step) {
            hand_ = static_cast<index_t>((hand_ + 1) % rows_.size());
            if (refs_[hand_] != 0) continue;
            numbers_.erase(numbers_.find(std::span<const std::int64_t>{*rows_[hand_]}));
            rows_[hand_] = &numbers_.emplace(scratch_, hand_).first->first;
            return {hand_, true, true};
        }
    }
    const auto cls = static_cast<index_t>(rows_.size());
    rows_.push_back(&numbers_.emplace(scratch_, cls).first->first);
    refs_.push_back(0);
    return {cls, true, false};
}

} // namespace switchboard::routing

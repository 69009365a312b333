#pragma once

#include "unit/engine/describe.hpp"
#include "unit/engine/oracle.hpp"

#include <switchboard/engine/engine.hpp>

#include <fmt/ranges.h>

#include <functional>

namespace switchboard::routing {

inline std::vector<std::string> in_words(const decisions& list) {
    std::vector<std::string> words;
    for (const auto& d : list) words.push_back(describe(d));
    return words;
}

/// Something that happens to a contact center, so that it can be told again to another.
struct happening {
    timestamp at{};
    std::string what;
    std::function<void(oracle&, timestamp, decisions&)> to_oracle;
    std::function<void(engine&, timestamp, decisions&)> to_engine;
};

/// The oracle and two engines that are told the same.
class trial {
public:
    explicit trial(const engine_settings& settings) : oracle_(settings), engine_(settings), replay_(settings) {}

    void tell(const happening& h) {
        if (!problem_.empty()) return;
        decisions expected, real, again;
        h.to_oracle(oracle_, h.at, expected);
        h.to_engine(engine_, h.at, real);
        h.to_engine(replay_, h.at, again);
        story_ +=
            fmt::format("\n{} {} -> {}", h.at.time_since_epoch().count(), h.what, fmt::join(in_words(expected), "; "));
        if (in_words(expected) != in_words(real))
            problem_ = fmt::format("{}\nexpected {}\nreal     {}", story_, fmt::join(in_words(expected), "; "),
                                   fmt::join(in_words(real), "; "));
        else if (in_words(real) != in_words(again))
            problem_ = story_ + "\nreplay differs";
        else if (const auto broken = oracle_.violations(); !broken.empty())
            problem_ = fmt::format("{}\nbroken: {}", story_, fmt::join(broken, "; "));
        else
            compare_state();
        if (problem_.empty() && ++told_ % 8 == 0) compare_explanations(h.at);
        for (const auto& d : real) ++kinds_[d.index()];
    }
    /// The first difference or broken promise in words; empty if there was none.
    [[nodiscard]] const std::string& problem() const { return problem_; }
    /// How many decisions of each kind there were.
    [[nodiscard]] const std::map<std::size_t, std::size_t>& kinds() const { return kinds_; }
    [[nodiscard]] const oracle& truth() const { return oracle_; }

private:
    void compare_state() {
        std::map<queue_id, queue_counts> counts;
        std::map<agent_id, std::pair<std::size_t, std::vector<ticket_id>>> held;
        for (const auto& [id, j] : oracle_.jobs()) {
            auto& c = counts[j.ticket.queue];
            if (j.state == oracle::where::waiting) {
                ++c.waiting;
                c.oldest = std::min(c.oldest.value_or(j.ticket.enqueued_at), j.ticket.enqueued_at);
            } else if (j.state == oracle::where::scheduled) {
                ++c.scheduled;
            } else if (j.state == oracle::where::offered) {
                ++c.offered;
                for (const auto& h : j.hands) ++held[h.agent].first;
            } else {
                held[j.hands.front().agent].second.push_back(id);
            }
        }
        for (queue_id q = 1; q <= 4; ++q) {
            const auto c = engine_.counts(q);
            if (c.waiting != counts[q].waiting || c.offered != counts[q].offered || c.oldest != counts[q].oldest ||
                c.scheduled != counts[q].scheduled)
                problem_ = fmt::format("{}\nqueue {}: waiting {} expected {}, offered {} {}, scheduled {} {}", story_,
                                       q, c.waiting, counts[q].waiting, c.offered, counts[q].offered, c.scheduled,
                                       counts[q].scheduled);
        }
        for (const auto& [id, p] : oracle_.people()) {
            const auto view = engine_.agent(id).value();
            std::vector<ticket_id> items;
            for (const auto& i : view.items) items.push_back(i.ticket);
            if (view.accepts != p.accepts || view.offered != held[id].first || items != held[id].second)
                problem_ = fmt::format("{}\nagent {} differs", story_, id);
        }
    }

    void compare_explanations(timestamp now) {
        for (const auto& [id, j] : oracle_.jobs()) {
            const auto e = engine_.explain(id, now);
            if (e.has_value() != (j.state == oracle::where::waiting))
                problem_ = story_ + "\nexplains who does not wait";
            if (!e || !problem_.empty()) continue;
            std::vector<agent_id> could;
            for (const auto& a : e->could) could.push_back(a.agent);
            if (could != oracle_.could_take(j) || e->step != j.ticket.step || e->queue != j.ticket.queue ||
                e->held_for.value_or(0) != j.holder)
                problem_ = fmt::format("{}\nexplanation of {} differs: {}", story_, id, fmt::join(could, " "));
        }
    }

    oracle oracle_;
    engine engine_, replay_;
    std::map<std::size_t, std::size_t> kinds_;
    std::size_t told_ = 0;
    std::string problem_, story_;
};

/// Leaves out of the happenings what is not needed for `fails`: first halves, then ever smaller parts.
template <class Fails>
std::vector<happening> shrunk(std::vector<happening> all, Fails&& fails) {
    for (auto part = all.size() / 2; part > 0; part /= 2)
        for (std::size_t from = 0; from < all.size();) {
            auto fewer = all;
            const auto at = fewer.begin() + static_cast<std::ptrdiff_t>(from);
            fewer.erase(at, at + static_cast<std::ptrdiff_t>(std::min(part, all.size() - from)));
            if (fails(fewer))
                all = std::move(fewer);
            else
                from += part;
        }
    return all;
}

} // namespace switchboard::routing

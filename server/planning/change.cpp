#include <switchboard/engine/from_rows.hpp>
#include <switchboard/planning/what_if.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace switchboard::routing {

namespace {

using errors = std::vector<config_error>;

constexpr std::int64_t most_colleagues = 1000;

std::optional<week> week_of(const std::vector<what_if_opening>& open) {
    week out;
    for (const auto& o : open) {
        if (o.from_hour < 0 || o.until_hour > 24 || o.from_hour >= o.until_hour) return {};
        for (const auto day : o.days) {
            if (day < 1 || day > 7) return {};
            for (auto h = o.from_hour; h < o.until_hour; ++h) out.set(static_cast<std::size_t>((day - 1) * 24 + h));
        }
    }
    return out;
}

/// One change after the other; what cannot be is collected.
class changer {
public:
    explicit changer(live_center c) : center_{std::move(c)} {}

    void arrivals(double factor, std::optional<queue_id> queue, const std::string& field) {
        if (!(factor >= 0) || factor > 1000) return complain(field, "must be a factor of at least 0 and at most 1000");
        for (auto& s : center_.streams)
            if (!queue || s.terms.queue == *queue)
                for (auto& n : s.per_hour) n *= factor;
    }

    void skills(agent_config& a, const std::vector<what_if_skill>& wanted, const std::string& field) {
        for (const auto& w : wanted) {
            if (w.level < 0 || w.level > 10) {
                complain(field, "has a level that is not 0 to 10");
                continue;
            }
            std::erase_if(a.skills, [&](const auto& s) { return s.skill == w.skill_id; });
            if (w.level > 0) a.skills.push_back({w.skill_id, static_cast<int>(w.level)});
        }
    }

    void agent(const what_if_agent& w, const std::string& field) {
        const auto at = std::ranges::find(center_.agents, w.agent_id, [](const auto& a) { return a.config.id; });
        if (at == center_.agents.end()) return complain(field, "there is no such active agent");
        if (w.absent) at->there.reset();
        skills(at->config, w.skills, field + ".skills");
        if (w.grade) at->config.grade = static_cast<int>(*w.grade);
        auto& member = at->config.memberships;
        for (const auto q : w.leave) std::erase_if(member, [q](const auto& m) { return m.queue == q; });
        for (const auto q : w.join) {
            if (!queue_at(q)) {
                complain(field + ".join", "names a queue that there is not");
                continue;
            }
            std::erase_if(member, [q](const auto& m) { return m.queue == q; });
            member.push_back({.queue = q});
        }
        if (w.hours) hours(at->there, *w.hours, field + ".hours");
    }

    void colleagues(const what_if_colleagues& w, const std::string& field) {
        const auto like = std::ranges::find(center_.agents, w.like_agent_id, [](const auto& a) { return a.config.id; });
        if (like == center_.agents.end()) return complain(field, "there is no such active agent");
        if (w.count < 1 || w.count > most_colleagues)
            return complain(field + ".count", fmt::format("must be 1 to {}", most_colleagues));
        auto made = *like;
        skills(made.config, w.skills, field + ".skills");
        const auto name = made.name;
        for (std::int64_t i = 1; i <= w.count; ++i) {
            made.config.id = -++added_; // nobody real has such an id
            made.name = fmt::format("like {} ({})", name, i);
            center_.agents.push_back(made);
        }
    }

    void queue(const what_if_queue& w, const std::string& field) {
        auto* q = queue_at(w.queue_id);
        if (q == nullptr) return complain(field, "there is no such queue");
        if (w.arrivals) arrivals(*w.arrivals, w.queue_id, field + ".arrivals");
        if (w.handling) handling(*w.handling, w.queue_id, field + ".handling");
        auto& c = q->config;
        if (w.max_waiting) c.max_waiting = static_cast<int>(*w.max_waiting);
        if (w.max_waiting && *w.max_waiting < 0) c.max_waiting.reset();
        if (w.overflow_queue_id) c.overflow = *w.overflow_queue_id;
        if (c.overflow != 0 && !queue_at(c.overflow)) complain(field + ".overflow", "names a queue that there is not");
        if (w.idle_reserve) c.reserve = static_cast<int>(*w.idle_reserve);
        if (w.boost_s) c.boost = queue_config::linear_boost(seconds{*w.boost_s});
        if (w.sla_target_s) c.due_in = seconds{*w.sla_target_s};
        if (w.fqr_percent) c.fqr_share = static_cast<double>(*w.fqr_percent) / 100;
        if (w.interruptible) c.interruptible = *w.interruptible != 0;
        if (w.open) hours(q->open, *w.open, field + ".open");
        if (w.order_mode) c.order = *w.order_mode;
        if (w.agent_policy) c.policy = *w.agent_policy;
        if (w.closed_action) c.when_closed = *w.closed_action;
        if (w.steps) c.steps = to_steps(*w.steps);
    }

    std::expected<live_center, errors> finish() && {
        if (!wrong_.empty()) return std::unexpected(std::move(wrong_));
        return std::move(center_);
    }

private:
    void complain(std::string field, std::string message) { wrong_.push_back({std::move(field), std::move(message)}); }

    live_queue* queue_at(queue_id id) {
        const auto at = std::ranges::find(center_.queues, id, [](const auto& q) { return q.config.id; });
        return at == center_.queues.end() ? nullptr : &*at;
    }

    void handling(double factor, queue_id queue, const std::string& field) {
        if (!(factor > 0) || factor > 1000) return complain(field, "must be a factor above 0 and at most 1000");
        for (auto& s : center_.streams)
            if (s.terms.queue == queue) s.handle.mean *= factor;
    }

    void hours(week& to, const std::vector<what_if_opening>& open, const std::string& field) {
        if (const auto w = week_of(open))
            to = *w;
        else
            complain(field, "must have days 1 (Monday) to 7 and whole hours, from before until");
    }

    live_center center_;
    errors wrong_;
    std::int64_t added_ = 0;
};

} // namespace

std::expected<live_center, errors> changed(live_center center, const what_if& w) {
    changer c{std::move(center)};
    c.arrivals(w.arrivals, {}, "arrivals");
    for (std::size_t i = 0; i < w.agents.size(); ++i) c.agent(w.agents[i], fmt::format("agents[{}]", i));
    for (std::size_t i = 0; i < w.colleagues.size(); ++i)
        c.colleagues(w.colleagues[i], fmt::format("colleagues[{}]", i));
    for (std::size_t i = 0; i < w.queues.size(); ++i) c.queue(w.queues[i], fmt::format("queues[{}]", i));
    return std::move(c).finish();
}

} // namespace switchboard::routing

#include "planning/center.hpp"

#include <switchboard/engine/from_rows.hpp>
#include <switchboard/planning/what_if.hpp>
#include <switchboard/sla/business_hours.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace switchboard::routing {

namespace {

constexpr std::int64_t enough = 5; // as many handling times make a distribution of their own
constexpr double assumed_handle_s = 300;

struct measured {
    double count = 0, sum = 0, squares = 0;

    void add(const recorded_handling& h) {
        const auto n = static_cast<double>(h.count);
        count += n;
        sum += n * h.mean_s;
        squares += n * (h.mean_s * h.mean_s) + (n - 1) * h.variance_s2;
    }
    [[nodiscard]] random_time time() const {
        const double mean = std::max(1.0, sum / count);
        if (count < static_cast<double>(enough)) return {mean, 1};
        return {mean, std::clamp((squares / count - mean * mean) / (mean * mean), 0.02, 25.0)};
    }
};

random_time handling_of(const recorded_traffic& t, std::int64_t queue, const std::string& channel, bool& assumed) {
    measured here, same_channel;
    for (const auto& h : t.handling) {
        if (h.channel != channel) continue;
        same_channel.add(h);
        if (h.queue == queue) here.add(h);
    }
    if (here.count >= static_cast<double>(enough)) return here.time();
    if (same_channel.count > 0) return same_channel.time();
    assumed = true;
    return {assumed_handle_s, 1};
}

/// Of exponential patience the waits of all, divided by those who left, are the likeliest mean (Brown et al. 2005).
std::optional<random_time> patience_of(const recorded_traffic& t, std::int64_t queue, const std::string& channel) {
    if (channel != "chat") return {};
    for (const auto& p : t.patience)
        if (p.queue == queue && p.left > 0)
            return random_time{std::max(1.0, p.waited_s / static_cast<double>(p.left)), 1};
    return {};
}

void staff(live_center& c, const recorded_traffic& t) {
    bool anybody = false;
    for (auto& a : c.agents) {
        const auto seen = std::ranges::find(t.presence, a.config.id, &recorded_presence::agent);
        if (seen == t.presence.end()) continue;
        for (std::size_t h = 0; h < hours_of_week; ++h)
            a.there[h] = t.covered_s[h] > 0 && seen->ready_s[h] >= t.covered_s[h] / 2;
        anybody = anybody || a.there.any();
    }
    if (anybody)
        return c.notes.emplace_back("Agents are there in the hours of the week in which they were ready."), void();
    for (auto& a : c.agents) a.there.set();
    c.notes.emplace_back("Nobody was ready for half of an hour: every agent counts as there all the time.");
}

/// An hour is open if its middle is, in the first week of the record.
week opening_of(const routing_queue& q, const recorded_traffic& t) {
    week out;
    for (std::size_t h = 0; h < hours_of_week; ++h) {
        const auto later = std::chrono::hours{(h + hours_of_week - t.first_hour) % hours_of_week};
        const auto middle = std::chrono::floor<std::chrono::hours>(t.from) + later + std::chrono::minutes{30};
        out[h] = !q.open || q.open->open_at(middle);
    }
    return out;
}

} // namespace

live_stream stream_of(const recorded_traffic& t, const recorded_stream& s, std::vector<std::string>& notes) {
    routing_ticket row;
    row.queue = s.queue;
    row.channel = s.channel;
    row.skills = s.skills;
    row.licences = s.licences;
    row.difficulty = s.difficulty;
    row.tier = s.tier;
    row.priority = s.priority;
    live_stream out;
    out.terms = to_engine(row).value_or(waiting_ticket{});
    bool assumed = false;
    out.handle = handling_of(t, s.queue, s.channel, assumed);
    out.patience = patience_of(t, s.queue, s.channel);
    const auto note =
        fmt::format("No handling time of {} is recorded: {:.0f} s are assumed.", s.channel, assumed_handle_s);
    if (assumed && std::ranges::find(notes, note) == notes.end()) notes.push_back(note);
    return out;
}

live_center center_of(const recorded_traffic& t) {
    live_center c;
    c.recorded_from = t.from;
    c.recorded_until = t.until;
    c.time_zone = t.time_zone;
    for (const auto& q : t.configuration.queues)
        c.queues.push_back({to_engine(q, t.until), q.name, q.active ? opening_of(q, t) : week{}});
    for (const auto& a : t.configuration.agents) {
        if (!a.takes_work) continue;
        const auto name = t.agents.find(a.id);
        c.agents.push_back({to_engine(a), name == t.agents.end() ? std::string{} : name->second, {}});
    }
    staff(c, t);
    for (std::size_t i = 0; i < hours_of_week; ++i) {
        const auto h = (t.first_hour + i) % hours_of_week;
        if (t.covered_s[h] > 0) c.hours.push_back(h);
    }
    for (const auto& s : t.streams) {
        auto made = stream_of(t, s, c.notes);
        for (std::size_t h = 0; h < hours_of_week; ++h)
            if (t.covered_s[h] > 0) made.per_hour[h] = s.arrivals[h] * hour_s / t.covered_s[h];
        c.streams.push_back(std::move(made));
    }
    if (std::ranges::none_of(c.streams, [](const auto& s) { return s.patience.has_value(); }))
        c.notes.emplace_back("Nobody is known to have left unanswered: all customers wait until they are served.");
    c.notes.emplace_back("Every offer is accepted at once; declined, missed and transferred work is not repeated.");
    return c;
}

} // namespace switchboard::routing

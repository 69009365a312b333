#include "planning/replication.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace switchboard::routing {

namespace {

constexpr int full_agent = 1'000'000;

std::optional<time_source> source(const random_time& t, const scenario& s, int number, std::size_t cls, purpose p) {
    return time_source(t, stream(s.seed, static_cast<std::uint32_t>(number / 2),
                                 static_cast<std::uint32_t>(cls * purposes + p), number % 2 == 1));
}

/// Whole queues are often equally far above their shares; then the class that stands first is served.
double share_of(const customer_class& cls, std::size_t place) {
    constexpr double nothing = 1e-10;
    return std::min(1.0, cls.queue_share.value_or(0) + nothing * static_cast<double>(place));
}

} // namespace

replication::replication(const scenario& s, int number)
    : scenario_(s), limit_(2 * s.horizon_s), classes_(s.classes.size()), busy_s_(s.agents.size()) {
    for (std::size_t c = 0; c < classes_.size(); ++c) {
        const auto& from = s.classes[c];
        auto& to = classes_[c];
        if (!from.endless) to.gap = source(from.gap, s, number, c, gaps);
        to.handle = source(from.handle, s, number, c, handling);
        if (from.patience) to.patience = source(*from.patience, s, number, c, patience);
    }
}

timestamp replication::engine_time(double t) const {
    return timestamp{timestamp::duration{static_cast<std::int64_t>(t * 1e6)}};
}

/// A queue for each class, since the share, the order and what may be interrupted are a queue's; eligibility comes from
/// the skills alone.
std::expected<void, config_error> replication::open() {
    const auto start = engine_time(0);
    std::map<std::string, skill_id> skills;
    const auto skill_number = [&](const std::string& name) {
        return skills.try_emplace(name, static_cast<skill_id>(skills.size()) + 1).first->second;
    };
    std::vector<membership> everywhere;
    for (std::size_t c = 0; c < classes_.size(); ++c) {
        const auto& from = scenario_.classes[c];
        queue_config q{.id = static_cast<queue_id>(c) + 1,
                       .order = scenario_.order,
                       .policy = scenario_.policy,
                       .ring = seconds{1}, // never waited for: an offer is accepted in the moment it is made
                       .reserve = scenario_.idle_reserve,
                       .interruptible = from.interruptible,
                       .fqr_share = share_of(from, c)};
        if (auto fine = engine_.put(q, start, out_); !fine) return fine;
        everywhere.push_back({.queue = q.id});
        auto& ticket = classes_[c].ticket;
        ticket.queue = q.id;
        ticket.channel = from.channel;
        ticket.tier = from.tier;
        ticket.priority = from.priority;
        for (const auto& [name, min] : from.skills) ticket.skills.push_back({.skill = skill_number(name), .min = min});
    }

    channel_set channels;
    for (const auto& c : scenario_.classes) channels.insert(c.channel);
    for (std::size_t g = 0; g < scenario_.agents.size(); ++g) {
        const auto& from = scenario_.agents[g];
        agent_config a{.memberships = everywhere, .units = full_agent};
        for (const auto& [name, level] : from.skills) a.skills.push_back({skill_number(name), level});
        for (std::size_t ch = 0; ch < channel_count; ++ch)
            a.caps[ch] = {from.channels[ch], full_agent / std::max(1, from.channels[ch])};
        for (int i = 0; i < from.count; ++i) {
            agents_.push_back({.group = g});
            a.id = static_cast<agent_id>(agents_.size());
            if (auto fine = engine_.put(a, start, out_); !fine) return fine;
            engine_.presence(a.id, channels, start, out_);
        }
    }
    engine_.start(start, out_);
    return {};
}

replication::slot replication::make_customer(std::uint32_t cls) {
    if (free_.empty()) {
        free_.push_back(static_cast<slot>(classes_.size() + customers_.size()));
        if (free_.back() >= slot_mask) throw std::length_error("more than 16 million customers wait at once");
        customers_.emplace_back();
    }
    const auto s = free_.back();
    free_.pop_back();
    auto& c = at(s);
    c = {};
    c.cls = cls;
    c.arrived = now_;
    c.handle = classes_[cls].handle->draw();
    c.ticket = static_cast<ticket_id>(++arrivals_) << slot_bits | s; // ids ascend, so that ties keep the order
    return s;
}

void replication::arrive(std::uint32_t cls) {
    auto& k = classes_[cls];
    const auto& from = scenario_.classes[cls];
    events_.set(cls, now_ + k.gap->draw());
    const auto s = make_customer(cls);
    const auto patience = k.patience ? k.patience->draw() : 0.0; // drawn for all, so that the stream does not shift
    auto& c = at(s);
    c.counted = in_window(now_);
    if (c.counted) {
        ++k.counted.offered;
        ++open_counted_;
    }
    k.ticket.id = c.ticket;
    k.ticket.enqueued_at = engine_time(now_);
    k.ticket.due_at = engine_time(now_ + scenario_.service_level_s);
    engine_.waiting(k.ticket, k.ticket.enqueued_at, out_);
    obey();
    if (at(s).stage != stage::arriving) return; // answered at once

    const bool full = (from.max_waiting && k.waiting >= *from.max_waiting) ||
                      (scenario_.max_waiting_total && waiting_ >= *scenario_.max_waiting_total);
    at(s).stage = stage::waiting;
    ++k.waiting;
    ++waiting_;
    if (full) {
        if (at(s).counted) ++k.counted.blocked;
        leave_unserved(s);
    } else if (k.patience)
        events_.set(s, now_ + patience);
}

void replication::add_endless(std::uint32_t cls) {
    const auto s = make_customer(cls);
    at(s).stage = stage::waiting;
    auto& ticket = classes_[cls].ticket;
    ticket.id = at(s).ticket;
    ticket.enqueued_at = engine_time(limit_ + 1); // behind everybody who comes while the run lasts
    ticket.due_at = engine_time(limit_ + 1 + scenario_.service_level_s);
    engine_.waiting(ticket, engine_time(now_), out_);
}

/// Blocked, or out of patience.
void replication::leave_unserved(slot s) {
    auto& c = at(s);
    --classes_[c.cls].waiting;
    --waiting_;
    if (c.counted) --open_counted_;
    engine_.gone(c.ticket, engine_time(now_), out_);
    events_.cancel(s);
    free_.push_back(s);
    obey();
}

void replication::finish(slot s) {
    const auto c = at(s);
    if (in_window(now_)) ++classes_[c.cls].counted.served;
    take_off(s);
    free_.push_back(s);
    engine_.released(c.ticket, c.agent + 1, engine_time(now_), out_);
    obey();
}

void replication::obey() {
    for (std::size_t i = 0; i < out_.size(); ++i) {
        if (const auto* offer = std::get_if<make_offer>(&out_[i])) {
            if (engine_.offered_to(offer->ticket) == offer->agent) begin(offer->ticket, offer->agent);
        } else if (const auto* parked = std::get_if<park_item>(&out_[i]))
            park(slot_of(parked->ticket));
        else if (const auto* resumed = std::get_if<resume_item>(&out_[i]))
            resume(slot_of(resumed->ticket));
        else if (!std::holds_alternative<end_offer>(out_[i])) // an offer that other work pushed aside is made again
            throw std::logic_error("the engine decided what cannot happen where nobody declines");
    }
    out_.clear();
}

void replication::begin(ticket_id ticket, agent_id agent) {
    engine_.accepted(ticket, agent, engine_time(now_), out_);
    const auto s = slot_of(ticket);
    auto& c = at(s);
    auto& k = classes_[c.cls];
    const auto cls = c.cls;
    const auto& from = scenario_.classes[cls];
    if (!from.endless) {
        const bool had_to_wait = c.stage == stage::waiting;
        if (had_to_wait) {
            --k.waiting;
            --waiting_;
        }
        if (c.counted) {
            const double wait = had_to_wait ? now_ - c.arrived : 0;
            --open_counted_;
            ++k.counted.answered;
            k.counted.waited += had_to_wait ? 1 : 0;
            k.counted.in_time += wait <= scenario_.service_level_s ? 1 : 0;
            k.counted.wait_of_all += wait;
            k.counted.wait_of_answered += wait;
        }
    } else if (in_window(now_)) {
        ++k.counted.offered;
        ++k.counted.answered;
    }
    c.agent = static_cast<std::uint32_t>(agent - 1);
    put_to_work(s, c.handle / scenario_.agents[agents_[c.agent].group].speed);
    if (from.endless) add_endless(cls);
}

void replication::put_to_work(slot s, double still_takes) {
    auto& c = at(s);
    c.stage = stage::active;
    c.until = now_ + still_takes;
    events_.set(s, c.until);
    const auto& group = scenario_.agents[agents_[c.agent].group];
    const auto ch = static_cast<std::size_t>(scenario_.classes[c.cls].channel);
    add_load(c.agent, 1.0 / group.channels[ch]);
}

void replication::take_off(slot s) {
    const auto& c = at(s);
    events_.cancel(s);
    const auto& group = scenario_.agents[agents_[c.agent].group];
    const auto ch = static_cast<std::size_t>(scenario_.classes[c.cls].channel);
    add_load(c.agent, -1.0 / group.channels[ch]);
}

void replication::park(slot s) {
    take_off(s);
    auto& c = at(s);
    c.stage = stage::parked;
    c.until -= now_;
}

void replication::resume(slot s) {
    put_to_work(s, at(s).until);
}

void replication::add_load(std::uint32_t agent, double change) {
    auto& a = agents_[agent];
    const double from = std::clamp(a.since, scenario_.warmup_s, scenario_.horizon_s);
    const double to = std::clamp(now_, scenario_.warmup_s, scenario_.horizon_s);
    busy_s_[a.group] += a.load * (to - from);
    a.since = now_;
    a.load += change;
}

/// Only where the center cannot keep up with those who have no patience.
void replication::count_those_left() {
    for (std::size_t i = 0; i < customers_.size(); ++i) {
        const auto& c = customers_[i];
        if (!c.counted || c.stage != stage::waiting || !engine_.is_waiting(c.ticket)) continue;
        ++unfinished_;
        ++classes_[c.cls].counted.waited;
        classes_[c.cls].counted.wait_of_all += now_ - c.arrived;
    }
}

replication_figures replication::run(const std::function<void(double)>& progress) {
    constexpr std::uint64_t progress_every = 1u << 16;
    replication_figures f;
    for (std::uint32_t c = 0; c < classes_.size(); ++c) {
        if (!scenario_.classes[c].endless)
            events_.set(c, classes_[c].gap->draw());
        else
            add_endless(c);
    }
    obey();
    while (!events_.empty()) {
        const auto [when, number, who] = events_.next();
        if (when >= scenario_.horizon_s && (open_counted_ == 0 || when >= limit_)) break;
        now_ = when;
        ++f.events;
        if (progress && f.events % progress_every == 0) progress(std::min(1.0, now_ / scenario_.horizon_s));
        if (who < classes_.size())
            arrive(who);
        else if (auto& c = at(who); c.stage == stage::active)
            finish(who);
        else {
            if (c.counted) {
                auto& k = classes_[c.cls].counted;
                ++k.abandoned;
                ++k.waited;
                k.wait_of_all += now_ - c.arrived;
            }
            leave_unserved(who);
        }
    }
    now_ = std::max(now_, scenario_.horizon_s);
    if (open_counted_ > 0) count_those_left();
    for (std::uint32_t a = 0; a < agents_.size(); ++a) add_load(a, 0);

    const double window = scenario_.horizon_s - scenario_.warmup_s;
    tally total;
    std::uint64_t endless_served = 0;
    for (std::size_t c = 0; c < classes_.size(); ++c) {
        f.classes.push_back(figures_of(classes_[c].counted, window));
        if (scenario_.classes[c].endless) {
            auto& own = f.classes.back();
            const auto none = std::nan("");
            own.p_wait = own.mean_wait_s = own.asa_s = own.p_abandon = own.p_blocked = own.service_level = none;
            endless_served += classes_[c].counted.served;
        } else
            total += classes_[c].counted;
    }
    total.served += endless_served;
    f.total = figures_of(total, window);
    for (std::size_t g = 0; g < scenario_.agents.size(); ++g)
        f.occupancy.push_back(busy_s_[g] / (window * scenario_.agents[g].count));
    f.unfinished = unfinished_;
    return f;
}

} // namespace switchboard::routing

#include "planning/run.hpp"

#include "planning/center.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace switchboard::routing {

namespace {

constexpr std::size_t longest_warmup_h = 24;

time_source source(const random_time& t, std::uint64_t seed, int number, std::size_t of, purpose p) {
    return {t, stream(seed, static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(of * purposes + p), false)};
}

channel_set channels_of(const agent_config& a) {
    channel_set out;
    for (std::size_t ch = 0; ch < channel_count; ++ch)
        if (a.caps[ch].max > 0) out.insert(static_cast<channel>(ch));
    return out;
}

} // namespace

live_run::live_run(const live_center& c, std::span<const double> within_s, std::uint64_t seed, int number)
    : center_(c), within_s_(within_s), warmup_hours_(std::min(longest_warmup_h, c.hours.size())),
      warmup_s_(static_cast<double>(warmup_hours_) * hour_s),
      horizon_s_(warmup_s_ + static_cast<double>(c.hours.size()) * hour_s),
      limit_(horizon_s_ + static_cast<double>(c.hours.size()) * hour_s), origin_(c.recorded_until),
      clock_(static_cast<slot>(c.streams.size())), first_customer_(clock_ + 1), agents_(c.agents.size()),
      open_(c.queues.size()) {
    for (std::size_t s = 0; s < c.streams.size(); ++s) {
        const auto& from = c.streams[s];
        streams_.push_back({source({1, 1}, seed, number, s, gaps), source(from.handle, seed, number, s, handling), {}});
        if (from.patience) streams_.back().patience = source(*from.patience, seed, number, s, patience);
    }
    counted_.streams.resize(c.streams.size());
}

timestamp live_run::engine_time(double t) const {
    return origin_ + timestamp::duration{static_cast<std::int64_t>(t * 1e6)};
}

/// The hours go round; the warm-up is the end of the round before.
std::size_t live_run::hour_at(double t) const {
    const auto passed = static_cast<std::size_t>(t / hour_s) + center_.hours.size() - warmup_hours_;
    return center_.hours[passed % center_.hours.size()];
}

std::expected<void, config_error> live_run::open() {
    for (std::size_t q = 0; q < center_.queues.size(); ++q) {
        auto config = center_.queues[q].config;
        config.open = open_[q] = center_.queues[q].open[hour_at(0)];
        if (auto put = engine_.put(config, engine_time(0), out_); !put)
            return std::unexpected(config_error{center_.queues[q].name + "." + put.error().field, put.error().message});
    }
    for (std::uint32_t a = 0; a < center_.agents.size(); ++a) {
        const auto& from = center_.agents[a];
        if (auto put = engine_.put(from.config, engine_time(0), out_); !put)
            return std::unexpected(config_error{from.name + "." + put.error().field, put.error().message});
        agent_numbers_[from.config.id] = a;
    }
    engine_.start(engine_time(0), out_);
    return {};
}

/// Who comes and goes, what opens and closes with the hour.
void live_run::begin_hour() {
    const auto hour = hour_at(now_);
    const auto t = engine_time(now_);
    events_.set(clock_, (std::floor(now_ / hour_s + 0.5) + 1) * hour_s);
    if (hour % 24 == 0) engine_.new_day(t, out_);
    for (std::size_t q = 0; q < center_.queues.size(); ++q) {
        const bool open = center_.queues[q].open[hour];
        if (open == open_[q]) continue;
        auto config = center_.queues[q].config;
        config.open = open_[q] = open;
        (void)engine_.put(config, t, out_); // it was taken before
    }
    for (std::uint32_t a = 0; a < agents_.size(); ++a) {
        const bool there = center_.agents[a].there[hour];
        if (there == agents_[a].there) continue;
        count_time(a);
        agents_[a].there = there;
        const auto& config = center_.agents[a].config;
        engine_.presence(config.id, there ? channels_of(config) : channel_set{}, t, out_);
    }
    obey();
}

/// The next arrival of a rate that changes with the hour: a unit of exponential time is used up hour by hour.
void live_run::draw_next(std::uint32_t stream) {
    auto& s = streams_[stream];
    double left = s.gap.draw();
    while (s.reached < limit_) {
        const double end = (std::floor(s.reached / hour_s) + 1) * hour_s;
        const double rate = center_.streams[stream].per_hour[hour_at(s.reached)] / hour_s;
        if (left < (end - s.reached) * rate) {
            s.reached += left / rate;
            events_.set(stream, s.reached);
            return;
        }
        left -= (end - s.reached) * rate;
        s.reached = end;
    }
    events_.cancel(stream);
}

live_tally& live_run::tally_of(const customer& c, std::size_t which) {
    return which == 0 ? counted_.streams[c.stream] : counted_.hours[hour_at(c.arrived) % 24];
}

void live_run::arrive(std::uint32_t stream) {
    draw_next(stream);
    if (free_.empty()) {
        free_.push_back(static_cast<slot>(first_customer_ + customers_.size()));
        if (free_.back() >= slot_mask) throw std::length_error("more than 16 million customers wait at once");
        customers_.emplace_back();
    }
    const auto s = free_.back();
    free_.pop_back();
    auto& k = streams_[stream];
    const double patience = k.patience ? k.patience->draw() : 0;
    customer c;
    c.stream = stream;
    c.arrived = now_;
    c.handle = k.handle.draw();
    c.counted = in_window(now_);
    c.ticket = static_cast<ticket_id>(++arrivals_) << slot_bits | s; // ids ascend, so that ties keep the order
    at(s) = c;
    if (c.counted) {
        ++open_counted_;
        for (const std::size_t which : {0, 1}) ++tally_of(c, which).offered;
    }
    auto terms = center_.streams[stream].terms;
    terms.id = c.ticket;
    terms.enqueued_at = engine_time(now_);
    engine_.waiting(terms, terms.enqueued_at, out_);
    obey();
    if (at(s).ticket != c.ticket || at(s).stage != stage::arriving) return; // answered at once, or turned away
    at(s).stage = stage::waiting;
    if (k.patience) events_.set(s, now_ + patience);
}

void live_run::free(slot s) {
    events_.cancel(s);
    at(s).ticket = 0;
    free_.push_back(s);
}

void live_run::run_out_of_patience(slot s) {
    const auto c = at(s);
    if (c.counted) {
        --open_counted_;
        for (const std::size_t which : {0, 1}) {
            auto& t = tally_of(c, which);
            ++t.abandoned;
            t.waited_s += now_ - c.arrived;
        }
    }
    free(s);
    engine_.gone(c.ticket, engine_time(now_), out_);
    obey();
}

void live_run::count_turned_away(customer& c) {
    if (!std::exchange(c.counted, false)) return;
    --open_counted_;
    for (const std::size_t which : {0, 1}) ++tally_of(c, which).turned_away;
}

void live_run::turn_away(ticket_id ticket) {
    const auto s = slot_of(ticket);
    if (at(s).ticket != ticket) return;
    count_turned_away(at(s));
    free(s);
}

/// Who leaves a message did not get through, and yet is work: it waits without losing patience.
void live_run::leave_message(ticket_id ticket) {
    const auto s = slot_of(ticket);
    auto& c = at(s);
    if (c.ticket != ticket) return;
    count_turned_away(c);
    c.stage = stage::waiting;
    events_.cancel(s);
    auto terms = center_.streams[c.stream].terms;
    terms.id = ticket;
    terms.enqueued_at = engine_time(c.arrived);
    terms.left_message = true;
    engine_.waiting(terms, engine_time(now_), out_);
}

void live_run::finish(slot s) {
    const auto c = at(s);
    take_off(s);
    free(s);
    engine_.released(c.ticket, center_.agents[c.agent].config.id, engine_time(now_), out_);
    obey();
}

void live_run::obey() {
    for (std::size_t i = 0; i < out_.size(); ++i) {
        const auto decided = out_[i]; // what follows is appended
        if (const auto* offer = std::get_if<make_offer>(&decided))
            begin(offer->ticket, offer->agent);
        else if (const auto* parked = std::get_if<park_item>(&decided)) {
            const auto s = slot_of(parked->ticket);
            take_off(s);
            at(s).stage = stage::parked;
            at(s).until -= now_;
        } else if (const auto* resumed = std::get_if<resume_item>(&decided))
            put_to_work(slot_of(resumed->ticket), at(slot_of(resumed->ticket)).until);
        else if (const auto* blocked = std::get_if<block_ticket>(&decided))
            turn_away(blocked->ticket);
        else if (const auto* closed = std::get_if<close_ticket>(&decided)) {
            if (closed->action == closed_action::voicemail && closed->channel == channel::phone)
                leave_message(closed->ticket);
            else
                turn_away(closed->ticket);
        }
    }
    out_.clear();
}

/// An offer that other work or another agent has pushed aside meanwhile is not begun.
void live_run::begin(ticket_id ticket, agent_id agent) {
    const auto s = slot_of(ticket);
    if (at(s).ticket != ticket || engine_.offered_to(ticket) != agent) return;
    engine_.accepted(ticket, agent, engine_time(now_), out_);
    auto& c = at(s);
    if (c.counted) {
        const double wait = now_ - c.arrived;
        --open_counted_;
        for (const std::size_t which : {0, 1}) {
            auto& t = tally_of(c, which);
            ++t.answered;
            t.in_time += wait <= within_s_[c.stream] ? 1 : 0;
            t.waited_s += wait;
        }
    }
    c.agent = agent_numbers_.at(agent);
    put_to_work(s, c.handle);
}

double live_run::share_of(const customer& c) const {
    const auto& config = center_.agents[c.agent].config;
    const auto& cap = config.caps[static_cast<std::size_t>(center_.streams[c.stream].terms.channel)];
    return std::max(static_cast<double>(cap.weight) / std::max(1, config.units), 1.0 / std::max(1, cap.max));
}

void live_run::put_to_work(slot s, double still_takes) {
    auto& c = at(s);
    c.stage = stage::active;
    c.until = now_ + still_takes;
    events_.set(s, c.until);
    count_time(c.agent);
    agents_[c.agent].load += share_of(c);
}

void live_run::take_off(slot s) {
    const auto& c = at(s);
    events_.cancel(s);
    count_time(c.agent);
    agents_[c.agent].load -= share_of(c);
}

void live_run::count_time(std::uint32_t agent) {
    constexpr double nothing = 1e-9;
    auto& a = agents_[agent];
    const double past = std::clamp(now_, warmup_s_, horizon_s_) - std::clamp(a.since, warmup_s_, horizon_s_);
    a.since = now_;
    a.busy_s += std::min(1.0, a.load) * past;
    if (a.there || a.load > nothing) a.present_s += past;
}

std::optional<live_figures> live_run::run(const std::stop_token& stop, const std::function<void(double)>& told) {
    constexpr std::uint64_t asked_every = 1u << 12;
    begin_hour();
    for (std::uint32_t s = 0; s < streams_.size(); ++s) draw_next(s);
    for (std::uint64_t n = 0; !events_.empty(); ++n) {
        if (n % asked_every == 0) {
            if (stop.stop_requested()) return {};
            if (told) told(std::min(1.0, now_ / horizon_s_));
        }
        const auto [when, number, who] = events_.next();
        if (const auto timer = engine_.next_timer(); timer && *timer <= engine_time(when)) {
            now_ = std::clamp(std::chrono::duration<double>(*timer - origin_).count(), now_, when);
            engine_.advance(*timer, out_);
            obey();
            continue;
        }
        if (when >= horizon_s_ && (open_counted_ == 0 || when >= limit_)) break;
        now_ = when;
        if (who < clock_)
            arrive(who);
        else if (who == clock_)
            begin_hour();
        else if (at(who).stage == stage::active)
            finish(who);
        else
            run_out_of_patience(who);
    }
    return figures();
}

live_figures live_run::figures() {
    now_ = std::max(now_, horizon_s_);
    for (const auto& c : customers_) {
        if (c.ticket == 0 || !c.counted || c.stage != stage::waiting) continue;
        ++counted_.unfinished;
        for (const std::size_t which : {0, 1}) tally_of(c, which).waited_s += now_ - c.arrived;
    }
    for (std::uint32_t a = 0; a < agents_.size(); ++a) {
        count_time(a);
        counted_.occupancy.push_back(agents_[a].present_s > 0 ? agents_[a].busy_s / agents_[a].present_s
                                                              : std::nan(""));
    }
    return std::move(counted_);
}

} // namespace switchboard::routing

#include "unit/engine/oracle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <climits>

namespace switchboard::routing {

namespace {

using medium = oracle::medium;

medium medium_of(const waiting_ticket& t) {
    return {t.channel, t.left_message && t.channel == channel::phone};
}

bool may_wait(medium m) {
    return m.message || m.on == channel::email || m.on == channel::fax || m.on == channel::post ||
           m.on == channel::social;
}

/// A message is treated beside other work as an e-mail would be.
channel alike(medium m) {
    return m.message ? channel::email : m.on;
}

bool allowed(const agent_config& c, medium held, medium added) {
    return c.allow[static_cast<std::size_t>(alike(held))].contains(alike(added));
}

bool parked_for(const agent_config& c, medium held, bool interruptible, medium added) {
    return interruptible && c.interrupt[static_cast<std::size_t>(alike(held))].contains(alike(added));
}

bool beside(const agent_config& c, medium held, bool interruptible, medium added) {
    return allowed(c, held, added) || parked_for(c, held, interruptible, added);
}

int level_of(const agent_config& c, skill_id skill) {
    const auto s = std::ranges::find(c.skills, skill, &skill_level::skill);
    return s == c.skills.end() ? 0 : s->level;
}

const channel_cap& cap(const agent_config& c, channel ch) {
    return c.caps[static_cast<std::size_t>(ch)];
}

} // namespace

// What is true now.

queue_config oracle::queue_of(const job& j) const {
    const auto q = all_queues_.find(j.ticket.queue);
    return q == all_queues_.end() ? queue_config{.id = j.ticket.queue} : q->second;
}

waiting_ticket oracle::relaxed(const job& j) const {
    auto t = j.ticket;
    const auto q = queue_of(j);
    for (int s = 0; s < std::min(t.step, static_cast<int>(q.steps.size())); ++s)
        for (const auto& m : q.steps[static_cast<std::size_t>(s)].mutations) {
            if (m.what == mutation::kind::drop_skill)
                std::erase_if(t.skills, [&](const requirement& r) { return r.skill == m.skill; });
            if (m.what == mutation::kind::set_min)
                for (auto& r : t.skills)
                    if (r.skill == m.skill) r.min = m.value;
            if (m.what == mutation::kind::widen_grade) t.difficulty = std::max(0, t.difficulty - m.value);
            if (m.what == mutation::kind::raise_priority) t.priority = std::min(9, t.priority + m.value);
            if (m.what == mutation::kind::raise_tier) t.tier = std::max(0, t.tier - m.value);
        }
    return t;
}

bool oracle::takes_now(queue_id q, medium c) const {
    const auto it = queues_.find(q);
    return it != queues_.end() && (it->second.open || may_wait(c));
}

std::vector<queue_id> oracle::asked_queues(const job& j) const {
    std::vector<queue_id> list{j.ticket.queue};
    const auto q = queue_of(j);
    for (int s = 0; s < std::min(j.ticket.step, static_cast<int>(q.steps.size())); ++s)
        for (const auto& m : q.steps[static_cast<std::size_t>(s)].mutations)
            if (m.what == mutation::kind::ask_supervisors ||
                (m.what == mutation::kind::add_queue && takes_now(m.queue, medium_of(j.ticket))))
                list.push_back(m.what == mutation::kind::add_queue ? m.queue : supervisors);
    return list;
}

oracle::order oracle::order_of(const job& j) const {
    const auto t = relaxed(j);
    const auto q = queue_of(j);
    auto at = t.enqueued_at;
    if (q.order == order_mode::edf) at = t.due_at.value_or(t.enqueued_at + q.due_in);
    if (q.order == order_mode::edf || q.order == order_mode::aging) at -= q.boost[static_cast<std::size_t>(t.priority)];
    return {t.tier, at.time_since_epoch().count(), t.id};
}

timestamp oracle::since(const job& j) const {
    return std::max(j.ticket.enqueued_at, j.ticket.not_before.value_or(j.ticket.enqueued_at));
}

std::size_t oracle::waiting_in(queue_id q) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        jobs_, [q](const auto& e) { return e.second.state == where::waiting && e.second.ticket.queue == q; }));
}

std::size_t oracle::waiting_in_all() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(jobs_, [](const auto& e) { return e.second.state == where::waiting; }));
}

std::vector<ticket_id> oracle::in_order_taken(agent_id a) const {
    std::vector<ticket_id> ids;
    for (const auto* j : items_of(a)) ids.push_back(j->ticket.id);
    return ids;
}

std::vector<const oracle::job*> oracle::items_of(agent_id a) const {
    std::vector<std::pair<std::uint64_t, const job*>> items;
    for (const auto& [id, j] : jobs_)
        for (const auto& h : j.hands)
            if (h.agent == a) items.emplace_back(h.taken, &j);
    std::ranges::sort(items);
    std::vector<const job*> list;
    for (const auto& [taken, j] : items) list.push_back(j);
    return list;
}

bool oracle::accepts(const person& p, medium c) const {
    const bool leaves = p.shift_end && *p.shift_end - now_ < settings_.min_handle;
    return p.accepts.contains(c.on) && cap(p.config, c.on).max > 0 && (may_wait(c) || !leaves);
}

/// Work that can wait rings at the agent, of a queue that lets nobody else ring.
bool oracle::another_rings(const person& p) const {
    for (const auto& [id, j] : jobs_)
        for (const auto& h : j.hands)
            if (h.agent == p.config.id && h.alone && j.state == where::offered && may_wait(medium_of(j.ticket)))
                return true;
    return false;
}

bool oracle::has_room(const person& p, medium c) const {
    if (!accepts(p, c) || (may_wait(c) && another_rings(p))) return false;
    int same = 0, units = cap(p.config, c.on).weight;
    for (const auto* i : items_of(p.config.id)) {
        if (i->ticket.channel == c.on) ++same;
        if (may_wait(c) || !i->interruptible) units += cap(p.config, i->ticket.channel).weight;
        if (!beside(p.config, medium_of(i->ticket), i->interruptible, c)) return false;
    }
    return same < cap(p.config, c.on).max && units <= p.config.units;
}

std::optional<int> oracle::rank_of(const person& p, const job& j) const {
    std::optional<int> rank;
    for (const auto q : asked_queues(j))
        for (const auto& m : p.config.memberships)
            if (m.queue == q && (q != j.ticket.queue ||
                                 std::chrono::microseconds{m.delay}.count() <= std::max<std::int64_t>(0, j.age_seen)))
                rank = std::min(rank.value_or(m.rank), m.rank);
    return rank;
}

bool oracle::skilled(const person& p, const job& j) const {
    return takes_now(j.ticket.queue, medium_of(j.ticket)) && suited(p, j) && rank_of(p, j);
}

bool oracle::suited(const person& p, const job& j) const {
    const auto t = relaxed(j);
    if (std::ranges::none_of(asked_queues(j), [&](queue_id q) {
            return std::ranges::find(p.config.memberships, q, &membership::queue) != p.config.memberships.end();
        }))
        return false;
    for (const auto& need : t.skills) {
        const auto level = level_of(p.config, need.skill);
        if (level < need.min || level > need.max.value_or(INT_MAX)) return false;
    }
    for (const auto& need : t.licences) {
        bool held = false;
        for (const auto& l : p.config.licences)
            for (const auto& where_valid : l.jurisdictions)
                held = held || (l.type == need.type && (where_valid == need.jurisdiction || where_valid == "*") &&
                                l.state == licence_state::active && l.from <= now_ &&
                                (!l.until || *l.until > now_ + settings_.min_licence_validity));
        if (!held) return false;
    }
    return p.config.takes_work && p.config.grade >= t.difficulty;
}

/// Lower is better.
std::uint64_t oracle::score_of(const person& p, const job& j) const {
    const auto t = relaxed(j);
    constexpr int points = 1 << 20;
    int levels = 0, surplus = 0;
    for (const auto& need : t.skills) {
        levels += level_of(p.config, need.skill);
        surplus += level_of(p.config, need.skill) - need.min;
    }
    int units = 0;
    for (const auto* i : items_of(p.config.id)) units += cap(p.config, i->ticket.channel).weight;
    switch (queue_of(j).policy) {
    case agent_policy::best_skill:
        return static_cast<std::uint64_t>(points - levels);
    case agent_policy::least_overqualified:
        return static_cast<std::uint64_t>((p.config.grade - t.difficulty + 1) * points + surplus);
    case agent_policy::least_loaded:
        return static_cast<std::uint64_t>(units);
    case agent_policy::round_robin:
        return p.last_offer;
    case agent_policy::fewest_today:
        return p.today;
    case agent_policy::longest_idle:
        break;
    }
    return 0;
}

std::set<std::pair<licence_type_id, std::string>> oracle::licences_at(const person& p, timestamp t) const {
    std::set<std::pair<licence_type_id, std::string>> valid;
    for (const auto& l : p.config.licences)
        for (const auto& j : l.jurisdictions)
            if (licence_valid(p.config.licences, {l.type, j}, t, settings_.min_licence_validity))
                valid.emplace(l.type, j);
    return valid;
}

bool oracle::refused(const job& j, agent_id a) const {
    return std::ranges::any_of(j.ticket.refused, [&](const refusal& r) { return r.agent == a && r.until > now_; });
}

bool oracle::is_reserved(const job& j) const {
    const auto q = all_queues_.find(j.ticket.queue);
    return q != all_queues_.end() && q->second.reserve > 0 && may_wait(medium_of(j.ticket));
}

bool oracle::reserve_allows(const person& p, const job& j) const {
    if (!is_reserved(j)) return true;
    const auto live = [&](const person& x, auto test) {
        return test(x, medium{channel::phone}) || test(x, medium{channel::chat}) || test(x, medium{channel::walkin});
    };
    if (!live(p, [this](const person& x, medium c) { return accepts(x, c); })) return true;
    int idle = 0;
    for (const auto& [id, x] : people_) {
        const auto items = items_of(id);
        if (skilled(x, j) && live(x, [this](const person& y, medium c) { return has_room(y, c); }) &&
            std::ranges::all_of(items, [](const job* i) { return may_wait(medium_of(i->ticket)); }))
            ++idle;
    }
    return idle > all_queues_.at(j.ticket.queue).reserve;
}

bool oracle::may_hold(agent_id a, const job& j) const {
    const auto p = people_.find(a);
    return p != people_.end() && accepts(p->second, medium_of(j.ticket)) && skilled(p->second, j) && !refused(j, a);
}

bool oracle::can_take(const person& p, const job& j) const {
    return (j.holder == 0 || j.holder == p.config.id) && !j.is_with(p.config.id) && has_room(p, medium_of(j.ticket)) &&
           skilled(p, j) && !refused(j, p.config.id) && reserve_allows(p, j);
}

std::vector<agent_id> oracle::could_take(const job& j) const {
    std::vector<agent_id> list;
    for (const auto& [id, p] : people_)
        if (accepts(p, medium_of(j.ticket)) && skilled(p, j) && !refused(j, id) && reserve_allows(p, j) &&
            (j.holder == 0 || j.holder == id))
            list.push_back(id);
    return list;
}

bool oracle::loads(medium c) const {
    return !(settings_.deferrable_keeps_idle && may_wait(c));
}

bool oracle::loaded(const person& p) const {
    return std::ranges::any_of(items_of(p.config.id), [this](const job* i) { return loads(medium_of(i->ticket)); });
}

agent_id oracle::choose(const job& j, bool& known) const {
    known = true;
    for (const auto id : j.ticket.affinity)
        if (const auto p = people_.find(id);
            p != people_.end() && !marked_agents_.contains(id) && can_take(p->second, j))
            return id;
    known = false;
    agent_id best = 0;
    std::tuple<int, std::uint64_t, bool, std::uint64_t> best_key;
    for (const auto& [id, p] : people_) {
        if (marked_agents_.contains(id) || !can_take(p, j)) continue;
        const std::tuple key{*rank_of(p, j), score_of(p, j), loaded(p), p.stamp};
        if (best == 0 || key < best_key) {
            best = id;
            best_key = key;
        }
    }
    return best;
}

std::vector<std::string> oracle::violations() const {
    auto all = broken_;
    if (started_)
        for (const auto& [t, j] : jobs_)
            for (const auto& [a, p] : people_)
                if (j.state == where::waiting && can_take(p, j))
                    all.push_back(fmt::format("{} waits while {} could take it", t, a));
    return all;
}

// Moves.

void oracle::place(job& j) {
    const auto& t = j.ticket;
    j.hands.clear();
    j.holder = 0;
    if (t.not_before && *t.not_before > now_) {
        j.state = where::scheduled;
        set_alarm(*t.not_before, t.id, alarm_kind::callback);
        return;
    }
    j.state = where::waiting;
    j.age_seen = (now_ - since(j)).count();
    if (t.hold_until && *t.hold_until > now_)
        for (const auto id : t.affinity)
            if (j.holder == 0 && may_hold(id, j)) j.holder = id;
    if (j.holder != 0) set_alarm(*t.hold_until, t.id, alarm_kind::hold);
    const auto all = stages();
    if (const auto delays = all.find(t.queue); delays != all.end())
        for (const auto d : delays->second)
            if (std::chrono::microseconds{d}.count() > j.age_seen) {
                set_alarm(since(j) + d, t.id, alarm_kind::delay);
                break;
            }
    if (const auto at = next_step(j); at && (!started_ || *at > now_)) set_alarm(*at, t.id, alarm_kind::step);
}

std::optional<timestamp> oracle::next_step(const job& j) const {
    const auto q = queue_of(j);
    if (j.ticket.step >= static_cast<int>(q.steps.size())) return {};
    return since(j) + q.steps[static_cast<std::size_t>(j.ticket.step)].after;
}

void oracle::take_step(job& j, step_cause why, decisions& out) {
    const auto q = queue_of(j);
    ++j.ticket.step;
    out.push_back(step_taken{j.ticket.id, q.id, j.ticket.step, why, now_});
    const auto& all = q.steps[static_cast<std::size_t>(j.ticket.step) - 1].mutations;
    for (const auto& m : all)
        if (m.what == mutation::kind::overflow && may_overflow(j, m.queue))
            overflow(j, m.queue, overflow_reason::step, out);
    const auto last = all.empty() ? mutation::kind::drop_skill : all.back().what;
    const bool calls_back = last == mutation::kind::callback;
    if ((calls_back || last == mutation::kind::voicemail) && !may_wait(medium_of(j.ticket))) {
        out.push_back(close_ticket{j.ticket.id, q.id, j.ticket.channel,
                                   calls_back ? closed_action::callback : closed_action::voicemail, j.ticket.version,
                                   now_});
        j.state = where::turned_away; // forgotten when this event is over
        return;
    }
    place(j);
}

bool oracle::take_due_steps(job& j, decisions& out) {
    bool any = false;
    while (started_ && j.state == where::waiting && next_step(j) && *next_step(j) <= now_) {
        take_step(j, step_cause::time, out);
        any = true;
    }
    return any;
}

bool oracle::skips_wait(const job& j) const {
    const auto q = queue_of(j);
    if (j.ticket.step >= static_cast<int>(q.steps.size())) return false;
    const auto condition = q.steps[static_cast<std::size_t>(j.ticket.step)].skip_if;
    return condition != skip_condition::never && std::ranges::none_of(people_, [&](const auto& e) {
               const auto& p = e.second;
               if (!skilled(p, j)) return false;
               if (condition == skip_condition::nobody_on_shift) return !p.shift_end || *p.shift_end > now_;
               if (condition == skip_condition::nobody_signed_in) return accepts(p, medium_of(j.ticket));
               return has_room(p, medium_of(j.ticket));
           });
}

bool oracle::is_shut(const job& j) const {
    return queues_.contains(j.ticket.queue) && !takes_now(j.ticket.queue, medium_of(j.ticket));
}

bool oracle::may_overflow(const job& j, queue_id to) const {
    if (j.ticket.overflowed || to == j.ticket.queue || !takes_now(to, medium_of(j.ticket))) return false;
    const auto limit = queues_.at(to).max_waiting;
    return !limit || waiting_in(to) < static_cast<std::size_t>(*limit);
}

void oracle::overflow(job& j, queue_id to, overflow_reason why, decisions& out) {
    out.push_back(overflow_ticket{j.ticket.id, j.ticket.queue, to, why, j.ticket.version++, now_});
    j.ticket.overflowed = true;
    j.ticket.queue = to;
    j.ticket.step = 0;
}

bool oracle::turn_away(ticket_id t, decisions& out) {
    auto& j = jobs_.at(t);
    const auto q = queue_of(j);
    const auto move = [&](overflow_reason why) {
        overflow(j, q.overflow, why, out);
        place(j);
        take_due_steps(j, out);
        return j.state == where::waiting;
    };
    if (is_shut(j)) {
        if (q.when_closed == closed_action::overflow && may_overflow(j, q.overflow))
            return move(overflow_reason::closed);
        if (q.when_closed == closed_action::callback || q.when_closed == closed_action::voicemail) {
            out.push_back(close_ticket{t, q.id, j.ticket.channel, q.when_closed, j.ticket.version, now_});
            jobs_.erase(t);
        }
        return false;
    }
    if (skips_wait(j)) {
        take_step(j, step_cause::nobody, out);
        take_due_steps(j, out);
        return j.state == where::waiting;
    }
    if (!j.arrived) return false;
    const bool none_at_all = settings_.max_waiting_total && waiting_in_all() > *settings_.max_waiting_total;
    if (!none_at_all && !(q.max_waiting && waiting_in(j.ticket.queue) > static_cast<std::size_t>(*q.max_waiting)))
        return false;
    if (!none_at_all && may_overflow(j, q.overflow)) return move(overflow_reason::full);
    out.push_back(block_ticket{t, j.ticket.queue, j.ticket.version, now_});
    jobs_.erase(t);
    return false;
}

void oracle::take(job& j, agent_id a, where state) {
    auto& p = people_.at(a);
    j.state = state;
    j.holder = 0;
    hand h{.agent = a, .stamp = p.stamp, .previous_stamp = p.stamp, .taken = ++taken_};
    if (loads(medium_of(j.ticket))) h.stamp = p.stamp = ++stamps_;
    j.hands.push_back(h);
}

/// The agent has it no more.
void oracle::drop(job& j, agent_id a, bool keeps_place) {
    auto& p = people_.at(a);
    const auto at = std::ranges::find(j.hands, a, &hand::agent);
    const auto h = *at;
    j.hands.erase(at);
    marked_agents_.try_emplace(a, trigger::agent_free);
    if (!loads(medium_of(j.ticket))) return;
    if (keeps_place && j.state == where::offered && p.stamp == h.stamp)
        p.stamp = h.previous_stamp;
    else if (!loaded(p))
        p.stamp = ++stamps_;
}

void oracle::offer(job& j, agent_id a, bool known, trigger why, decisions& out) {
    if (j.state != where::waiting) broken_.push_back(fmt::format("{} offered twice", j.ticket.id));
    const auto& p = people_.at(a);
    const auto boost_max = std::chrono::microseconds{std::ranges::max(queue_config{}.boost)};
    const auto is_bounded = [this](const job& x) { // the orders that promise how far anybody is overtaken
        const auto q = queue_of(x);
        return (q.order == order_mode::fifo || q.order == order_mode::aging) && q.steps.empty();
    };
    // A reserve is kept for live work: what may pass it since an agent has become idle comes after a call of that
    // event.
    const auto yields = [&](const job& x) { return is_reserved(x) && !is_reserved(j); };
    for (const auto& [id, other] : jobs_)
        if (other.state == where::waiting && is_bounded(j) && is_bounded(other) && !yields(other) &&
            other.ticket.tier == j.ticket.tier && can_take(p, other) &&
            other.ticket.enqueued_at + boost_max < j.ticket.enqueued_at)
            broken_.push_back(fmt::format("{} overtakes {} at {}", j.ticket.id, id, a));
    offer_one(j, a, known, 0, why, out);
}

void oracle::offer_one(job& j, agent_id a, bool known, int sibling, trigger why, decisions& out) {
    const auto& p = people_.at(a);
    const auto& q = queues_.at(j.ticket.queue);
    const auto [tier, key, id] = order_of(j);
    offer_facts facts{.why = why,
                      .by_affinity = known,
                      .rank = *rank_of(p, j),
                      .order_key = static_cast<std::uint64_t>(key + (std::int64_t{1} << 61)) |
                                   static_cast<std::uint64_t>(tier) << 62,
                      .score = score_of(p, j),
                      .step = static_cast<std::uint8_t>(j.ticket.step),
                      .sibling = static_cast<std::uint8_t>(sibling)};
    for (const auto& [other, x] : people_) {
        facts.signed_in += accepts(x, medium_of(j.ticket)) ? 1 : 0;
        facts.eligible += accepts(x, medium_of(j.ticket)) && skilled(x, j) ? 1 : 0;
        facts.free += has_room(x, medium_of(j.ticket)) && skilled(x, j) ? 1 : 0;
    }
    for (const auto& [other, x] : people_)
        facts.refused += has_room(x, medium_of(j.ticket)) && skilled(x, j) && refused(j, other) ? 1 : 0;

    if (may_wait(medium_of(j.ticket)) && another_rings(p))
        broken_.push_back(fmt::format("{} rings beside another at {}", id, a));
    if (const auto no = said_no_.find({id, a}); no != said_no_.end() && now_ < no->second)
        broken_.push_back(fmt::format("{} asks {} again, who said no", id, a));

    people_.at(a).last_offer = ++offers_;
    take(j, a, where::offered);
    if (sibling == 0) j.interruptible = q.interruptible && may_wait(medium_of(j.ticket));
    j.hands.back().began = now_;
    j.hands.back().expires = now_ + q.ring;
    j.hands.back().alone = q.fan_out == 1;
    set_alarm(now_ + q.ring, id, alarm_kind::offer);
    int same = 0;
    for (const auto* i : items_of(a)) same += i->ticket.channel == j.ticket.channel ? 1 : 0;
    if (same > cap(p.config, j.ticket.channel).max) broken_.push_back(fmt::format("{} holds too much", a));
    for (const auto& l : j.ticket.licences)
        if (!licence_valid(p.config.licences, l, now_, settings_.min_licence_validity))
            broken_.push_back(fmt::format("{} offered to {} without licence", id, a));
    out.push_back(make_offer{.ticket = id,
                             .agent = a,
                             .queue = q.id,
                             .channel = j.ticket.channel,
                             .weight = cap(p.config, j.ticket.channel).weight,
                             .interruptible = j.interruptible,
                             .version = j.ticket.version++,
                             .at = now_,
                             .expires_at = now_ + q.ring,
                             .facts = facts});
}

void oracle::place_and_mark(job& j, trigger why, decisions& out) {
    place(j);
    if (j.state != where::waiting) return;
    take_due_steps(j, out);
    marked_tickets_.try_emplace(j.ticket.id, why);
}

/// A place anew, because something about the queue has changed.
void oracle::replace(job& j, decisions& out) {
    const bool was_held = j.holder != 0;
    place(j);
    const bool relaxed = take_due_steps(j, out);
    if (relaxed || was_held) marked_tickets_.try_emplace(j.ticket.id, trigger::configuration);
}

void oracle::rematch(decisions& out) {
    for (auto& [t, j] : jobs_)
        if (j.state == where::waiting && j.holder != 0 && !may_hold(j.holder, j))
            place_and_mark(j, trigger::ticket_waiting, out);
    if (started_) {
        std::vector<ticket_id> tickets;
        for (const auto& [t, why] : marked_tickets_)
            if (jobs_.contains(t) && jobs_.at(t).state == where::waiting) tickets.push_back(t);
        std::ranges::sort(tickets, {}, [this](ticket_id t) { return order_of(jobs_.at(t)); });
        for (const auto t : tickets) {
            bool known = false;
            do
                if (const auto a = choose(jobs_.at(t), known); a != 0) {
                    offer(jobs_.at(t), a, known, marked_tickets_.at(t), out);
                    break;
                }
            while (turn_away(t, out));
            if (jobs_.contains(t)) jobs_.at(t).arrived = false;
        }
        std::vector<std::tuple<bool, std::uint64_t, std::uint64_t, agent_id, trigger>> agents;
        for (const auto& [a, why] : marked_agents_)
            if (const auto p = people_.find(a); p != people_.end())
                agents.emplace_back(loaded(p->second), p->second.stamp, p->second.joined, a, why);
        std::ranges::sort(agents);
        for (const auto& [l, s, n, a, why] : agents) {
            marked_agents_.erase(a);
            settle(a, why, out);
        }
        marked_agents_.clear();
    }
    marked_tickets_.clear();
    marked_agents_.clear();
    std::vector<job*> ringing;
    for (auto& [t, j] : jobs_)
        if (started_ && j.state == where::offered) ringing.push_back(&j);
    std::ranges::sort(ringing, {}, [this](const job* j) { return order_of(*j); });
    for (auto* j : ringing) {
        bool known = false;
        j->age_seen = (now_ - since(*j)).count();
        for (auto n = static_cast<int>(j->hands.size()); n < queue_of(*j).fan_out; ++n)
            if (const auto a = choose(*j, known); a != 0) offer_one(*j, a, known, n, trigger::ticket_waiting, out);
    }
    std::erase_if(jobs_, [](const auto& e) { return e.second.state == where::turned_away; });
}

/// What an agent who has become free makes happen next: mostly the ticket that this agent takes.
oracle::job* oracle::next_for(agent_id a) {
    const auto& p = people_.at(a);
    const auto earlier = [this](job* x, job* y) { return y == nullptr || order_of(*x) < order_of(*y); };
    job* other = nullptr;
    std::map<queue_id, job*> heads; // of queues ordered by ratio
    for (auto& [id, j] : jobs_) {
        if (j.state != where::waiting) continue;
        bool known = false;
        const bool possible = is_reserved(j) ? skilled(p, j) && choose(j, known) != 0 : can_take(p, j);
        if (!possible) continue;
        auto& best = queue_of(j).order == order_mode::fqr ? heads[j.ticket.queue] : other;
        if (earlier(&j, best)) best = &j;
    }
    double sum = 0;
    int tier = 3;
    for (const auto& [q, j] : heads) {
        sum += static_cast<double>(waiting_in(q));
        tier = std::min(tier, std::get<0>(order_of(*j)));
    }
    job* best = nullptr;
    double best_excess = 0;
    for (const auto& [q, j] : heads) {
        if (std::get<0>(order_of(*j)) != tier) continue;
        const auto excess = static_cast<double>(waiting_in(q)) - queue_of(*j).fqr_share * sum;
        if (best == nullptr || excess > best_excess || (excess == best_excess && earlier(j, best))) {
            best = j;
            best_excess = excess;
        }
    }
    return other != nullptr && earlier(other, best) ? other : best;
}

void oracle::settle(agent_id a, trigger why, decisions& out) {
    while (auto* best = next_for(a)) {
        bool known = best->holder == a;
        const auto who = is_reserved(*best) ? choose(*best, known) : a;
        offer(*best, who, known, why, out);
    }
}

/// The ticket stays in no place, to be placed by the caller, if this was its last offer.
bool oracle::end(job& j, agent_id a, end_reason reason, decisions& out) {
    const bool own = reason == end_reason::timed_out || reason == end_reason::agent_gone;
    drop(j, a, !own);
    const bool last = j.hands.empty();
    const bool again = last && (own || reason == end_reason::interrupted);
    out.push_back(
        end_offer{.ticket = j.ticket.id,
                  .agent = a,
                  .reason = reason,
                  .waits_again = again,
                  .version = j.ticket.version,
                  .refused_until = reason == end_reason::timed_out ? std::optional{now_ + cool_of(j)} : std::nullopt,
                  .at = now_});
    if (again) ++j.ticket.version;
    return last;
}

/// Out of everybody's hands and unknown.
void oracle::forget(ticket_id t, end_reason reason, decisions& out) {
    auto& j = jobs_.at(t);
    const bool offered = j.state == where::offered;
    const auto hands = j.hands;
    for (const auto& h : hands) {
        if (offered)
            end(j, h.agent, reason, out);
        else
            drop(j, h.agent, false);
    }
    jobs_.erase(t);
    if (!offered)
        for (const auto& h : hands) resume(h.agent, out);
}

void oracle::set_aside(job& j, const refusal& by) {
    for (const auto& r : j.ticket.refused)
        if (r.agent == by.agent && r.until > by.until) return;
    std::erase_if(j.ticket.refused, [&](const refusal& r) { return r.agent == by.agent; });
    j.ticket.refused.push_back(by);
    set_alarm(by.until, j.ticket.id, alarm_kind::cool);
}

void oracle::enter(job& j, const waiting_ticket& t) {
    j.ticket = t;
    std::erase_if(said_no_, [&](const auto& e) { return e.first.first == t.id; }); // what is told now counts
    j.ticket.refused.clear();
    for (const auto& r : t.refused)
        if (r.until > now_) set_aside(j, r);
}

void oracle::refuse(job& j, agent_id a, bool said_no, decisions& out) {
    if (said_no) said_no_[{j.ticket.id, a}] = now_ + cool_of(j);
    set_aside(j, {a, now_ + cool_of(j), said_no ? std::optional{now_} : std::nullopt});
    if (j.ticket.refusals_cleared || !j.hands.empty()) return;
    j.age_seen = (now_ - since(j)).count();
    bool somebody = false, all = true;
    for (const auto& [id, p] : people_) {
        if (!skilled(p, j) || !accepts(p, medium_of(j.ticket))) continue;
        somebody = true;
        all = all && refused(j, id);
    }
    if (!somebody || !all) return;
    std::vector<refusal> said_no_themselves;
    for (const auto& r : j.ticket.refused)
        if (r.declined_at) said_no_themselves.push_back(r);
    if (said_no_themselves.size() == j.ticket.refused.size()) return;
    j.ticket.refusals_cleared = true;
    j.ticket.refused = said_no_themselves;
    out.push_back(clear_refusals{j.ticket.id, now_});
}

void oracle::missed(agent_id a, const job& j, timestamp began, decisions& out) {
    auto& p = people_.at(a);
    const bool rang_beside_a_missed_one = p.missed > 0 && began < p.missed_at;
    if (!rang_beside_a_missed_one) {
        ++p.missed;
        p.missed_at = now_;
    }
    const auto c = medium_of(j.ticket);
    const bool voice = c.on == channel::phone && !c.message;
    const auto own = queue_of(j).missed_limit;
    const auto limit = own ? *own : voice ? settings_.missed_limit_voice : settings_.missed_limit;
    if (limit == 0 || p.missed < limit || p.accepts.empty()) return;
    p.accepts = {};
    out.push_back(set_not_ready{a, p.missed, now_});
    end_impossible_offers(a, out);
}

void oracle::end_impossible_offers(agent_id a, decisions& out) {
    const auto& p = people_.at(a);
    std::vector<std::pair<ticket_id, bool>> ended;
    for (const auto t : in_order_taken(a)) {
        const auto& j = jobs_.at(t);
        if (j.state == where::offered && !(p.accepts.contains(j.ticket.channel) && suited(p, j)))
            ended.emplace_back(t, false);
    }
    for (auto& [t, last] : ended) last = end(jobs_.at(t), a, end_reason::agent_gone, out);
    for (const auto& [t, last] : ended)
        if (last) place_and_mark(jobs_.at(t), trigger::ticket_waiting, out);
}

void oracle::begin(agent_id a, ticket_id t, decisions& out) {
    const auto& config = people_.at(a).config;
    const auto& work = jobs_.at(t);
    std::vector<ticket_id> ended;
    for (const auto id : in_order_taken(a)) {
        auto& j = jobs_.at(id);
        if (id == t) continue;
        const auto held = medium_of(j.ticket), added = medium_of(work.ticket);
        if (j.state == where::active && !allowed(config, held, added) &&
            parked_for(config, held, j.interruptible, added)) {
            j.state = where::parked;
            out.push_back(park_item{id, a, now_});
        }
        if (j.state == where::offered && !beside(config, added, work.interruptible, held)) ended.push_back(id);
    }
    for (const auto id : ended)
        if (end(jobs_.at(id), a, end_reason::interrupted, out))
            place_and_mark(jobs_.at(id), trigger::ticket_waiting, out);
}

void oracle::resume(agent_id a, decisions& out) {
    for (const auto id : in_order_taken(a)) {
        auto& j = jobs_.at(id);
        if (j.state != where::parked) continue;
        const auto& config = people_.at(a).config;
        if (std::ranges::any_of(items_of(a), [&](const job* o) {
                return o != &j && o->state == where::active &&
                       !allowed(config, medium_of(j.ticket), medium_of(o->ticket));
            }))
            continue;
        j.state = where::active;
        out.push_back(resume_item{id, a, now_});
    }
}

// Events.

std::optional<timestamp> oracle::next_timer() const {
    std::optional<timestamp> next;
    for (const auto& a : alarms_)
        if (!next || a.at < *next) next = a.at;
    return next;
}

void oracle::advance(timestamp t, decisions& out) {
    now_ = std::max(now_, t);
    if (!started_) return;
    std::vector<std::pair<timestamp, agent_id>> changed;
    for (const auto& [id, p] : people_) {
        std::optional<timestamp> first;
        for (const auto& l : p.config.licences) {
            if (l.state != licence_state::active) continue;
            std::vector<timestamp> moments{l.from};
            if (l.until) moments.push_back(*l.until - settings_.min_licence_validity);
            for (const auto m : moments)
                if (m > licences_seen_ && m <= now_ && (!first || m < *first)) first = m;
        }
        if (first && licences_at(p, licences_seen_) != licences_at(p, now_)) changed.emplace_back(*first, id);
        if (!p.shift_end) continue;
        for (const auto m : {*p.shift_end, *p.shift_end - settings_.min_handle + timestamp::duration{1}})
            if (m > licences_seen_ && m <= now_) changed.emplace_back(m, id);
    }
    licences_seen_ = now_;
    std::ranges::sort(changed);
    for (const auto& [at, id] : changed) marked_agents_.try_emplace(id, trigger::configuration);

    for (;;) {
        const auto due =
            std::ranges::min_element(alarms_, {}, [](const alarm& a) { return std::pair{a.at, a.number}; });
        if (due == alarms_.end() || due->at > now_) break;
        const auto a = *due;
        alarms_.erase(due);
        const auto found = jobs_.find(a.ticket);
        if (found == jobs_.end()) continue;
        auto& j = found->second;
        const bool waits = j.state == where::waiting;
        if (a.kind == alarm_kind::offer && j.state == where::offered) {
            const auto hands = j.hands;
            for (const auto& h : hands) {
                if (h.expires > now_) continue;
                const bool last = end(j, h.agent, end_reason::timed_out, out);
                missed(h.agent, j, h.began, out);
                refuse(j, h.agent, false, out);
                if (last) place_and_mark(j, trigger::ticket_waiting, out);
            }
        } else if (a.kind == alarm_kind::cool) {
            const auto ended = std::erase_if(j.ticket.refused, [this](const refusal& r) { return r.until <= now_; });
            if (ended > 0 && waits) marked_tickets_.try_emplace(a.ticket, trigger::cooled_down);
        } else if (a.kind == alarm_kind::delay && waits) {
            place_and_mark(j, trigger::ticket_waiting, out);
        } else if (a.kind == alarm_kind::step) {
            if (take_due_steps(j, out)) marked_tickets_.try_emplace(a.ticket, trigger::ticket_waiting);
        } else if (a.kind == alarm_kind::hold && waits && j.holder != 0 && *j.ticket.hold_until <= now_) {
            place_and_mark(j, trigger::ticket_waiting, out);
        } else if (a.kind == alarm_kind::callback && j.state == where::scheduled && *j.ticket.not_before <= now_) {
            place_and_mark(j, trigger::ticket_waiting, out);
        }
    }
    rematch(out);
}

void oracle::start(timestamp now, decisions& out) {
    licences_seen_ = now_;
    started_ = true;
    for (const auto& [id, p] : people_) marked_agents_.try_emplace(id, trigger::start);
    advance(now, out);
}

std::map<queue_id, std::vector<seconds>> oracle::stages() const {
    std::map<queue_id, std::vector<seconds>> all;
    for (const auto& [id, p] : people_)
        for (const auto& m : p.config.memberships)
            if (m.delay > seconds{0}) all[m.queue].push_back(m.delay);
    for (auto& [q, list] : all) {
        std::ranges::sort(list);
        const auto [first, last] = std::ranges::unique(list);
        list.erase(first, last);
    }
    return all;
}

void oracle::restage(const std::map<queue_id, std::vector<seconds>>& before, decisions& out) {
    auto after = stages();
    auto old = before;
    std::set<queue_id> changed;
    for (const auto& [id, q] : before) changed.insert(id);
    for (const auto& [id, q] : after) changed.insert(id);
    for (const auto q : changed)
        for (auto& [id, j] : jobs_)
            if (j.ticket.queue == q && j.state == where::waiting && old[q] != after[q]) replace(j, out);
}

void oracle::put(const queue_config& queue, timestamp now, decisions& out) {
    advance(now, out);
    const auto adds = [](const queue_config& q, queue_id other) {
        return std::ranges::any_of(q.steps, [&](const relaxation_step& s) {
            return std::ranges::any_of(s.mutations, [&](const mutation& m) {
                return m.what == mutation::kind::add_queue && m.queue == other;
            });
        });
    };
    auto old = queue_config{.id = queue.id};
    if (all_queues_.contains(queue.id)) old = all_queues_.at(queue.id);
    const bool reaches_out = !old.steps.empty() || !queue.steps.empty() ||
                             std::ranges::any_of(all_queues_, [&](const auto& e) { return adds(e.second, queue.id); });
    queues_[queue.id] = all_queues_[queue.id] = queue;
    for (auto& [id, j] : jobs_) {
        if (j.state != where::waiting || j.ticket.queue != queue.id) continue;
        if (old.order != queue.order || old.boost != queue.boost || old.due_in != queue.due_in ||
            old.steps != queue.steps)
            replace(j, out);
    }
    for (const auto& [id, j] : jobs_)
        if (j.state == where::waiting && j.ticket.queue == queue.id && is_shut(j) &&
            queue.when_closed != closed_action::wait)
            marked_tickets_.try_emplace(id, trigger::configuration);
    for (const auto& [id, p] : people_)
        if (reaches_out ||
            std::ranges::find(p.config.memberships, queue.id, &membership::queue) != p.config.memberships.end())
            marked_agents_.try_emplace(id, trigger::configuration);
    rematch(out);
}

void oracle::put(const agent_config& agent, timestamp now, decisions& out) {
    advance(now, out);
    const auto before = stages();
    const auto number = first_seen_.try_emplace(agent.id, first_seen_.size()).first->second;
    people_[agent.id].config = agent;
    people_[agent.id].joined = number;
    restage(before, out);
    marked_agents_.try_emplace(agent.id, trigger::configuration);
    end_impossible_offers(agent.id, out);
    rematch(out);
}

void oracle::remove_queue(queue_id queue, timestamp now, decisions& out) {
    advance(now, out);
    queues_.erase(queue);
    rematch(out);
}

void oracle::remove_agent(agent_id agent, timestamp now, decisions& out) {
    advance(now, out);
    if (!people_.contains(agent)) return;
    people_.at(agent).accepts = {};
    end_impossible_offers(agent, out);
    std::erase_if(jobs_, [agent](const auto& e) { return e.second.is_with(agent); });
    const auto before = stages();
    people_.erase(agent);
    restage(before, out);
    rematch(out);
}

bool oracle::presence(agent_id agent, channel_set channels, timestamp now, decisions& out) {
    advance(now, out);
    const auto p = people_.find(agent);
    if (p == people_.end()) return false;
    p->second.missed = 0;
    if (p->second.accepts.empty() && !channels.empty()) p->second.stamp = ++stamps_;
    p->second.accepts = channels;
    end_impossible_offers(agent, out);
    marked_agents_.try_emplace(agent, trigger::agent_free);
    rematch(out);
    return true;
}

bool oracle::shift(agent_id agent, std::optional<timestamp> end, timestamp now, decisions& out) {
    advance(now, out);
    const auto p = people_.find(agent);
    if (p == people_.end()) return false;
    p->second.shift_end = end;
    marked_agents_.try_emplace(agent, trigger::agent_free);
    rematch(out);
    return true;
}

void oracle::new_day(timestamp now, decisions& out) {
    advance(now, out);
    for (auto& [id, p] : people_) p.today = 0;
}

void oracle::waiting(const waiting_ticket& ticket, timestamp now, decisions& out) {
    advance(now, out);
    const auto known = jobs_.find(ticket.id);
    const bool is_new = known == jobs_.end();
    if (!is_new) {
        auto& j = known->second;
        const auto sorted = [](auto list) {
            std::ranges::sort(list);
            return list;
        };
        const auto& old = j.ticket;
        if (j.state == where::offered && old.queue == ticket.queue && old.channel == ticket.channel &&
            medium_of(old).message == medium_of(ticket).message && old.tier == ticket.tier &&
            old.priority == ticket.priority && old.enqueued_at == ticket.enqueued_at &&
            old.difficulty == ticket.difficulty && old.step == ticket.step && old.due_at == ticket.due_at &&
            sorted(old.skills) == sorted(ticket.skills) && sorted(old.licences) == sorted(ticket.licences)) {
            enter(j, ticket);
            return;
        }
        forget(ticket.id, end_reason::replaced, out);
    }
    auto& j = jobs_[ticket.id];
    enter(j, ticket);
    j.arrived = started_ && is_new;
    place_and_mark(j, trigger::ticket_waiting, out);
    rematch(out);
}

bool oracle::gone(ticket_id ticket, timestamp now, decisions& out) {
    advance(now, out);
    if (!jobs_.contains(ticket)) return false;
    forget(ticket, end_reason::ticket_gone, out);
    rematch(out);
    return true;
}

bool oracle::accepted(ticket_id ticket, agent_id agent, timestamp now, decisions& out) {
    advance(now, out);
    const auto found = jobs_.find(ticket);
    if (found == jobs_.end() || !people_.contains(agent)) return false;
    const auto& j = found->second;
    const bool held = j.state == where::active || j.state == where::parked;
    const bool soft = held ? j.interruptible : queue_of(j).interruptible;
    return assigned({ticket, agent, j.ticket.queue, j.ticket.channel, soft, false, j.ticket.left_message}, now, out);
}

bool oracle::decline(ticket_id t, agent_id a, std::int64_t version, bool was_missed, timestamp now, decisions& out) {
    advance(now, out);
    const auto found = jobs_.find(t);
    if (found == jobs_.end() || !people_.contains(a)) return false;
    auto& j = found->second;
    if (j.state != where::offered || !j.is_with(a)) return false;
    const auto began = std::ranges::find(j.hands, a, &hand::agent)->began;
    drop(j, a, false);
    const bool last = j.hands.empty();
    j.ticket.version = version;
    if (was_missed)
        missed(a, j, began, out);
    else
        people_.at(a).missed = 0;
    refuse(j, a, !was_missed, out);
    if (last) place_and_mark(j, trigger::ticket_waiting, out);
    rematch(out);
    return true;
}

bool oracle::declined(ticket_id t, agent_id a, std::int64_t version, timestamp now, decisions& out) {
    return decline(t, a, version, false, now, out);
}

bool oracle::timed_out(ticket_id t, agent_id a, std::int64_t version, timestamp now, decisions& out) {
    return decline(t, a, version, true, now, out);
}

bool oracle::assigned(const held_item& item, timestamp now, decisions& out) {
    advance(now, out);
    const bool known = assign(item, out);
    rematch(out);
    return known;
}

bool oracle::assign(const held_item& item, decisions& out) {
    if (!people_.contains(item.agent)) return false;
    auto& p = people_.at(item.agent);
    if (const auto found = jobs_.find(item.ticket); found != jobs_.end()) {
        auto& j = found->second;
        if (j.is_with(item.agent)) {
            if (j.state != where::offered) return true;
            const auto hands = j.hands;
            for (const auto& h : hands)
                if (h.agent != item.agent) end(j, h.agent, end_reason::sibling_won, out);
            j.state = where::active;
            p.missed = 0;
            ++p.today;
            if (may_wait(medium_of(j.ticket)) && std::ranges::find(j.hands, item.agent, &hand::agent)->alone)
                marked_agents_.try_emplace(item.agent, trigger::agent_free);
            begin(item.agent, item.ticket, out);
            return true;
        }
        forget(item.ticket, end_reason::ticket_gone, out);
    }
    auto& j = jobs_[item.ticket];
    j.ticket.id = item.ticket;
    j.ticket.queue = item.queue;
    j.ticket.channel = item.channel;
    j.ticket.left_message = item.left_message;
    take(j, item.agent, item.parked ? where::parked : where::active);
    j.interruptible = item.interruptible && may_wait(medium_of(j.ticket));
    p.missed = 0;
    if (started_) ++p.today;
    if (started_ && !item.parked) begin(item.agent, item.ticket, out);
    return true;
}

bool oracle::released(ticket_id ticket, agent_id agent, timestamp now, decisions& out) {
    advance(now, out);
    const auto found = jobs_.find(ticket);
    if (found == jobs_.end()) return false;
    const auto& j = found->second;
    if ((j.state != where::active && j.state != where::parked) || !j.is_with(agent)) return false;
    return gone(ticket, now, out);
}

void oracle::commit_failed(ticket_id ticket, agent_id agent, const std::optional<waiting_ticket>& fresh,
                           const std::optional<std::vector<held_item>>& held, timestamp now, decisions& out) {
    advance(now, out);
    const bool known = people_.contains(agent);
    if (const auto found = jobs_.find(ticket); found != jobs_.end()) {
        auto& j = found->second;
        const bool this_offer = j.state == where::offered && j.is_with(agent);
        const bool waits = j.state == where::waiting || j.state == where::scheduled;
        if (this_offer) drop(j, agent, true);
        if (waits || (this_offer && j.hands.empty()))
            jobs_.erase(found);
        else if (this_offer && fresh)
            j.ticket.version = fresh->version;
    }
    if (held && known) {
        for (const auto t : in_order_taken(agent)) {
            auto& j = jobs_.at(t);
            if (j.state == where::offered || std::ranges::find(*held, t, &held_item::ticket) != held->end()) continue;
            drop(j, agent, false);
            jobs_.erase(t);
        }
        for (const auto& h : *held) assign(h, out);
        resume(agent, out);
    }
    if (fresh && !jobs_.contains(ticket)) {
        auto& j = jobs_[ticket];
        enter(j, *fresh);
        if (known) set_aside(j, {agent, now_ + settings_.retry});
        place_and_mark(j, trigger::ticket_waiting, out);
    }
    if (known) marked_agents_.try_emplace(agent, trigger::agent_free);
    rematch(out);
}

bool oracle::restore_today(agent_id agent, std::uint32_t items) {
    if (!people_.contains(agent)) return false;
    people_.at(agent).today = items;
    return true;
}

bool oracle::restore_held(const held_item& item) {
    decisions none;
    return assigned(item, now_, none);
}

bool oracle::restore_offer(const waiting_ticket& ticket, agent_id agent, timestamp expires_at) {
    if (!people_.contains(agent)) return false;
    const auto found = jobs_.find(ticket.id);
    if (found != jobs_.end() && (found->second.state != where::offered || found->second.is_with(agent))) return false;
    auto& j = jobs_[ticket.id];
    if (found == jobs_.end()) enter(j, ticket);
    if (j.hands.empty()) j.interruptible = queue_of(j).interruptible && may_wait(medium_of(j.ticket));
    take(j, agent, where::offered);
    j.hands.back().began = expires_at - queue_of(j).ring;
    j.hands.back().expires = expires_at;
    j.hands.back().alone = queue_of(j).fan_out == 1;
    set_alarm(expires_at, ticket.id, alarm_kind::offer);
    return true;
}

} // namespace switchboard::routing

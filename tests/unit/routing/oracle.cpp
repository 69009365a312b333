#include "unit/routing/oracle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <climits>

namespace switchboard::routing {

namespace {

bool may_wait(channel c) {
    return c == channel::email || c == channel::fax || c == channel::post || c == channel::social;
}

bool beside(const agent_config& c, channel held, bool interruptible, channel added) {
    return c.allow[static_cast<std::size_t>(held)].contains(added) ||
           (interruptible && c.interrupt[static_cast<std::size_t>(held)].contains(added));
}

const channel_cap& cap(const agent_config& c, channel ch) {
    return c.caps[static_cast<std::size_t>(ch)];
}

} // namespace

// What is true now.

oracle::order oracle::order_of(const job& j) const {
    auto key = j.ticket.enqueued_at.time_since_epoch().count();
    const auto q = all_queues_.find(j.ticket.queue);
    if (q != all_queues_.end() && q->second.order == order_mode::aging)
        key -= std::chrono::microseconds{q->second.boost[static_cast<std::size_t>(j.ticket.priority)]}.count();
    return {j.ticket.tier, key, j.ticket.id};
}

std::vector<ticket_id> oracle::in_order_taken(agent_id a) const {
    std::vector<ticket_id> ids;
    for (const auto* j : items_of(a)) ids.push_back(j->ticket.id);
    return ids;
}

std::vector<const oracle::job*> oracle::items_of(agent_id a) const {
    std::vector<const job*> items;
    for (const auto& [id, j] : jobs_)
        if (j.state != where::waiting && j.agent == a) items.push_back(&j);
    std::ranges::sort(items, {}, &job::taken);
    return items;
}

bool oracle::accepts(const person& p, channel c) const {
    return p.accepts.contains(c) && cap(p.config, c).max > 0;
}

bool oracle::has_room(const person& p, channel c) const {
    if (!accepts(p, c)) return false;
    int same = 0, units = cap(p.config, c).weight;
    for (const auto* i : items_of(p.config.id)) {
        if (i->ticket.channel == c) ++same;
        if (may_wait(c) || !i->interruptible) units += cap(p.config, i->ticket.channel).weight;
        if (!beside(p.config, i->ticket.channel, i->interruptible, c)) return false;
    }
    return same < cap(p.config, c).max && units <= p.config.units;
}

bool oracle::skilled(const person& p, const job& j) const {
    const auto& t = j.ticket;
    const auto q = queues_.find(t.queue);
    if (q == queues_.end() || (!q->second.open && !may_wait(t.channel))) return false;
    const auto m = std::ranges::find(p.config.memberships, t.queue, &membership::queue);
    return m != p.config.memberships.end() &&
           std::chrono::microseconds{m->delay}.count() <= std::max<std::int64_t>(0, j.age_seen) && suited(p, j);
}

bool oracle::suited(const person& p, const job& j) const {
    const auto& t = j.ticket;
    if (std::ranges::find(p.config.memberships, t.queue, &membership::queue) == p.config.memberships.end()) return false;
    for (const auto& need : t.skills) {
        int level = 0;
        for (const auto& s : p.config.skills)
            if (s.skill == need.skill) level = s.level;
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
    return p.config.grade >= t.difficulty;
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
    return q != all_queues_.end() && q->second.reserve > 0 && may_wait(j.ticket.channel);
}

bool oracle::reserve_allows(const person& p, const job& j) const {
    if (!is_reserved(j)) return true;
    const auto live = [&](const person& x, auto test) {
        return test(x, channel::phone) || test(x, channel::chat) || test(x, channel::walkin);
    };
    if (!live(p, [this](const person& x, channel c) { return accepts(x, c); })) return true;
    int idle = 0;
    for (const auto& [id, x] : people_) {
        const auto items = items_of(id);
        if (skilled(x, j) && live(x, [this](const person& y, channel c) { return has_room(y, c); }) &&
            std::ranges::all_of(items, [](const job* i) { return may_wait(i->ticket.channel); }))
            ++idle;
    }
    return idle > all_queues_.at(j.ticket.queue).reserve;
}

bool oracle::can_take(const person& p, const job& j) const {
    return has_room(p, j.ticket.channel) && skilled(p, j) && !refused(j, p.config.id) && reserve_allows(p, j);
}

bool oracle::loads(channel c) const {
    return !(settings_.deferrable_keeps_idle && may_wait(c));
}

bool oracle::loaded(const person& p) const {
    return std::ranges::any_of(items_of(p.config.id), [this](const job* i) { return loads(i->ticket.channel); });
}

agent_id oracle::choose(const job& j, bool& known) const {
    known = true;
    for (const auto id : j.ticket.affinity)
        if (const auto p = people_.find(id);
            p != people_.end() && !marked_agents_.contains(id) && can_take(p->second, j))
            return id;
    known = false;
    agent_id best = 0;
    std::tuple<int, bool, std::uint64_t> best_key;
    for (const auto& [id, p] : people_) {
        if (marked_agents_.contains(id) || !can_take(p, j)) continue;
        const auto m = std::ranges::find(p.config.memberships, j.ticket.queue, &membership::queue);
        const std::tuple key{m->rank, loaded(p), p.stamp};
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
    j.state = where::waiting;
    j.agent = 0;
    j.age_seen = (now_ - j.ticket.enqueued_at).count();
    const auto all = stages();
    if (const auto delays = all.find(j.ticket.queue); delays != all.end())
        for (const auto d : delays->second)
            if (std::chrono::microseconds{d}.count() > j.age_seen) {
                set_alarm(j.ticket.enqueued_at + d, j.ticket.id, alarm_kind::delay);
                break;
            }
}

void oracle::take(job& j, agent_id a, where state) {
    auto& p = people_.at(a);
    j.state = state;
    j.agent = a;
    j.taken = ++taken_;
    j.previous_stamp = j.stamp = p.stamp;
    if (loads(j.ticket.channel)) j.stamp = p.stamp = ++stamps_;
}

void oracle::drop(job& j, bool keeps_place) {
    auto& p = people_.at(j.agent);
    const bool was_offer = j.state == where::offered;
    j.state = where::waiting;
    marked_agents_.try_emplace(j.agent, trigger::agent_free);
    if (!loads(j.ticket.channel)) return;
    if (keeps_place && was_offer && p.stamp == j.stamp)
        p.stamp = j.previous_stamp;
    else if (!loaded(p))
        p.stamp = ++stamps_;
}

void oracle::offer(job& j, agent_id a, bool known, trigger why, decisions& out) {
    const auto& p = people_.at(a);
    if (j.state != where::waiting) broken_.push_back(fmt::format("{} offered twice", j.ticket.id));
    const auto boost_max = std::chrono::microseconds{std::ranges::max(queue_config{}.boost)};
    for (const auto& [id, other] : jobs_)
        if (other.state == where::waiting && other.ticket.tier == j.ticket.tier && can_take(p, other) &&
            other.ticket.enqueued_at + boost_max < j.ticket.enqueued_at)
            broken_.push_back(fmt::format("{} overtakes {} at {}", j.ticket.id, id, a));
    const auto& q = queues_.at(j.ticket.queue);
    const auto rank = std::ranges::find(p.config.memberships, j.ticket.queue, &membership::queue)->rank;
    const auto [tier, key, id] = order_of(j);
    take(j, a, where::offered);
    j.interruptible = q.interruptible;
    j.expires = now_ + q.ring;
    set_alarm(j.expires, id, alarm_kind::offer);
    int same = 0;
    for (const auto* i : items_of(a)) same += i->ticket.channel == j.ticket.channel ? 1 : 0;
    if (same > cap(p.config, j.ticket.channel).max) broken_.push_back(fmt::format("{} holds too much", a));
    for (const auto& l : j.ticket.licences)
        if (!licence_valid(p.config.licences, l, now_, settings_.min_licence_validity))
            broken_.push_back(fmt::format("{} offered to {} without licence", id, a));
    const auto biased = static_cast<std::uint64_t>(key + (std::int64_t{1} << 61)) | static_cast<std::uint64_t>(tier)
                                                                                        << 62;
    out.push_back(make_offer{.ticket = id,
                             .agent = a,
                             .queue = q.id,
                             .channel = j.ticket.channel,
                             .weight = cap(p.config, j.ticket.channel).weight,
                             .interruptible = q.interruptible,
                             .version = j.ticket.version++,
                             .at = now_,
                             .expires_at = j.expires,
                             .facts = {.why = why, .by_affinity = known, .rank = rank, .order_key = biased}});
}

void oracle::place_and_mark(job& j, trigger why) {
    place(j);
    marked_tickets_.try_emplace(j.ticket.id, why);
}

void oracle::rematch(decisions& out) {
    if (started_) {
        std::vector<ticket_id> tickets;
        for (const auto& [t, why] : marked_tickets_)
            if (jobs_.contains(t) && jobs_.at(t).state == where::waiting) tickets.push_back(t);
        std::ranges::sort(tickets, {}, [this](ticket_id t) { return order_of(jobs_.at(t)); });
        for (const auto t : tickets) {
            bool known = false;
            auto& j = jobs_.at(t);
            if (const auto a = choose(j, known); a != 0) offer(j, a, known, marked_tickets_.at(t), out);
        }
        std::vector<std::tuple<bool, std::uint64_t, std::uint64_t, agent_id, trigger>> agents;
        for (const auto& [a, why] : marked_agents_)
            if (const auto p = people_.find(a); p != people_.end())
                agents.emplace_back(loaded(p->second), p->second.stamp, p->second.joined, a, why);
        std::ranges::sort(agents);
        marked_agents_.clear();
        for (const auto& [l, s, n, a, why] : agents) settle(a, why, out);
    }
    marked_tickets_.clear();
    marked_agents_.clear();
}

void oracle::settle(agent_id a, trigger why, decisions& out) {
    for (;;) {
        const auto& p = people_.at(a);
        job* best = nullptr;
        for (auto& [id, j] : jobs_) {
            if (j.state != where::waiting) continue;
            bool known = false;
            const bool possible = is_reserved(j) ? skilled(p, j) && choose(j, known) != 0 : can_take(p, j);
            if (possible && (best == nullptr || order_of(j) < order_of(*best))) best = &j;
        }
        if (best == nullptr) return;
        bool known = false;
        const auto who = is_reserved(*best) ? choose(*best, known) : a;
        offer(*best, who, known, why, out);
    }
}

seconds oracle::cool_of(const job& j) const {
    const auto q = all_queues_.find(j.ticket.queue);
    return q == all_queues_.end() ? queue_config{}.cool : q->second.cool;
}

void oracle::end(job& j, end_reason reason, decisions& out) {
    const bool own = reason == end_reason::timed_out || reason == end_reason::agent_gone;
    const bool again = own || reason == end_reason::interrupted;
    const auto a = j.agent;
    drop(j, !own);
    j.state = where::offered; // not to be chosen before it has a place again
    j.agent = 0;
    out.push_back(end_offer{.ticket = j.ticket.id,
                            .agent = a,
                            .reason = reason,
                            .waits_again = again,
                            .version = j.ticket.version,
                            .refused_until = own ? std::optional{now_ + cool_of(j)} : std::nullopt,
                            .at = now_});
    if (again) ++j.ticket.version;
}

void oracle::set_aside(job& j, agent_id a, timestamp until) {
    std::erase_if(j.ticket.refused, [a](const refusal& r) { return r.agent == a; });
    j.ticket.refused.push_back({a, until});
    set_alarm(until, j.ticket.id, alarm_kind::cool);
}

void oracle::refuse(job& j, agent_id a, decisions& out) {
    set_aside(j, a, now_ + cool_of(j));
    if (j.ticket.refusals_cleared) return;
    j.age_seen = (now_ - j.ticket.enqueued_at).count();
    bool somebody = false, all = true;
    for (const auto& [id, p] : people_) {
        if (!skilled(p, j) || !accepts(p, j.ticket.channel)) continue;
        somebody = true;
        all = all && refused(j, id);
    }
    if (!somebody || !all) return;
    j.ticket.refusals_cleared = true;
    j.ticket.refused.clear();
    out.push_back(clear_refusals{j.ticket.id, now_});
}

void oracle::missed(agent_id a, channel c, decisions& out) {
    auto& p = people_.at(a);
    ++p.missed;
    const auto limit = c == channel::phone ? settings_.missed_limit_voice : settings_.missed_limit;
    if (limit == 0 || p.missed < limit || p.accepts.empty()) return;
    p.accepts = {};
    out.push_back(set_not_ready{a, p.missed, now_});
    end_impossible_offers(a, out);
}

void oracle::end_impossible_offers(agent_id a, decisions& out) {
    const auto& p = people_.at(a);
    std::vector<ticket_id> ended;
    for (const auto t : in_order_taken(a)) {
        const auto& j = jobs_.at(t);
        if (j.state == where::offered && !(p.accepts.contains(j.ticket.channel) && suited(p, j))) ended.push_back(t);
    }
    for (const auto t : ended) end(jobs_.at(t), end_reason::agent_gone, out);
    for (const auto t : ended) {
        refuse(jobs_.at(t), a, out);
        place_and_mark(jobs_.at(t), trigger::ticket_waiting);
    }
}

void oracle::begin(agent_id a, ticket_id t, decisions& out) {
    const auto& config = people_.at(a).config;
    const auto& work = jobs_.at(t);
    std::vector<ticket_id> ended;
    for (const auto id : in_order_taken(a)) {
        auto& j = jobs_.at(id);
        if (id == t) continue;
        const auto row = static_cast<std::size_t>(j.ticket.channel);
        if (j.state == where::active && j.interruptible && !config.allow[row].contains(work.ticket.channel) &&
            config.interrupt[row].contains(work.ticket.channel)) {
            j.state = where::parked;
            out.push_back(park_item{id, a, now_});
        }
        if (j.state == where::offered && !beside(config, work.ticket.channel, work.interruptible, j.ticket.channel))
            ended.push_back(id);
    }
    for (const auto id : ended) {
        end(jobs_.at(id), end_reason::interrupted, out);
        place_and_mark(jobs_.at(id), trigger::ticket_waiting);
    }
}

void oracle::resume(agent_id a, decisions& out) {
    for (const auto id : in_order_taken(a)) {
        auto& j = jobs_.at(id);
        if (j.state != where::parked) continue;
        const auto& allowed = people_.at(a).config.allow[static_cast<std::size_t>(j.ticket.channel)];
        if (std::ranges::any_of(items_of(a), [&](const job* o) {
                return o != &j && o->state == where::active && !allowed.contains(o->ticket.channel);
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
        if (a.kind == alarm_kind::offer && j.state == where::offered && j.expires <= now_) {
            const auto who = j.agent;
            end(j, end_reason::timed_out, out);
            missed(who, j.ticket.channel, out);
            refuse(j, who, out);
            place_and_mark(j, trigger::ticket_waiting);
        } else if (a.kind == alarm_kind::cool) {
            const auto ended = std::erase_if(j.ticket.refused, [this](const refusal& r) { return r.until <= now_; });
            if (ended > 0 && j.state == where::waiting) marked_tickets_.try_emplace(a.ticket, trigger::cooled_down);
        } else if (a.kind == alarm_kind::delay && j.state == where::waiting) {
            place_and_mark(j, trigger::ticket_waiting);
        }
    }
    rematch(out);
}

void oracle::start(timestamp now, decisions& out) {
    licences_seen_ = now_;
    started_ = true;
    advance(now, out);
    for (const auto& [id, p] : people_) marked_agents_.try_emplace(id, trigger::start);
    rematch(out);
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

void oracle::restage(const std::map<queue_id, std::vector<seconds>>& before) {
    auto after = stages();
    auto old = before;
    for (auto& [id, j] : jobs_)
        if (j.state == where::waiting && old[j.ticket.queue] != after[j.ticket.queue]) place(j);
}

void oracle::put(const queue_config& queue, timestamp now, decisions& out) {
    advance(now, out);
    queues_[queue.id] = all_queues_[queue.id] = queue;
    for (const auto& [id, p] : people_)
        if (std::ranges::find(p.config.memberships, queue.id, &membership::queue) != p.config.memberships.end())
            marked_agents_.try_emplace(id, trigger::configuration);
    rematch(out);
}

void oracle::put(const agent_config& agent, timestamp now, decisions& out) {
    advance(now, out);
    const auto before = stages();
    const auto number = first_seen_.try_emplace(agent.id, first_seen_.size()).first->second;
    people_[agent.id].config = agent;
    people_[agent.id].joined = number;
    restage(before);
    marked_agents_.try_emplace(agent.id, trigger::configuration);
    end_impossible_offers(agent.id, out);
    rematch(out);
}

void oracle::remove_queue(queue_id queue, timestamp now, decisions& out) {
    advance(now, out);
    queues_.erase(queue);
}

void oracle::remove_agent(agent_id agent, timestamp now, decisions& out) {
    advance(now, out);
    if (!people_.contains(agent)) return;
    people_.at(agent).accepts = {};
    end_impossible_offers(agent, out);
    std::erase_if(jobs_,
                  [agent](const auto& e) { return e.second.state != where::waiting && e.second.agent == agent; });
    const auto before = stages();
    people_.erase(agent);
    restage(before);
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

void oracle::waiting(const waiting_ticket& ticket, timestamp now, decisions& out) {
    advance(now, out);
    if (const auto known = jobs_.find(ticket.id); known != jobs_.end()) {
        auto& j = known->second;
        const auto sorted = [](auto list) {
            std::ranges::sort(list);
            return list;
        };
        const auto& old = j.ticket;
        if (j.state == where::offered && old.queue == ticket.queue && old.channel == ticket.channel &&
            old.tier == ticket.tier && old.priority == ticket.priority && old.enqueued_at == ticket.enqueued_at &&
            old.difficulty == ticket.difficulty && sorted(old.skills) == sorted(ticket.skills) &&
            sorted(old.licences) == sorted(ticket.licences)) {
            j.ticket = ticket;
            j.ticket.refused.clear();
            for (const auto& r : ticket.refused)
                if (r.until > now_) set_aside(j, r.agent, r.until);
            return;
        }
        const auto who = j.agent;
        const bool held = j.state == where::active || j.state == where::parked;
        if (j.state == where::offered) end(j, end_reason::replaced, out);
        if (held) drop(j, false);
        jobs_.erase(known);
        if (held) resume(who, out);
    }
    auto& j = jobs_[ticket.id];
    j.ticket = ticket;
    j.ticket.refused.clear();
    for (const auto& r : ticket.refused)
        if (r.until > now_) set_aside(j, r.agent, r.until);
    place_and_mark(j, trigger::ticket_waiting);
    rematch(out);
}

bool oracle::gone(ticket_id ticket, timestamp now, decisions& out) {
    advance(now, out);
    const auto found = jobs_.find(ticket);
    if (found == jobs_.end()) return false;
    auto& j = found->second;
    const auto who = j.agent;
    const bool held = j.state == where::active || j.state == where::parked;
    if (j.state == where::offered) end(j, end_reason::ticket_gone, out);
    if (held) drop(j, false);
    jobs_.erase(found);
    if (held) resume(who, out);
    rematch(out);
    return true;
}

bool oracle::accepted(ticket_id ticket, agent_id agent, timestamp now, decisions& out) {
    advance(now, out);
    const auto found = jobs_.find(ticket);
    if (found == jobs_.end() || !people_.contains(agent)) return false;
    const auto& j = found->second;
    const auto q = all_queues_.find(j.ticket.queue);
    const bool held = j.state == where::active || j.state == where::parked;
    const bool soft = held ? j.interruptible : q != all_queues_.end() && q->second.interruptible;
    return assigned({ticket, agent, j.ticket.queue, j.ticket.channel, soft, false}, now, out);
}

bool oracle::decline(ticket_id t, agent_id a, std::int64_t version, bool was_missed, timestamp now, decisions& out) {
    advance(now, out);
    const auto found = jobs_.find(t);
    if (found == jobs_.end() || !people_.contains(a)) return false;
    auto& j = found->second;
    if (j.state != where::offered || j.agent != a) return false;
    drop(j, false);
    j.state = where::offered;
    j.agent = 0;
    j.ticket.version = version;
    if (was_missed)
        missed(a, j.ticket.channel, out);
    else
        people_.at(a).missed = 0;
    refuse(j, a, out);
    place_and_mark(j, trigger::ticket_waiting);
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
    if (const auto found = jobs_.find(item.ticket); found != jobs_.end()) {
        auto& j = found->second;
        if (j.state != where::waiting && j.agent == item.agent) {
            if (j.state == where::offered) {
                j.state = where::active;
                people_.at(item.agent).missed = 0;
                begin(item.agent, item.ticket, out);
            }
            return true;
        }
        const auto other = j.agent;
        const bool held = j.state == where::active || j.state == where::parked;
        if (j.state == where::offered) end(j, end_reason::ticket_gone, out);
        if (held) drop(j, false);
        jobs_.erase(found);
        if (held) resume(other, out);
    }
    auto& j = jobs_[item.ticket];
    j.ticket.id = item.ticket;
    j.ticket.queue = item.queue;
    j.ticket.channel = item.channel;
    take(j, item.agent, item.parked ? where::parked : where::active);
    j.interruptible = item.interruptible;
    people_.at(item.agent).missed = 0;
    if (started_ && !item.parked) begin(item.agent, item.ticket, out);
    return true;
}

bool oracle::released(ticket_id ticket, agent_id agent, timestamp now, decisions& out) {
    advance(now, out);
    const auto found = jobs_.find(ticket);
    if (found == jobs_.end()) return false;
    const auto& j = found->second;
    if ((j.state != where::active && j.state != where::parked) || j.agent != agent) return false;
    return gone(ticket, now, out);
}

void oracle::commit_failed(ticket_id ticket, agent_id agent, const std::optional<waiting_ticket>& fresh,
                           const std::optional<std::vector<held_item>>& held, timestamp now, decisions& out) {
    advance(now, out);
    const bool known = people_.contains(agent);
    if (const auto found = jobs_.find(ticket); found != jobs_.end()) {
        auto& j = found->second;
        const bool this_offer = j.state == where::offered && j.agent == agent;
        const bool waits = j.state == where::waiting;
        if (this_offer) drop(j, true);
        if (this_offer || waits) jobs_.erase(found);
    }
    if (held && known) {
        for (const auto t : in_order_taken(agent)) {
            auto& j = jobs_.at(t);
            if (j.state == where::offered || std::ranges::find(*held, t, &held_item::ticket) != held->end()) continue;
            drop(j, false);
            jobs_.erase(t);
        }
        for (const auto& h : *held) assign(h, out);
        resume(agent, out);
    }
    if (fresh && !jobs_.contains(ticket)) {
        auto& j = jobs_[ticket];
        j.ticket = *fresh;
        j.ticket.refused.clear();
        for (const auto& r : fresh->refused)
            if (r.until > now_) set_aside(j, r.agent, r.until);
        if (known) set_aside(j, agent, now_ + settings_.retry);
        place_and_mark(j, trigger::ticket_waiting);
    }
    if (known) marked_agents_.try_emplace(agent, trigger::agent_free);
    rematch(out);
}

bool oracle::restore_held(const held_item& item) {
    decisions none;
    return assigned(item, now_, none);
}

bool oracle::restore_offer(const waiting_ticket& ticket, agent_id agent, timestamp expires_at) {
    if (!people_.contains(agent) || jobs_.contains(ticket.id)) return false;
    auto& j = jobs_[ticket.id];
    j.ticket = ticket;
    j.ticket.refused.clear();
    for (const auto& r : ticket.refused)
        if (r.until > now_) set_aside(j, r.agent, r.until);
    const auto q = all_queues_.find(ticket.queue);
    j.interruptible = q != all_queues_.end() && q->second.interruptible;
    take(j, agent, where::offered);
    j.expires = expires_at;
    set_alarm(expires_at, ticket.id, alarm_kind::offer);
    return true;
}

} // namespace switchboard::routing

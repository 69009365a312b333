#include <switchboard/engine/engine.hpp>

#include "engine/engine_state.hpp"

#include <algorithm>

namespace switchboard::routing {

engine::engine(engine_settings settings) : state_(std::make_unique<engine_state>(settings)) {}
engine::~engine() = default;
engine::engine(engine&&) noexcept = default;
engine& engine::operator=(engine&&) noexcept = default;

bool engine::restore_held(const held_item& item) {
    decisions none; // nothing is decided before the start
    const bool known = state_->assign(item, none);
    state_->rematch(none);
    return known;
}

bool engine::restore_offer(const waiting_ticket& ticket, agent_id agent, timestamp expires_at) {
    auto& p = *state_;
    const auto a = p.agent_number(agent);
    if (a == nobody) return false;
    auto slot = p.tickets.find(ticket.id);
    const bool is_sibling = slot != nobody;
    if (is_sibling && (p.tickets[slot].state != ticket_state::offered || p.is_offered_to(slot, a))) return false;
    if (!is_sibling) slot = p.enter(ticket);
    auto& r = p.tickets[slot];
    auto& q = p.queue_of(slot);
    const bool interruptible = is_sibling ? p.agents[r.agent].find(slot)->interruptible : q.config.interruptible;
    if (is_sibling) {
        p.tickets.make_extras(slot).siblings.push_back(a);
    } else {
        r.state = ticket_state::offered;
        r.agent = a;
        ++q.offered;
        p.watch_ringing(slot);
    }
    p.add_item(a, {.slot = slot,
                   .ticket = r.id,
                   .queue = ticket.queue,
                   .channel = lane_of(ticket.channel, ticket.left_message),
                   .interruptible = interruptible,
                   .state = item_state::offered,
                   .alone = q.config.fan_out == 1,
                   .began = expires_at - q.config.ring,
                   .expires = expires_at});
    p.timers.set(expires_at, timer_kind::offer_expires, r.id);
    return true;
}

bool engine::restore_today(agent_id agent, std::uint32_t items) {
    const auto number = state_->agent_number(agent);
    if (number == nobody) return false;
    state_->agents[number].today = items;
    state_->refresh(number);
    return true;
}

void engine::start(timestamp now, decisions& out) {
    auto& p = *state_;
    p.started = true;
    for (index_t a = 0; a < p.agents.size(); ++a)
        if (p.agents[a].known) p.mark_agent(a, trigger::start);
    p.advance(now, out);
}

bool engine::presence(agent_id agent, channel_set accepts, timestamp now, decisions& out) {
    auto& p = *state_;
    p.advance(now, out);
    const auto number = p.agent_number(agent);
    if (number == nobody) return false;
    auto& a = p.agents[number];
    a.missed = 0;
    if (a.accepts.empty() && !accepts.empty()) a.stamp = ++p.stamps; // who comes back queues up at the end
    a.accepts = accepts;
    p.refresh(number);
    p.end_impossible_offers(number, out);
    p.mark_agent(number, trigger::agent_free);
    p.rematch(out);
    return true;
}

bool engine::shift(agent_id agent, std::optional<timestamp> end, timestamp now, decisions& out) {
    auto& p = *state_;
    p.advance(now, out);
    const auto number = p.agent_number(agent);
    if (number == nobody) return false;
    p.agents[number].shift_end = end;
    p.watch_shift(number);
    p.refresh(number);
    p.mark_agent(number, trigger::agent_free);
    p.rematch(out);
    return true;
}

void engine::new_day(timestamp now, decisions& out) {
    auto& p = *state_;
    p.advance(now, out);
    for (index_t a = 0; a < p.agents.size(); ++a) {
        if (!p.agents[a].known) continue;
        p.agents[a].today = 0;
        p.refresh(a);
    }
}

void engine::waiting(const waiting_ticket& ticket, timestamp now, decisions& out) {
    auto& p = *state_;
    p.advance(now, out);
    const auto known = p.tickets.find(ticket.id);
    if (known != nobody) {
        auto& r = p.tickets[known];
        if (r.state == ticket_state::offered) {
            const auto same = p.classes.of(ticket, p.classes.terms(r.cls).delay_passed());
            p.prepare_class(same);
            const auto due = ticket.due_at ? ticket.due_at->time_since_epoch().count() : never;
            if (same.cls == r.cls && ticket.tier == r.tier && ticket.priority == r.priority &&
                ticket.enqueued_at.time_since_epoch().count() == r.enqueued && due == p.tickets.due(known)) {
                r.version = ticket.version;
                r.refusals_cleared = ticket.refusals_cleared;
                r.overflowed = ticket.overflowed;
                p.set_extras(known, ticket);
                return;
            }
        }
        p.pull_out(known, end_reason::replaced, out);
    }
    const auto slot = p.enter(ticket);
    p.tickets[slot].arrived = p.started && known == nobody;
    p.place_and_mark(slot, trigger::ticket_waiting, out);
    p.rematch(out);
}

bool engine::reorder(ticket_id ticket, int tier, int priority, std::optional<timestamp> due_at, std::int64_t version) {
    auto& p = *state_;
    const auto slot = p.tickets.find(ticket);
    if (slot == nobody || p.tickets[slot].state != ticket_state::offered) return false;
    p.set_rank(slot, tier, priority, due_at);
    p.tickets[slot].version = std::max(p.tickets[slot].version, version);
    return true;
}

bool engine::gone(ticket_id ticket, timestamp now, decisions& out) {
    auto& p = *state_;
    p.advance(now, out);
    const auto slot = p.tickets.find(ticket);
    if (slot == nobody) return false;
    p.pull_out(slot, end_reason::ticket_gone, out);
    p.rematch(out);
    return true;
}

bool engine::accepted(ticket_id ticket, agent_id agent, timestamp now, decisions& out) {
    auto& p = *state_;
    p.advance(now, out);
    const auto slot = p.tickets.find(ticket);
    const auto who = p.agent_number(agent);
    if (slot == nobody || who == nobody) return false;
    const auto& r = p.tickets[slot];
    held_item held{.ticket = ticket, .agent = agent};
    auto lane = channel::phone;
    if (r.state == ticket_state::held) {
        const auto& i = *p.agents[r.agent].find(slot);
        held.queue = i.queue;
        lane = i.channel;
        held.interruptible = i.interruptible;
    } else {
        held.queue = p.queue_of(slot).config.id;
        lane = p.facts[r.cls].channel;
        held.interruptible = p.queue_of(slot).config.interruptible;
    }
    held.channel = channel_of(lane);
    held.left_message = lane == message_lane;
    p.assign(held, out);
    p.rematch(out);
    return true;
}

bool engine::declined(ticket_id ticket, agent_id agent, std::int64_t version, timestamp now, decisions& out) {
    return state_->refused_elsewhere(ticket, agent, version, false, now, out);
}

bool engine::timed_out(ticket_id ticket, agent_id agent, std::int64_t version, timestamp now, decisions& out) {
    return state_->refused_elsewhere(ticket, agent, version, true, now, out);
}

bool engine::assigned(const held_item& item, timestamp now, decisions& out) {
    state_->advance(now, out);
    const bool known = state_->assign(item, out);
    state_->rematch(out);
    return known;
}

bool engine::released(ticket_id ticket, agent_id agent, timestamp now, decisions& out) {
    auto& p = *state_;
    p.advance(now, out);
    const auto slot = p.tickets.find(ticket);
    if (slot == nobody) return false;
    const auto& r = p.tickets[slot];
    if (r.state != ticket_state::held || p.agents[r.agent].config.id != agent) return false;
    p.pull_out(slot, end_reason::ticket_gone, out);
    p.rematch(out);
    return true;
}

bool engine::put_aside(ticket_id ticket, agent_id agent, timestamp now, decisions& out) {
    auto& p = *state_;
    p.advance(now, out);
    const auto slot = p.tickets.find(ticket);
    const auto who = p.agent_number(agent);
    if (slot == nobody || who == nobody || p.tickets[slot].state != ticket_state::held || p.tickets[slot].agent != who)
        return false;
    p.agents[who].find(slot)->state = item_state::parked;
    p.refresh(who);
    return true;
}

void engine::take_up(agent_id agent, timestamp now, decisions& out) {
    auto& p = *state_;
    p.advance(now, out);
    const auto who = p.agent_number(agent);
    if (who == nobody) return;
    p.resume_items(who, out);
    p.refresh(who);
    p.rematch(out);
}

void engine::advance(timestamp now, decisions& out) {
    state_->advance(now, out);
}

std::optional<timestamp> engine::next_timer() const {
    std::optional<timestamp> next;
    for (const auto* t : {&state_->timers, &state_->agent_timers, &state_->queue_timers})
        if (const auto at = t->next(); at && (!next || *at < *next)) next = at;
    return next;
}

void engine::commit_failed(ticket_id ticket, agent_id agent, const std::optional<waiting_ticket>& fresh,
                           const std::optional<std::vector<held_item>>& held, timestamp now, decisions& out) {
    auto& p = *state_;
    p.advance(now, out);
    const auto who = p.agent_number(agent);
    auto slot = p.tickets.find(ticket);
    if (slot != nobody) {
        auto& r = p.tickets[slot];
        const bool this_offer = who != nobody && p.is_offered_to(slot, who);
        const bool waits = r.state == ticket_state::waiting || r.state == ticket_state::scheduled;
        const bool last = this_offer && p.drop_offer(slot, who, true);
        if (waits) p.withdraw(slot);
        if (last || waits)
            p.forget(std::exchange(slot, nobody));
        else if (this_offer && fresh) // others have it still
            r.version = fresh->version;
    }
    if (held && who != nobody) p.correct_items(who, *held, out);
    if (fresh && slot == nobody && p.tickets.find(ticket) == nobody) {
        slot = p.enter(*fresh);
        // The same pair at once would fail again and again if the two views of the agent differ for longer.
        if (who != nobody) p.set_aside(slot, {agent, p.now + p.settings.retry});
        p.place_and_mark(slot, trigger::ticket_waiting, out);
    }
    if (who != nobody) p.mark_agent(who, trigger::agent_free);
    p.rematch(out);
}

queue_counts engine::counts(queue_id queue) const {
    auto& p = *state_;
    const auto it = p.queue_numbers.find(queue);
    if (it == p.queue_numbers.end()) return {};
    auto& q = p.queues[it->second];
    return {q.waiting, q.offered, oldest_waiting(q, p.tickets), q.scheduled};
}

std::optional<agent_view> engine::agent(agent_id agent) const {
    const auto& p = *state_;
    const auto number = p.agent_number(agent);
    if (number == nobody) return {};
    const auto& a = p.agents[number];
    agent_view view{.accepts = a.accepts, .available = a.available, .missed_in_row = a.missed};
    view.available.erase(message_lane);
    for (const auto& i : a.items) {
        if (i.state == item_state::offered)
            ++view.offered;
        else
            view.items.push_back({i.ticket, agent, i.queue, channel_of(i.channel), i.interruptible,
                                  i.state == item_state::parked, i.channel == message_lane});
    }
    std::ranges::sort(view.items, {}, &held_item::ticket);
    return view;
}

bool engine::is_waiting(ticket_id ticket) const {
    const auto slot = state_->tickets.find(ticket);
    return slot != nobody && state_->tickets[slot].state == ticket_state::waiting;
}

bool engine::is_held(ticket_id ticket) const {
    const auto slot = state_->tickets.find(ticket);
    return slot != nobody && state_->tickets[slot].state == ticket_state::held;
}

std::optional<std::int64_t> engine::version_of(ticket_id ticket) const {
    const auto& p = *state_;
    const auto slot = p.tickets.find(ticket);
    if (slot == nobody || p.tickets[slot].state == ticket_state::held) return {};
    return p.tickets[slot].version;
}

std::optional<agent_id> engine::offered_to(ticket_id ticket) const {
    const auto slot = state_->tickets.find(ticket);
    if (slot == nobody || state_->tickets[slot].state != ticket_state::offered) return {};
    return state_->agents[state_->tickets[slot].agent].config.id;
}

std::size_t engine::class_count() const {
    return state_->classes.size();
}
std::size_t engine::profile_count() const {
    return state_->profiles.size();
}

} // namespace switchboard::routing

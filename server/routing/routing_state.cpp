#include "routing/routing_state.hpp"

#include <switchboard/engine/from_rows.hpp>
#include <switchboard/util/event_data.hpp>
#include <switchboard/util/log.hpp>
#include <switchboard/util/time.hpp>

#include <algorithm>
#include <utility>

namespace switchboard::routing {

namespace {

constexpr auto step = std::chrono::seconds{2}; // past it a clock was set, and did not just go wrong a little

std::chrono::microseconds steady_time() {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

} // namespace

routing_state::routing_state(const engine_settings& settings)
    : brain{settings}, ahead_of_steady_{now().time_since_epoch() - steady_time()} {}

timestamp routing_state::moment() const {
    return timestamp{ahead_of_steady_ + steady_time()};
}

bool routing_state::keep_time() {
    const auto off = now() - moment();
    if (std::chrono::abs(off) > step) return false;
    ahead_of_steady_ += off;
    return true;
}

// Taking over --------------------------------------------------------------------------------------------------------

void routing_state::know(const store::routing_people& people) {
    if (std::chrono::abs(people.now - now()) > step) set_now(people.now); // it was set, and nobody here has noticed yet
    ahead_of_steady_ = now().time_since_epoch() - steady_time();
    day_ends = people.day_ends;
    for (const auto& a : people.agents) {
        idle_since_[a.id] = a.idle_since;
        today_[a.id] = static_cast<std::uint32_t>(a.today);
    }
}

/// Who has been idle for longest comes first, so that the engine's order is the one of the leader before.
void routing_state::take(routing_configuration c) {
    std::ranges::sort(c.agents, {}, [this](const routing_agent& a) { return std::pair{idle_since_[a.id], a.id}; });
    configure(std::move(c));
    for (const auto& [agent, items] : std::exchange(today_, {})) brain.restore_today(agent, items);
    idle_since_.clear();
}

void routing_state::take_held(const routing_ticket& t) {
    if (const auto item = to_held(t, interruptible[t.queue])) held_ += brain.restore_held(*item) ? 1 : 0;
}

void routing_state::take_waiting(const routing_ticket& t) {
    const auto w = to_engine(t);
    if (!w) return;
    ++waiting_;
    const bool restored = t.offer_agent && brain.restore_offer(*w, *t.offer_agent, t.offer_expires_at);
    if (!restored && !brain.offered_to(w->id)) brain.waiting(*w, moment(), out); // fan-out: others may have it
}

// What rows say ------------------------------------------------------------------------------------------------------

void routing_state::configure(routing_configuration c) {
    const auto t = moment();
    configuration_changed = false;
    tell_configuration(c, t);
    queues = std::move(c.queues);
    note_hours(t);
}

void routing_state::tell_configuration(const routing_configuration& c, timestamp t) {
    for (const auto& q : c.queues) {
        interruptible[q.id] = q.interruptible;
        if (const auto put = brain.put(to_engine(q, t), t, out); !put)
            log::error("queue_refused",
                       {{"queue", q.id.value}, {"field", put.error().field}, {"error", put.error().message}});
    }
    const auto before = std::exchange(shifts_, {});
    for (const auto& a : c.agents) {
        if (a.hours) shifts_[a.id] = a.hours;
        if (const auto put = brain.put(to_engine(a), t, out); !put) {
            log::error("agent_refused",
                       {{"agent", a.id}, {"field", put.error().field}, {"error", put.error().message}});
            continue;
        }
        brain.presence(a.id, accepted_channels(a), t, out);
        if (a.hours)
            brain.shift(a.id, shift_end(*a.hours, t), t, out);
        else if (before.contains(a.id))
            brain.shift(a.id, std::nullopt, t, out);
    }
}

void routing_state::look_at(const routing_ticket& t) {
    if (t.state != "waiting") return;
    if (const auto w = to_engine(t)) brain.waiting(*w, moment(), out);
}

void routing_state::take_back(const make_offer& refused, const std::vector<routing_ticket>& ticket,
                              const std::vector<routing_ticket>& held) {
    std::optional<waiting_ticket> still;
    if (!ticket.empty() && ticket[0].state == "waiting") still = to_engine(ticket[0]);
    brain.commit_failed(refused.ticket, refused.agent, still, items_of(held), moment(), out);
}

void routing_state::correct(agent_id agent, const std::vector<routing_ticket>& held) {
    constexpr ticket_id no_ticket = 0;
    brain.commit_failed(no_ticket, agent, std::nullopt, items_of(held), moment(), out);
}

std::vector<held_item> routing_state::items_of(const std::vector<routing_ticket>& held) {
    std::vector<held_item> items;
    for (const auto& row : held)
        if (const auto item = to_held(row, interruptible[row.queue])) items.push_back(*item);
    return items;
}

// What the log says --------------------------------------------------------------------------------------------------

void routing_state::hear(const event& e) {
    if (e.cursor <= as_of) return; // the state was loaded after it
    const auto t = moment();
    if (e.type == events::config_changed::type)
        configuration_changed = true;
    else if (const auto presence = read_event<events::presence_changed>(e))
        hear_presence(presence->presence, t);
    else if (const auto accepted = read_event<events::offer_accepted>(e))
        hear_accepted(*accepted, t);
    else if (const auto declined = read_event<events::offer_declined>(e))
        brain.declined(declined->ticket_id, declined->agent_id, declined->ticket.version, t, out);
    else if (const auto change = read_event<events::ticket_changed>(e))
        hear_change(*change, t);
    else if (const auto contact = read_event<events::contact_received>(e))
        hear_contact(*contact);
}

void routing_state::hear_change(const events::ticket_changed& said, timestamp t) {
    const auto& row = said.ticket;
    const ticket_id ticket = row.id;
    if (said.released) brain.released(ticket, *said.released, t, out);
    if (said.change == events::ticket_change::put_aside && row.owner) brain.put_aside(ticket, row.owner->id, t, out);
    std::erase_if(opened, [ticket](const auto& o) { return o.id == ticket; }); // it is not as it was written any more
    const auto& now_is = row.state;
    if (now_is == "held" || (now_is == "solved" && !brain.is_held(ticket))) // else its wrap-up is still in hand
        brain.gone(ticket, t, out);
    else if (now_is == "waiting") {
        // Newer than our offer: that was taken back, and not by us.
        if (brain.offered_to(ticket) && brain.version_of(ticket) < row.version) brain.gone(ticket, t, out);
        arrived.insert(ticket);
    } else if (now_is == "offered" && !reorder(row))
        arrived.insert(ticket);
}

bool routing_state::reorder(const ticket_summary& row) {
    return brain.reorder(row.id, row.tier, row.priority, row.due_at, row.version);
}

/// A new ticket comes twice: at once from our own intake, and by the log, which is the only way from another node.
void routing_state::hear_contact(const events::contact_received& said) {
    if (!said.ticket || said.ticket->state != "waiting") return;
    if (!said.new_ticket || !knows(said.ticket->id)) arrived.insert(said.ticket->id);
}

bool routing_state::knows(ticket_id ticket) const {
    return std::ranges::find(opened, ticket, &routing_ticket::id) != opened.end() || brain.is_waiting(ticket) ||
           brain.offered_to(ticket);
}

void routing_state::hear_presence(const presence& p, timestamp t) {
    channel_set accepts;
    if (p.state == "ready")
        for (const auto& name : p.channels)
            if (const auto known = named_value<channel>(name)) accepts.insert(*known);
    if (p.state != "offline") brain.take_up(p.agent_id, t, out); // before anything new
    brain.presence(p.agent_id, accepts, t, out);
}

void routing_state::hear_accepted(const events::offer_accepted& said, timestamp t) {
    if (brain.accepted(said.ticket_id, said.agent_id, t, out)) return;
    // The offer had ended here, but the acceptance came before that was committed: what is committed counts.
    const queue_id queue = said.ticket.queue.id;
    if (const auto known = named_value<channel>(said.ticket.channel))
        brain.assigned({said.ticket_id, said.agent_id, queue, *known, interruptible[queue], false, said.left_message},
                       t, out);
}

// Opening hours ------------------------------------------------------------------------------------------------------

void routing_state::note_hours(timestamp t) {
    hours_told_ = t;
    hours_change_.reset();
    const auto also = [&](const sla::business_hours& hours) {
        const auto change = hours.next_change(t);
        if (change && (!hours_change_ || *change < *hours_change_)) hours_change_ = change;
    };
    for (const auto& q : queues)
        if (q.open) also(*q.open);
    const sla::business_hours* last = nullptr; // many work by the same
    for (const auto& [agent, hours] : shifts_)
        if (std::exchange(last, hours.get()) != hours.get()) also(*hours);
}

void routing_state::keep_hours() {
    const auto t = moment();
    if (!hours_change_ || t < *hours_change_) return;
    for (const auto& q : queues) {
        if (!q.open || q.open->open_at(t) == q.open->open_at(hours_told_)) continue;
        (void)brain.put(to_engine(q, t), t, out); // what it refuses was told when it was configured
        log::info(q.open->open_at(t) ? "queue_opens" : "queue_closes", {{"queue", q.id.value}});
    }
    for (const auto& [agent, hours] : shifts_)
        if (hours->open_at(t) != hours->open_at(hours_told_)) brain.shift(agent, shift_end(*hours, t), t, out);
    note_hours(t);
}

std::optional<double> routing_state::opens_in_s(queue_id id) const {
    const auto q = std::ranges::find(queues, id, [](const auto& one) -> std::int64_t { return one.id; });
    if (q == queues.end() || !q->open) return std::nullopt;
    const auto t = moment();
    const auto opens = q->open->open_at(t) ? std::nullopt : q->open->next_change(t);
    if (!opens) return std::nullopt;
    return std::chrono::duration<double>(*opens - t).count();
}

} // namespace switchboard::routing

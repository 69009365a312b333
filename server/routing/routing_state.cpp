#include "routing/routing_state.hpp"

#include <switchboard/engine/from_rows.hpp>
#include <switchboard/util/json.hpp>
#include <switchboard/util/log.hpp>
#include <switchboard/util/time.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace switchboard::routing {

using nlohmann::json;

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
    if (e.place < as_of) return; // the state was loaded after it
    const auto t = moment();
    if (e.type == "config.changed")
        configuration_changed = true;
    else if (e.type == "presence.changed")
        hear_presence(own_json(e.data).at("presence"), t);
    else if (!e.ticket_id)
        return;
    else if (e.type == "offer.accepted")
        hear_accepted(*e.ticket_id, own_json(e.data), t);
    else if (e.type == "offer.declined") {
        const auto data = own_json(e.data);
        brain.declined(*e.ticket_id, data.at("agent_id"), data.at("ticket").at("version"), t, out);
    } else if (e.type == "ticket.changed")
        hear_change(*e.ticket_id, own_json(e.data), t);
    else if (e.type == "contact.received" && !came_already(e))
        hear_contact(*e.ticket_id, own_json(e.data));
}

void routing_state::hear_change(ticket_id ticket, const json& data, timestamp t) {
    if (const auto& agent = data.at("released"); !agent.is_null()) brain.released(ticket, agent, t, out);
    if (data.at("change") == "put_aside") brain.put_aside(ticket, data.at("ticket").at("owner").at("id"), t, out);
    std::erase_if(opened, [ticket](const auto& o) { return o.id == ticket; }); // it is not as it was written any more
    const auto& row = data.at("ticket");
    const std::string now_is = row.at("state");
    if (now_is == "held" || (now_is == "solved" && !brain.is_held(ticket))) // else its wrap-up is still in hand
        brain.gone(ticket, t, out);
    else if (now_is == "waiting") {
        // Newer than our offer: that was taken back, and not by us.
        if (brain.offered_to(ticket) && brain.version_of(ticket) < row.at("version").get<std::int64_t>())
            brain.gone(ticket, t, out);
        arrived.insert(ticket);
    } else if (now_is == "offered" && !reorder(ticket, row))
        arrived.insert(ticket);
}

bool routing_state::reorder(ticket_id ticket, const json& row) {
    const auto& due = row.at("due_at");
    return brain.reorder(ticket, row.at("tier"), row.at("priority"),
                         due.is_null() ? std::nullopt : parse_rfc3339(due.get<std::string>()), row.at("version"));
}

void routing_state::hear_contact(ticket_id ticket, const json& data) {
    if (data.at("ticket").is_object() && data.at("ticket").at("state") == "waiting") arrived.insert(ticket);
}

/// A new ticket comes twice: at once from our own intake, and by the log, which is the only way from another node. In a
/// flood reading each of them again would be a fifth of this thread's work, so its text alone is asked.
bool routing_state::came_already(const event& e) const {
    return e.data.contains(R"("new_ticket":true)") &&
           (std::ranges::find(opened, *e.ticket_id, &routing_ticket::id) != opened.end() ||
            brain.is_waiting(*e.ticket_id) || brain.offered_to(*e.ticket_id));
}

void routing_state::hear_presence(const json& p, timestamp t) {
    channel_set accepts;
    if (p.at("state") == "ready")
        for (const auto& name : p.at("channels"))
            if (const auto known = named_value<channel>(name.get<std::string>())) accepts.insert(*known);
    if (p.at("state") != "offline") brain.take_up(p.at("agent_id"), t, out); // before anything new
    brain.presence(p.at("agent_id"), accepts, t, out);
}

void routing_state::hear_accepted(ticket_id ticket, const json& data, timestamp t) {
    const agent_id agent = data.at("agent_id");
    if (brain.accepted(ticket, agent, t, out)) return;
    // The offer had ended here, but the acceptance came before that was committed: what is committed counts.
    const auto& now_is = data.at("ticket");
    const queue_id queue = now_is.at("queue").at("id");
    if (const auto known = named_value<channel>(now_is.at("channel").get<std::string>()))
        brain.assigned({ticket, agent, queue, *known, interruptible[queue], false, data.at("left_message")}, t, out);
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
        if (q.active && q.open) also(*q.open);
    const sla::business_hours* last = nullptr; // many work by the same
    for (const auto& [agent, hours] : shifts_)
        if (std::exchange(last, hours.get()) != hours.get()) also(*hours);
}

void routing_state::keep_hours() {
    const auto t = moment();
    if (!hours_change_ || t < *hours_change_) return;
    for (const auto& q : queues) {
        if (!q.active || !q.open || q.open->open_at(t) == q.open->open_at(hours_told_)) continue;
        (void)brain.put(to_engine(q, t), t, out); // what it refuses was told when it was configured
        log::info(q.open->open_at(t) ? "queue_opens" : "queue_closes", {{"queue", q.id.value}});
    }
    for (const auto& [agent, hours] : shifts_)
        if (hours->open_at(t) != hours->open_at(hours_told_)) brain.shift(agent, shift_end(*hours, t), t, out);
    note_hours(t);
}

std::optional<double> routing_state::opens_in_s(queue_id id) const {
    const auto q = std::ranges::find(queues, id, [](const auto& one) -> std::int64_t { return one.id; });
    if (q == queues.end() || !q->active || !q->open) return std::nullopt;
    const auto t = moment();
    const auto opens = q->open->open_at(t) ? std::nullopt : q->open->next_change(t);
    if (!opens) return std::nullopt;
    return std::chrono::duration<double>(*opens - t).count();
}

} // namespace switchboard::routing

#include "engine/engine_state.hpp"

#include <algorithm>
#include <utility>

namespace switchboard::routing {

namespace {

constexpr auto lateness_check = std::chrono::seconds{1};
constexpr auto lateness_check_each =
    std::chrono::microseconds{100}; // more for each ticket: sorting them takes time too

} // namespace

std::optional<std::int64_t> engine_state::next_step(index_t slot) const {
    const auto& steps = queue_of(slot).config.steps;
    const auto step = facts[tickets[slot].cls].step;
    if (step >= steps.size()) return {};
    return since(slot) + timestamp::duration{steps[step].after}.count();
}

void engine_state::take_step(index_t slot, step_cause why, decisions& out) {
    auto& r = tickets[slot];
    const auto& q = queue_of(slot).config;
    const int step = facts[r.cls].step + 1;
    unplace(slot);
    put_in_class(slot, classes.with_step(r.cls, step));
    out.push_back(step_taken{r.id, q.id, step, why, now});
    const auto& mutations = q.steps[static_cast<std::size_t>(step) - 1].mutations;
    if (!mutations.empty() && mutations.back().what == mutation::kind::overflow &&
        may_overflow(slot, mutations.back().queue))
        overflow(slot, mutations.back().queue, overflow_reason::step, out);
    if (const auto action = turns_away(slot, mutations)) {
        out.push_back(close_ticket{r.id, q.id, facts[r.cls].channel, *action, r.version, now});
        return forget(slot);
    }
    place(slot);
}

std::optional<closed_action> engine_state::turns_away(index_t slot, const std::vector<mutation>& m) const {
    if (m.empty() || deferrable_lanes.contains(facts[tickets[slot].cls].channel)) return {};
    if (m.back().what == mutation::kind::callback) return closed_action::callback;
    if (m.back().what == mutation::kind::voicemail) return closed_action::voicemail;
    return {};
}

bool engine_state::take_due_steps(index_t slot, decisions& out) {
    bool any = false;
    while (started && tickets[slot].state == ticket_state::waiting) {
        const auto due = next_step(slot);
        if (!due || *due > now.time_since_epoch().count()) break;
        take_step(slot, step_cause::time, out);
        any = true;
    }
    return any;
}

bool engine_state::skips_wait(index_t slot) const {
    const auto cls = tickets[slot].cls;
    const auto& steps = queue_of(slot).config.steps;
    if (facts[cls].step >= steps.size()) return false;
    const auto ch = facts[cls].channel;
    bool somebody = false;
    const auto& profiles_in_question = eligible.profiles_of(cls);
    switch (steps[facts[cls].step].skip_if) {
    case skip_condition::never:
    case skip_condition::late: // hurry_late
        return false;
    case skip_condition::nobody_on_shift:
        profiles_in_question.for_each([&](std::size_t p) { somebody |= counts[p].on_shift > 0; });
        break;
    case skip_condition::nobody_signed_in:
        profiles_in_question.for_each(
            [&](std::size_t p) { somebody |= there[static_cast<std::size_t>(ch)].accepting[p] > 0; });
        break;
    case skip_condition::nobody_idle:
        for_each_common(profiles_in_question, idle.profiles_with_someone(ch), [&](std::size_t) { somebody = true; });
        break;
    }
    return !somebody;
}

std::optional<double> engine_state::start_gap_us(index_t cls, timestamp at) const {
    const auto& s = starts[cls];
    if (s.gap_us <= 0) return {};
    return std::max(s.gap_us, static_cast<double>((at - *s.last).count()));
}

bool engine_state::watches_lateness(index_t cls) const {
    const auto& steps = queues[facts[cls].queue].config.steps;
    return facts[cls].step < steps.size() && steps[facts[cls].step].skip_if == skip_condition::late;
}

void engine_state::watch_lateness(queue_record& q, std::size_t waiting) {
    if (std::exchange(q.watched, true)) return;
    queue_timers.set(now + lateness_check + lateness_check_each * static_cast<std::int64_t>(waiting),
                     timer_kind::lateness, q.config.id);
}

void engine_state::hurry_late(queue_record& q, decisions& out) {
    q.watched = false;
    std::vector<index_t> late;
    std::size_t seen = 0;
    for (const auto cls : q.classes) {
        if (!watches_lateness(cls)) continue;
        auto line = room.all(cls);
        seen += line.size();
        const auto gap = start_gap_us(cls, now);
        if (!gap) continue;
        std::ranges::sort(line, [this](index_t a, index_t b) { return room.before(a, b); });
        for (std::size_t ahead = 0; ahead < line.size(); ++ahead) {
            const auto slot = line[ahead];
            const auto due = tickets.due(slot) != never
                                 ? tickets.due(slot)
                                 : tickets[slot].enqueued + timestamp::duration{q.config.due_in}.count();
            const auto left = static_cast<double>(due - now.time_since_epoch().count());
            if (left < *gap * static_cast<double>(ahead + 1)) late.push_back(slot);
        }
    }
    std::ranges::sort(late, {}, [this](index_t slot) { return tickets[slot].id; });
    for (const auto slot : late) {
        take_step(slot, step_cause::late, out);
        take_due_steps(slot, out);
        if (tickets[slot].state == ticket_state::waiting) mark_ticket(slot, trigger::ticket_waiting);
    }
    if (seen > late.size()) watch_lateness(q, seen);
}

bool engine_state::is_shut(index_t slot) const {
    const auto& q = queue_of(slot);
    return q.known && !q.config.open && !deferrable_lanes.contains(facts[tickets[slot].cls].channel);
}

bool engine_state::is_full(index_t slot) const {
    const auto& limit = queue_of(slot).config.max_waiting;
    return (limit && queue_of(slot).waiting > static_cast<std::size_t>(*limit)) ||
           (settings.max_waiting_total && waiting_in_all > *settings.max_waiting_total);
}

bool engine_state::may_overflow(index_t slot, queue_id to) const {
    const auto number = find_queue(to);
    if (tickets[slot].overflowed || number == nobody || number == facts[tickets[slot].cls].queue) return false;
    const auto& q = queues[number];
    if (!q.known || (!q.config.open && !deferrable_lanes.contains(facts[tickets[slot].cls].channel))) return false;
    return !q.config.max_waiting || q.waiting < static_cast<std::size_t>(*q.config.max_waiting);
}

void engine_state::overflow(index_t slot, queue_id to, overflow_reason reason, decisions& out) {
    auto& r = tickets[slot];
    out.push_back(overflow_ticket{r.id, queue_of(slot).config.id, to, reason, r.version++, now});
    r.overflowed = true;
    ++r.generation; // so that its entry in the old queue's index of the oldest means nothing any more
    r.in_oldest = false;
    r.ringing = false; // as does that one
    put_in_class(slot, classes.in_queue(r.cls, to));
}

bool engine_state::turn_away(index_t slot, decisions& out) {
    auto& r = tickets[slot];
    const auto& q = queue_of(slot).config;
    const auto move = [&](overflow_reason why) {
        unplace(slot);
        overflow(slot, q.overflow, why, out);
        place(slot);
        take_due_steps(slot, out);
        return r.state == ticket_state::waiting;
    };
    if (is_shut(slot)) {
        if (q.when_closed == closed_action::overflow && may_overflow(slot, q.overflow))
            return move(overflow_reason::closed);
        if (q.when_closed == closed_action::callback || q.when_closed == closed_action::voicemail) {
            out.push_back(close_ticket{r.id, q.id, facts[r.cls].channel, q.when_closed, r.version, now});
            unplace(slot);
            forget(slot);
        }
        return false;
    }
    if (skips_wait(slot)) {
        take_step(slot, step_cause::nobody, out);
        take_due_steps(slot, out);
        return r.state == ticket_state::waiting; // a step may have turned it away
    }
    if (!r.arrived || !is_full(slot)) return false;
    const bool none_at_all = settings.max_waiting_total && waiting_in_all > *settings.max_waiting_total;
    if (!none_at_all && may_overflow(slot, q.overflow)) return move(overflow_reason::full);
    out.push_back(block_ticket{r.id, q.id, r.version, now});
    unplace(slot);
    forget(slot);
    return false;
}

} // namespace switchboard::routing

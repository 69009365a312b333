#include "routing/engine/parts.hpp"

#include <algorithm>

namespace switchboard::routing {

std::optional<std::int64_t> engine::parts::next_step(index_t slot) const {
    const auto& steps = queue_of(slot).config.steps;
    const auto step = facts[tickets[slot].cls].step;
    if (step >= steps.size()) return {};
    return since(slot) + timestamp::duration{steps[step].after}.count();
}

void engine::parts::take_step(index_t slot, bool skipped, decisions& out) {
    auto& r = tickets[slot];
    const auto& q = queue_of(slot).config;
    const int step = facts[r.cls].step + 1;
    unplace(slot);
    put_in_class(slot, classes.with_step(r.cls, step));
    out.push_back(step_taken{r.id, q.id, step, skipped, now});
    const auto& mutations = q.steps[static_cast<std::size_t>(step) - 1].mutations;
    if (!mutations.empty() && mutations.back().what == mutation::kind::overflow &&
        may_overflow(slot, mutations.back().queue))
        overflow(slot, mutations.back().queue, overflow_reason::step, out);
    place(slot);
}

bool engine::parts::take_due_steps(index_t slot, decisions& out) {
    bool any = false;
    while (started && tickets[slot].state == ticket_state::waiting) {
        const auto due = next_step(slot);
        if (!due || *due > now.time_since_epoch().count()) break;
        take_step(slot, false, out);
        any = true;
    }
    return any;
}

bool engine::parts::skips_wait(index_t slot) const {
    const auto cls = tickets[slot].cls;
    const auto& steps = queue_of(slot).config.steps;
    if (facts[cls].step >= steps.size()) return false;
    const auto ch = facts[cls].channel;
    bool somebody = false;
    const auto& profiles_in_question = eligible.profiles_of(cls);
    switch (steps[facts[cls].step].skip_if) {
    case skip_condition::never:
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

bool engine::parts::is_shut(index_t slot) const {
    const auto& q = queue_of(slot);
    return q.known && !q.config.open && !deferrable_channels.contains(facts[tickets[slot].cls].channel);
}

bool engine::parts::is_full(index_t slot) const {
    const auto& limit = queue_of(slot).config.max_waiting;
    return (limit && queue_of(slot).waiting > static_cast<std::size_t>(*limit)) ||
           (settings.max_waiting_total && waiting_in_all > *settings.max_waiting_total);
}

bool engine::parts::may_overflow(index_t slot, queue_id to) const {
    const auto number = find_queue(to);
    if (tickets[slot].overflowed || number == nobody || number == facts[tickets[slot].cls].queue) return false;
    const auto& q = queues[number];
    if (!q.known || (!q.config.open && !deferrable_channels.contains(facts[tickets[slot].cls].channel))) return false;
    return !q.config.max_waiting || q.waiting < static_cast<std::size_t>(*q.config.max_waiting);
}

void engine::parts::overflow(index_t slot, queue_id to, overflow_reason reason, decisions& out) {
    auto& r = tickets[slot];
    out.push_back(overflow_ticket{r.id, queue_of(slot).config.id, to, reason, r.version++, now});
    r.overflowed = true;
    ++r.generation; // so that its entry in the old queue's index of the oldest means nothing any more
    r.in_oldest = false;
    put_in_class(slot, classes.in_queue(r.cls, to));
}

bool engine::parts::turn_away(index_t slot, decisions& out) {
    auto& r = tickets[slot];
    const auto& q = queue_of(slot).config;
    const auto move = [&](overflow_reason why) {
        unplace(slot);
        overflow(slot, q.overflow, why, out);
        place(slot);
        take_due_steps(slot, out);
        return true;
    };
    if (is_shut(slot)) {
        if (q.when_closed == closed_action::overflow && may_overflow(slot, q.overflow))
            return move(overflow_reason::closed);
        if (q.when_closed == closed_action::callback || q.when_closed == closed_action::voicemail) {
            out.push_back(close_ticket{r.id, q.id, q.when_closed, r.version, now});
            unplace(slot);
            forget(slot);
        }
        return false;
    }
    if (skips_wait(slot)) {
        take_step(slot, true, out);
        take_due_steps(slot, out);
        return true;
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

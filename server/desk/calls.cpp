#include "desk/decisions.hpp"
#include "desk/ticket_plan.hpp"

#include <switchboard/desk/by_itself.hpp>

#include <algorithm>

/// Promises to call back: made, taken back, kept.
namespace switchboard::desk {

using events::ticket_change;

namespace {

std::optional<refusal> obstacle_to_call(ticket_action a, const callback_asker& by, const store::locked_ticket& t) {
    if (!by.may_speak_for(t.gateway_id)) return refusal::missing("there is no such ticket");
    if (by.expected_version && *by.expected_version != t.version)
        return refusal{refusal::kind::stale, "the ticket has changed since you read it"};
    return obstacle_to(a, by.who, t);
}

std::unexpected<refusal> none_open() {
    return std::unexpected{refusal::conflict("no callback is open for this ticket")};
}

store::ticket_changes conclude(const store::ticket_at_hand& at, std::optional<std::int64_t> by,
                               std::optional<std::int64_t> agent, std::string result, std::string note) {
    ticket_plan plan{at, by};
    switch (plan.conclude_attempt(agent, std::move(result), std::move(note))) {
    case after_attempt::kind::again:
        return std::move(plan).with_callback(ticket_change::callback_again);
    case after_attempt::kind::done:
        return std::move(plan).with_callback(ticket_change::callback_done);
    case after_attempt::kind::given_up:
        break;
    }
    return std::move(plan).with_callback(ticket_change::callback_failed);
}

} // namespace

decided decide_callback(const store::ticket_at_hand& at, const callback_asker& by, const callback_wish& wish) {
    const auto& t = at.ticket;
    if (auto no = obstacle_to_call(ticket_action::call_back, by, t)) return std::unexpected{std::move(*no)};
    const auto not_before = std::max(wish.not_before.value_or(t.now), t.now);
    if (const auto wrong = judge_window(not_before, wish.not_after, t.now))
        return std::unexpected{refusal::invalid(wrong->field, wrong->message)};
    if (at.callback)
        return std::unexpected{refusal::conflict("a callback is open already: say how it went, or cancel it first")};
    const auto& phone = wish.phone ? wish.phone : at.calls->number;
    if (!phone) return std::unexpected{refusal::invalid("phone", "is needed: no number of this customer is known")};
    const bool dials = wish.mode == name_of(callback_mode::customer_first);
    if (dials && t.channel != "phone")
        return std::unexpected{refusal::invalid("mode", "customer_first is for tickets of the channel phone")};
    if (dials && !at.calls->gateway)
        return std::unexpected{refusal::invalid("mode", "customer_first needs a phone gateway with a dial_url")};
    callback c;
    c.ticket_id = t.id;
    c.phone = *phone;
    c.mode = wish.mode;
    c.not_before = not_before;
    c.not_after = wish.not_after;
    c.attempts_allowed = wish.attempts;
    c.retry_s = wish.retry_s;
    c.requested_by = by.machine ? "customer" : "agent";
    c.note = wish.note;
    ticket_plan plan{at, by.actor()};
    plan.promise_call(std::move(c), !dials && not_before <= t.now);
    return std::move(plan).with_callback(ticket_change::callback_scheduled);
}

decided decide_cancellation(const store::ticket_at_hand& at, const callback_asker& by) {
    if (auto no = obstacle_to_call(ticket_action::cancel_callback, by, at.ticket))
        return std::unexpected{std::move(*no)};
    if (!at.callback) return none_open();
    ticket_plan plan{at, by.actor()};
    plan.row();
    plan.cancel_callback();
    if (at.ticket.state == ticket_state::held) plan.wait_again();
    return std::move(plan).with_callback(ticket_change::callback_cancelled);
}

decided decide_attempt(const store::ticket_at_hand& at, const callback_asker& by, const std::string& result,
                       const std::string& note) {
    if (auto no = obstacle_to_call(ticket_action::record_call, by, at.ticket)) return std::unexpected{std::move(*no)};
    if (!at.callback) return none_open();
    if (at.callback->state == name_of(callback_state::dialling))
        return std::unexpected{refusal::conflict("the gateway is dialling for this callback")};
    return conclude(at, by.actor(), at.ticket.owner_id, result, note);
}

decided decide_dialled(const store::ticket_at_hand& at, std::int64_t callback_id, const callback_asker& by,
                       const std::string& result) {
    const auto& dials = at.calls->dials_already;
    if (!by.may_speak_for(dials ? dials : at.ticket.gateway_id)) return std::unexpected{refusal::missing(no_such_call)};
    if (!dials || !at.callback || at.callback->id != callback_id)
        return std::unexpected{refusal::conflict("no call of this callback is under way")};
    return conclude(at, by.actor(), std::nullopt, result, {});
}

store::ticket_changes end_of_window(const store::ticket_at_hand& at) {
    ticket_plan plan{at, std::nullopt};
    plan.miss_callback();
    return std::move(plan).with_callback(ticket_change::callback_missed);
}

store::ticket_changes end_of_dialling(const store::ticket_at_hand& at) {
    return conclude(at, std::nullopt, std::nullopt, "failed", "nothing was heard of the call");
}

store::ticket_changes turn_to_dial(const store::ticket_at_hand& at) {
    if (!at.calls->gateway) // one could dial when this was promised
        return conclude(at, std::nullopt, std::nullopt, "failed", "no gateway dials any more");
    ticket_plan plan{at, std::nullopt};
    plan.dial(*at.calls->gateway);
    return std::move(plan).with_callback(ticket_change::callback_dialling);
}

} // namespace switchboard::desk

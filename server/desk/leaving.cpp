#include "desk/ticket_plan.hpp"

#include <switchboard/desk/by_itself.hpp>

#include <string_view>

/// What becomes of a ticket whose customer waits for us no more (docs/routing.md 2.6).
namespace switchboard::desk {

using events::ticket_change;
using store::leaving;

namespace {

std::string_view words_of(leaving how) {
    switch (how) {
    case leaving::hung_up:
        return "the caller hung up";
    case leaving::chat_closed:
        return "the visitor closed the chat";
    case leaving::answered_elsewhere:
        return "the call was answered elsewhere";
    case leaving::call_over:
        return "the call has ended";
    }
    return "";
}

bool has_talked(leaving how) {
    return how == leaving::answered_elsewhere || how == leaving::call_over;
}

callback promised_by_queue(const store::ticket_at_hand& at) {
    callback c;
    c.ticket_id = at.ticket.id;
    c.phone = *at.calls->number;
    c.mode = name_of(callback_mode::agent_first);
    c.not_before = at.ticket.now;
    c.requested_by = name_of(switchboard::callback_asker::queue);
    return c;
}

/// Nobody has it in hand. What it becomes, as its queue says, or stays.
left_action leave(ticket_plan& plan, const store::ticket_at_hand& at, leaving how) {
    plan.end_offers(std::string{words_of(how)});
    if (has_talked(how)) { // is not called back: what is left to do waits, and not as a call
        plan.answer(words_of(how));
        plan.wait_on();
        return left_action::stay;
    }
    plan.miss();
    const auto wanted = at.queue.left_action;
    if (wanted == left_action::close) {
        plan.close();
        return wanted;
    }
    plan.wait_on();
    if (at.callback) return wanted; // a promise to call that there is already stays as it is
    if (wanted != left_action::call_back || !at.calls->number) return left_action::stay;
    plan.add_callback(promised_by_queue(at));
    return wanted;
}

} // namespace

store::ticket_changes end_of_waiting(const store::ticket_at_hand& at, leaving how) {
    const auto& t = at.ticket;
    ticket_plan plan{at, std::nullopt};
    auto became = left_action::stay;
    if (t.state == ticket_state::waiting || t.state == ticket_state::offered) became = leave(plan, at, how);
    auto out = std::move(plan).with_event(
        {.change = ticket_change::customer_left, .cause = std::string{words_of(how)}, .became = became});
    out.told->released = {}; // nobody had it in hand
    return out;
}

std::optional<store::ticket_changes> late_answer(const store::ticket_at_hand& at) {
    const auto& c = at.callback;
    if (!c || c->requested_by != name_of(switchboard::callback_asker::queue) ||
        c->state != name_of(callback_state::scheduled))
        return std::nullopt;
    ticket_plan plan{at, std::nullopt};
    plan.cancel_callback();
    return std::move(plan).with_callback(ticket_change::callback_cancelled);
}

} // namespace switchboard::desk

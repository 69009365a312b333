#include "desk/ticket_plan.hpp"

#include <algorithm>

/// What becomes of a ticket whose customer is called, or calls no more.
namespace switchboard::desk {

namespace {

events::told_callback told_of(const callback& c) {
    events::told_callback told{.id = c.id,
                               .state = c.state,
                               .mode = c.mode,
                               .requested_by = c.requested_by,
                               .not_before = c.not_before,
                               .not_after = c.not_after,
                               .attempts_allowed = c.attempts_allowed,
                               .attempts = std::ssize(c.attempts)};
    if (!c.attempts.empty()) told.result = c.attempts.back().result;
    return told;
}

} // namespace

void ticket_plan::promise_call(callback c, bool may_wait) {
    end_offers("to be called back");
    if (may_wait)
        wait_again();
    else
        hold(c.not_before);
    add_callback(std::move(c));
}

void ticket_plan::add_callback(callback c) {
    c.state = name_of(callback_state::scheduled);
    out_.callback = store::callback_change{.now_is = std::move(c)};
}

void ticket_plan::end_callback(callback_state how) {
    if (!at_.callback) return;
    auto& c = out_.callback.emplace().now_is;
    c = *at_.callback;
    c.state = name_of(how);
    c.ended_at = at_.ticket.now;
}

void ticket_plan::cancel_callback() {
    end_callback(callback_state::cancelled);
}

void ticket_plan::call_now() {
    auto& c = out_.callback.emplace().now_is;
    c = *at_.callback;
    c.not_before = at_.ticket.now;
}

after_attempt::kind ticket_plan::conclude_attempt(std::optional<std::int64_t> agent, std::string result,
                                                  std::string note) {
    const auto now = at_.ticket.now;
    auto c = at_.callback.value();
    callback_attempt tried{.n = std::ssize(c.attempts) + 1, .agent = {}, .at = now, .result = result, .note = note};
    if (agent) tried.agent = named{*agent, {}};
    c.attempts.push_back(std::move(tried));
    const auto next = judge_attempt(c, result, now);
    const bool again = next.what == after_attempt::kind::again, done = next.what == after_attempt::kind::done;
    if (again) {
        c.state = name_of(callback_state::scheduled);
        c.not_before = next.at;
    } else {
        c.state = name_of(done ? callback_state::done : callback_state::failed);
        c.ended_at = now;
    }
    out_.callback = store::callback_change{.now_is = std::move(c), .was_tried = true};

    row();
    if (done && agent) answer("called back");
    if (done && !agent) row().left_message = false; // he is on the line
    if (again && (agent || at_.ticket.offers.empty())) {
        end_offers("calls again later");
        hold(next.at);
    } else if (!again && at_.ticket.state == ticket_state::held) {
        wait_again();
    }
    return next.what;
}

void ticket_plan::miss_callback() {
    end_callback(callback_state::missed);
    wait_again();
}

void ticket_plan::dial(std::int64_t gateway) {
    auto c = at_.callback.value();
    c.state = name_of(callback_state::dialling);
    out_.callback = store::callback_change{.now_is = std::move(c), .dialled_by = gateway};
    row().state = ticket_state::held;
    row().held_until = at_.ticket.now + longest_dial;
}

void ticket_plan::wait_on() {
    auto& r = row();
    r.state = ticket_state::waiting;
    r.left_message = r.left_message || r.channel == "phone";
}

void ticket_plan::close() {
    row().state = ticket_state::solved;
    row().solved_at = at_.ticket.now;
    cancel_callback();
    if (promise_.empty()) return;
    auto p = promise_;
    keep(p, p.solved(hours_, at_.ticket.now));
}

store::ticket_changes ticket_plan::with_callback(events::ticket_change what) && {
    auto told = told_of(out_.callback.value().now_is);
    return std::move(*this).with_event({.change = what, .callback = std::move(told)});
}

} // namespace switchboard::desk

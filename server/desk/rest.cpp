#include "desk/decisions.hpp"
#include "desk/ticket_plan.hpp"

#include <switchboard/desk/by_itself.hpp>

#include <algorithm>
#include <chrono>

/// What rests and is taken up again: hold, resume, solve, reopen, the end of a wrap-up.
namespace switchboard::desk {

using events::ticket_change;

namespace {

/// Whether what its owner takes from where it rests is his at once; not if he may not have it any more: then it goes to
/// who may. When he has no room nothing changes.
std::expected<bool, refusal> owner_takes_it(const store::ticket_at_hand& at, const std::optional<taker>& owner) {
    if (!owner) return false;
    const auto why_not = why_not_take(*owner, at.ticket.state == ticket_state::held);
    if (why_not && why_not->full) return std::unexpected{refusal::conflict(why_not->words)};
    return !why_not;
}

} // namespace

std::optional<std::string> why_not_back(const taker& who, bool rests) {
    const auto why_not = why_not_take(who, rests);
    if (who.takes_work && (!who.active || !who.is_ready)) return who.name + " is not ready for it";
    if (!why_not) return std::nullopt;
    return who.name + (why_not->full ? " has no room for it" : " may not have it any more");
}

std::expected<disposition, refusal> known_disposition(const queue& q, const std::string& id, std::string field) {
    std::string offered;
    for (const auto& d : q.dispositions) {
        if (d.retired) continue;
        if (d.id == id) return d;
        if (!offered.empty()) offered += ", ";
        offered += d.id;
    }
    if (offered.empty()) offered = "none";
    return std::unexpected{refusal::invalid(
        std::move(field), "must be one of " + offered + ", as tickets of the queue " + q.name + " are solved")};
}

decided decide_hold(const store::ticket_at_hand& at, const viewer& me, timestamp until, const std::string& note) {
    if (auto no = obstacle_to(ticket_action::hold, me, at.ticket)) return std::unexpected{std::move(*no)};
    if (until < at.ticket.now || until > at.ticket.now + std::chrono::days{366})
        return std::unexpected{refusal::invalid("until", "must lie in the future, at most a year ahead")};
    ticket_plan plan{at, me.user_id};
    plan.leave(note);
    plan.end_offers("held");
    plan.hold(until);
    return std::move(plan).with_event({.change = ticket_change::held});
}

decided decide_resumption(const store::ticket_at_hand& at, const viewer& me) {
    if (auto no = obstacle_to(ticket_action::resume, me, at.ticket)) return std::unexpected{std::move(*no)};
    const auto himself = owner_takes_it(at, at.taker);
    if (!himself) return std::unexpected{himself.error()};
    ticket_plan plan{at, me.user_id};
    if (is_called_later(at)) plan.call_now();
    if (*himself) {
        plan.hand_to(*at.taker, events::taking::given_back);
    } else { // routing gives it to its owner first; if he cannot take it, somebody else can
        plan.row().preferred_agent_id = at.ticket.owner_id;
        plan.wait();
    }
    return std::move(plan).with_event({.change = ticket_change::resumed});
}

decided decide_solution(const store::ticket_at_hand& at, const viewer& me, const std::string& disposition,
                        const std::string& note) {
    if (auto no = obstacle_to(ticket_action::solve, me, at.ticket)) return std::unexpected{std::move(*no)};
    const auto as = known_disposition(at.queue, disposition, "disposition");
    if (!as) return std::unexpected{as.error()};
    ticket_plan plan{at, me.user_id};
    plan.leave(note);
    plan.solve(*as);
    return std::move(plan).with_event({.change = ticket_change::solved});
}

decided decide_reopening(const store::ticket_at_hand& at, const viewer& me) {
    if (auto no = obstacle_to(ticket_action::reopen, me, at.ticket)) return std::unexpected{std::move(*no)};
    ticket_plan plan{at, me.user_id};
    auto owner = at.taker;
    if (owner && at.ticket.is_wrapped_up_by(
                     owner->id)) { // its own wrap-up does not stand in the way of the work that it comes from
        plan.end_wrapup_of(owner->id);
        owner->end_its_wrapup();
    }
    const auto himself = owner_takes_it(at, owner);
    if (!himself) return std::unexpected{himself.error()};
    plan.begin_anew();
    if (*himself) plan.hand_to(*owner, events::taking::given_back);
    return std::move(plan).with_event({.change = ticket_change::reopened});
}

decided decide_end_of_wrapup(const store::ticket_at_hand& at, const viewer& me,
                             const std::optional<std::string>& disposition) {
    if (auto no = obstacle_to(ticket_action::end_wrapup, me, at.ticket)) return std::unexpected{std::move(*no)};
    if (!at.ticket.is_wrapped_up_by(at.ticket.owner_id))
        return std::unexpected{refusal::conflict("this ticket is not in wrap-up")};
    ticket_plan plan{at, me.user_id};
    plan.end_wrapup_of(*at.ticket.owner_id);
    events::ticket_changed what{.change = ticket_change::wrapup_done};
    if (disposition) {
        const auto as = known_disposition(at.queue, *disposition, "disposition");
        if (!as) return std::unexpected{as.error()};
        if (at.ticket.disposition != disposition) what.disposition_was = at.ticket.disposition_name;
        plan.row().disposition = as->id;
        plan.row().disposition_name = as->name;
    }
    return std::move(plan).with_event(std::move(what));
}

store::ticket_changes end_of_hold(const store::ticket_at_hand& at) {
    const auto& t = at.ticket;
    events::ticket_changed what{.change = ticket_change::resumed,
                                .cause =
                                    t.held_until <= t.last_contact_at ? "the customer wrote" : "its time has come"};
    ticket_plan plan{at, std::nullopt};
    const bool is_asked = at.taker && !at.callback; // who is to be called back waits for whoever is free
    const auto why_not = is_asked ? why_not_back(*at.taker, true) : std::nullopt;
    if (is_asked && !why_not) {
        plan.hand_to(*at.taker, events::taking::given_back, what.cause);
    } else {
        plan.wait_again();
        if (why_not) what.cause += "; " + *why_not + ", so it waits in the queue";
    }
    return std::move(plan).with_event(std::move(what));
}

} // namespace switchboard::desk

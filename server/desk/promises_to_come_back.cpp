#include "desk/decisions.hpp"
#include "desk/ticket_plan.hpp"

#include <switchboard/desk/by_itself.hpp>
#include <switchboard/util/time.hpp>

#include <chrono>

/// Promises to come back: made, moved, due, ended.
namespace switchboard::desk {

using events::ticket_change;
using kind = store::follow_up_change::kind;

namespace {

constexpr std::int64_t most_to_keep = 20; // of a ticket
constexpr auto furthest = std::chrono::days{731};

std::optional<refusal> wrong_time(timestamp due_at, timestamp now) {
    if (due_at > now && due_at <= now + furthest) return std::nullopt;
    return refusal::invalid("due_at", "must lie in the future, at most two years ahead");
}

/// Who promised it may end it for as long as he sees the ticket; so may who has the ticket, and supervisors.
std::optional<refusal> obstacle_to_ending(const store::ticket_at_hand& at, const viewer& me, seen_version seen) {
    const auto& t = at.ticket;
    const auto& f = at.follow_up.value();
    if (!may_see_ticket(me, t.queue_id, t.owner_id, t.offered_to(me.user_id)))
        return refusal::missing(no_such_follow_up);
    if (f.owner.id != me.user_id)
        if (auto no = obstacle_to(ticket_action::follow_up, me, t)) return no;
    if (f.ended_at) return refusal::conflict("this follow-up has been ended already");
    if (seen && *seen != f.version) return refusal{refusal::kind::stale, "the follow-up has changed since you read it"};
    return std::nullopt;
}

bool is_late(const store::ticket_at_hand& at) {
    return at.follow_up->missed || at.ticket.now > at.follow_up->due_at + follow_up_grace;
}

follow_up ended(const store::ticket_at_hand& at, const viewer& me, follow_up_state how, const std::string& note) {
    auto f = at.follow_up.value();
    f.state = name_of(how);
    f.ended_at = at.ticket.now;
    f.ended_by = named{me.user_id, {}};
    f.ended_note = note;
    ++f.version;
    return f;
}

/// At the next of its times that is still to come, for who has the ticket then. Empty if none follows.
std::optional<follow_up> next_of(const store::ticket_at_hand& at) {
    const auto& f = at.follow_up.value();
    if (f.repeats == name_of(follow_up_repeat::never)) return std::nullopt;
    const int months = f.repeats == name_of(follow_up_repeat::monthly) ? 1 : 0;
    const int days = f.repeats == name_of(follow_up_repeat::weekly) ? 7 : static_cast<int>(f.repeat_days.value_or(0));
    auto next = f;
    const auto after = std::max(f.due_at, at.ticket.now);
    for (int n = 1; next.due_at <= after; ++n)
        next.due_at = later_on_the_wall(f.series_from, n * months, n * days, f.time_zone);
    next.id = 0;
    next.missed = false;
    if (at.follow_ups->owner) next.owner = *at.follow_ups->owner;
    return next;
}

/// The ticket is somebody's work again, if he can take it; else it waits, and he is asked first.
void give_back(ticket_plan& plan, const store::locked_ticket& t, const taker& who, events::ticket_changed& what) {
    // A call or visit is over: nobody is there whom to take it up would answer, so it waits.
    const bool is_over = t.channel == "walkin" || (t.channel == "phone" && !t.left_message);
    if (t.channel == "phone") plan.row().left_message = true;
    const auto why_not = why_not_back(who, t.state != ticket_state::solved);
    if (!is_over && !why_not) return plan.hand_to(who, events::taking::given_back, what.cause);
    plan.row().preferred_agent_id = who.id;
    if (why_not) what.cause += "; " + *why_not + ", so it waits in the queue";
}

} // namespace

void ticket_plan::tell_follow_up(const store::follow_up_change& what) {
    const auto& f = what.now_is;
    const auto now = at_.ticket.now;
    const auto tell = [&](std::string_view line, const follow_up& of, std::string_view reason) {
        const auto in = [](timestamp::duration d) { return std::chrono::floor<std::chrono::seconds>(d).count(); };
        const auto since = of.id == 0 ? now : of.created_at;
        out_.promise.push_back({.clock = std::string{name_of(sla_clock_name::follow_up)},
                                .kind = std::string{line},
                                .at = now,
                                .reason = std::string{reason},
                                .policy = "follow-up",
                                .target_s = in(of.due_at - since),
                                .remaining_s = in(of.due_at - now),
                                .due_at = of.ended_at ? std::nullopt : std::optional{of.due_at}});
    };
    switch (what.what) {
    case kind::promised:
        tell("started", f, f.reason);
        break;
    case kind::moved:
        tell("repriced", f, what.reason);
        break;
    case kind::due:
        break;
    case kind::kept:
        tell(f.outcome == name_of(follow_up_outcome::kept) ? "met" : "breached", f, *f.outcome);
        break;
    case kind::dropped:
        tell(f.outcome ? "breached" : "withdrawn", f, f.ended_note);
        break;
    case kind::reopened:
        tell("resumed", f, what.reason);
        break;
    }
    if (what.next) tell("started", *what.next, what.next->reason);
}

void ticket_plan::change_follow_up(store::follow_up_change what) {
    tell_follow_up(what);
    out_.follow_up = std::move(what);
}

void ticket_plan::reopen_follow_up(const store::kept_follow_up& what) {
    const std::string why = "answer taken back";
    const auto change = [&](store::follow_up_change c) {
        ++c.now_is.version;
        tell_follow_up(c);
        out_.taken_back.push_back(std::move(c));
    };
    auto f = what.kept;
    f.state = name_of(*f.ended_at < f.due_at ? follow_up_state::open : follow_up_state::due);
    f.outcome = {}, f.ended_at = {}, f.ended_by = {}, f.ended_note = {}, f.contact_id = {};
    change({.what = kind::reopened, .now_is = std::move(f), .reason = why});
    if (!what.next) return;
    auto next = *what.next;
    next.state = name_of(follow_up_state::dropped);
    next.ended_at = at_.ticket.now;
    if (out_.by) next.ended_by = named{*out_.by, {}};
    next.ended_note = why;
    change({.what = kind::dropped, .now_is = std::move(next)});
}

decided decide_promise(const store::ticket_at_hand& at, const viewer& me, const follow_up_wish& wish) {
    if (auto no = obstacle_to(ticket_action::follow_up, me, at.ticket)) return std::unexpected{std::move(*no)};
    if (auto wrong = wrong_time(wish.due_at, at.ticket.now)) return std::unexpected{std::move(*wrong)};
    const bool by_days = wish.repeats == name_of(follow_up_repeat::days);
    if (by_days != wish.repeat_days.has_value())
        return std::unexpected{refusal::invalid("repeat_days", by_days ? "must say after how many days it repeats"
                                                                       : "is only for one that repeats after days")};
    const auto zone = wish.time_zone.value_or(at.follow_ups->time_zone);
    if (wish.time_zone && !zone.empty() && !is_timezone(zone))
        return std::unexpected{refusal::invalid("time_zone", "is no IANA time zone")};
    if (at.follow_ups->to_keep >= most_to_keep)
        return std::unexpected{refusal::conflict("this ticket has 20 follow-ups already: keep or drop one first")};
    follow_up f;
    f.ticket_id = at.ticket.id;
    f.owner = {me.user_id, {}};
    f.state = name_of(follow_up_state::open);
    f.due_at = f.series_from = wish.due_at;
    f.remind_s = wish.remind_s;
    f.channel = wish.channel;
    f.reason = wish.reason;
    f.said_to = wish.said_to;
    f.time_zone = zone;
    f.repeats = wish.repeats;
    f.repeat_days = wish.repeat_days;
    ticket_plan plan{at, me.user_id};
    plan.change_follow_up({.what = kind::promised, .now_is = std::move(f)});
    return std::move(plan).without_event();
}

decided decide_move(const store::ticket_at_hand& at, const viewer& me, seen_version seen, timestamp due_at,
                    const std::string& reason) {
    if (auto no = obstacle_to_ending(at, me, seen)) return std::unexpected{std::move(*no)};
    if (auto wrong = wrong_time(due_at, at.ticket.now)) return std::unexpected{std::move(*wrong)};
    auto f = at.follow_up.value();
    f.missed = is_late(at);
    f.state = name_of(follow_up_state::open);
    f.due_at = due_at;
    ++f.version;
    ticket_plan plan{at, me.user_id};
    plan.change_follow_up(
        {.what = kind::moved, .now_is = std::move(f), .was_due_at = at.follow_up->due_at, .reason = reason});
    return std::move(plan).without_event();
}

decided decide_keeping(const store::ticket_at_hand& at, const viewer& me, seen_version seen, const follow_up_end& end) {
    if (auto no = obstacle_to_ending(at, me, seen)) return std::unexpected{std::move(*no)};
    if (end.contact_id && at.follow_ups->kept_by.value_or(timestamp::min()) < at.follow_up->created_at)
        return std::unexpected{refusal::invalid("contact_id", "must be a reply of this ticket since it was promised")};
    auto f = ended(at, me, follow_up_state::done, end.note);
    f.outcome = name_of(is_late(at) ? follow_up_outcome::late : follow_up_outcome::kept);
    f.contact_id = end.contact_id;
    ticket_plan plan{at, me.user_id};
    plan.change_follow_up({.what = kind::kept, .now_is = std::move(f), .next = next_of(at)});
    return std::move(plan).without_event();
}

decided decide_dropping(const store::ticket_at_hand& at, const viewer& me, seen_version seen,
                        const std::string& reason) {
    if (auto no = obstacle_to_ending(at, me, seen)) return std::unexpected{std::move(*no)};
    auto f = ended(at, me, follow_up_state::dropped, reason);
    if (f.missed || at.ticket.now >= f.due_at) f.outcome = name_of(follow_up_outcome::broken);
    ticket_plan plan{at, me.user_id};
    plan.change_follow_up({.what = kind::dropped, .now_is = std::move(f)});
    return std::move(plan).without_event();
}

store::ticket_changes turn_of_follow_up(const store::ticket_at_hand& at) {
    const auto& t = at.ticket;
    auto f = at.follow_up.value();
    f.state = name_of(follow_up_state::due);
    ++f.version;
    ticket_plan plan{at, std::nullopt};
    plan.change_follow_up({.what = kind::due, .now_is = std::move(f)});
    if (!at.taker || at.callback) return std::move(plan).without_event();
    auto who = *at.taker;
    events::ticket_changed what{.cause = "a follow-up is due"};
    switch (t.state) {
    case ticket_state::solved:
        what.change = ticket_change::reopened;
        if (t.is_wrapped_up_by(who.id)) { // its own wrap-up does not stand in the way of the work that it comes from
            plan.end_wrapup_of(who.id);
            who.end_its_wrapup();
        }
        plan.begin_anew();
        give_back(plan, t, who, what);
        break;
    case ticket_state::held:
        what.change = ticket_change::resumed;
        plan.wait_again();
        give_back(plan, t, who, what);
        break;
    case ticket_state::parked:
        if (who.is_ready) return std::move(plan).without_event(); // he takes it up again by himself
        what.change = ticket_change::returned;
        what.cause += "; " + who.name + " is not ready for it, so it waits in the queue";
        plan.give_up(what.cause);
        break;
    default: // it is at work, or waits already
        return std::move(plan).without_event();
    }
    return std::move(plan).with_event(std::move(what));
}

} // namespace switchboard::desk

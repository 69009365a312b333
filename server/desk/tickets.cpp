#include "desk/decisions.hpp"
#include "desk/ticket_plan.hpp"

#include <switchboard/model/draft.hpp>

#include <algorithm>

/// Who may, and notes, edits, transfers, escalations.
namespace switchboard::desk {

using events::ticket_change;

namespace {

constexpr std::int64_t priority_of_escalated = 8; // at least

} // namespace

std::optional<refusal> obstacle_to(ticket_action a, const viewer& who, const store::locked_ticket& t) {
    return why_not_act(a, who, t.state, t.queue_id, t.owner_id, t.offered_to(who.user_id));
}

std::optional<refusal> other_draft(std::optional<std::int64_t> now_is, std::optional<std::int64_t> shown) {
    if (!shown || now_is == shown) return std::nullopt;
    return refusal{refusal::kind::stale, std::string{draft_change_words(now_is.has_value())}};
}

decided decide_note(const store::ticket_at_hand& at, const viewer& me, const std::string& text,
                    std::optional<std::int64_t> draft_version) {
    if (auto no = obstacle_to(ticket_action::note, me, at.ticket)) return std::unexpected{std::move(*no)};
    if (auto no = other_draft(at.draft_version, draft_version)) return std::unexpected{std::move(*no)};
    ticket_plan plan{at, me.user_id};
    if (draft_version) plan.end_draft("note");
    plan.leave(text);
    return std::move(plan).without_event();
}

decided decide_edit(const store::ticket_at_hand& at, const viewer& me, const ticket_edit& e) {
    if (auto no = obstacle_to(ticket_action::edit, me, at.ticket)) return std::unexpected{std::move(*no)};
    if (e.expected_version && *e.expected_version != at.ticket.version)
        return std::unexpected{refusal{refusal::kind::stale, "the ticket has changed since you read it"}};
    ticket_plan plan{at, me.user_id};
    auto& row = plan.row();
    row.subject = e.subject.value_or(row.subject);
    row.language = e.language.value_or(row.language);
    row.priority = e.priority.value_or(row.priority);
    row.tier = e.tier.value_or(row.tier);
    row.difficulty = e.difficulty.value_or(row.difficulty);
    if (e.priority) plan.follow_terms("priority changed");
    return std::move(plan).with_event({.change = ticket_change::edited});
}

decided decide_transfer(const store::ticket_at_hand& at, const viewer& me, std::int64_t queue_id,
                        const std::string& note) {
    if (auto no = obstacle_to(ticket_action::transfer, me, at.ticket)) return std::unexpected{std::move(*no)};
    if (!at.target) return std::unexpected{refusal::invalid("queue_id", "there is no such queue")};
    if (queue_id == at.ticket.queue_id)
        return std::unexpected{refusal::invalid("queue_id", "the ticket is in this queue already")};
    ticket_plan plan{at, me.user_id};
    plan.leave(note);
    plan.move("transferred");
    return std::move(plan).with_event({.change = ticket_change::transferred});
}

decided decide_escalation(const store::ticket_at_hand& at, const viewer& me, const std::string& reason) {
    if (auto no = obstacle_to(ticket_action::escalate, me, at.ticket)) return std::unexpected{std::move(*no)};
    if (!at.target)
        return std::unexpected{refusal::conflict("this queue has no escalation queue; an admin can set one")};
    ticket_plan plan{at, me.user_id};
    plan.leave("Escalated: " + reason);
    plan.row().escalated = true;
    plan.row().priority = std::max(plan.row().priority, priority_of_escalated);
    plan.move("escalated");
    return std::move(plan).with_event({.change = ticket_change::escalated});
}

} // namespace switchboard::desk

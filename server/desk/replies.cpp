#include "desk/decisions.hpp"
#include "desk/ticket_plan.hpp"

#include <algorithm>

/// Our words: written, taken back, sent again.
namespace switchboard::desk {

using store::outgoing_reply;

namespace {

/// Where the words go: as the customer wrote last, or by mail to a chat's visitor, or to whom their author names.
std::expected<store::answer_target, refusal> target_of(const store::ticket_at_hand& at, const reply_draft& d) {
    auto target = at.answers->target;
    if (d.by_mail && target.kind != "email") {
        if (!at.answers->by_mail)
            return std::unexpected{refusal::invalid("channel", "no visitor has left an address that we could mail to")};
        target = *at.answers->by_mail;
    }
    if (target.gateway_id == 0) target.gateway_id = at.ticket.gateway_id.value_or(0);
    if (target.gateway_id == 0)
        return std::unexpected{refusal::conflict("this ticket has no contact that could be answered")};
    if (!d.to.empty()) target.to = d.to;
    if (target.kind == "email" && target.to.empty())
        return std::unexpected{refusal::invalid("to", "no person has written here: name whom the answer goes to")};
    if (target.mail.subject.empty()) target.mail.subject = at.ticket.subject;
    return target;
}

bool are_all_his(std::vector<std::int64_t> named, const std::vector<std::int64_t>& his) {
    std::ranges::sort(named);
    return std::ranges::adjacent_find(named) == named.end() && std::ranges::includes(his, named);
}

} // namespace

decided decide_reply(const store::ticket_at_hand& at, const viewer& me, const reply_draft& d) {
    if (auto no = obstacle_to(ticket_action::reply, me, at.ticket)) return std::unexpected{std::move(*no)};
    if (auto no = other_draft(at.draft_version, d.draft_version)) return std::unexpected{std::move(*no)};
    const auto target = target_of(at, d);
    if (!target) return std::unexpected{target.error()};
    if (!are_all_his(d.draft_files, at.answers->draft_files))
        return std::unexpected{refusal::invalid("draft_files", "names a file that your draft has not")};
    ticket_plan plan{at, me.user_id};
    outgoing_reply reply{.target = *target,
                         .cc = d.cc,
                         .author = at.answers->author,
                         .text = d.text,
                         .html = d.html,
                         .files = &d.attachments,
                         .draft_files = d.draft_files,
                         .undo_s = d.undo_s};
    if (reply.is_mail()) reply.head = answer_to(target->mail, std::to_string(at.ticket.id), target->from.address);
    plan.reply(std::move(reply));
    if (d.draft_version) plan.end_draft("reply");
    if (!d.solve) return std::move(plan).without_event();
    const auto as = known_disposition(at.queue, *d.solve, "solve");
    if (!as) return std::unexpected{as.error()};
    plan.solve(*as);
    return std::move(plan).with_event({.change = events::ticket_change::solved});
}

decided decide_undo(const store::ticket_at_hand& at, const viewer& me) {
    const auto& t = at.ticket;
    const auto& sent = at.reply.value();
    if (sent.author_id != me.user_id) return std::unexpected{refusal::missing(no_reply_of_yours)};
    if (!sent.is_queued) return std::unexpected{refusal::conflict("it is too late: the reply is on its way")};
    ticket_plan plan{at, me.user_id};
    plan.change_reply({store::reply_change::kind::taken_back, sent.id});
    for (const auto& one : at.kept_by_reply) plan.reopen_follow_up(one);
    if (t.solved_at != sent.sent_at) { // it was not solved together with this reply
        plan.take_back_answer(sent.sent_at);
        return std::move(plan).without_event();
    }
    auto owner = at.taker;
    const bool is_his_again = owner && owner->active && owner->takes_work; // else it waits for who may have it
    if (is_his_again && owner->uncovered_licence)
        return std::unexpected{
            refusal::conflict("the ticket was solved with this reply, and its owner does not hold a valid " +
                              *owner->uncovered_licence + " any more: nothing was taken back")};
    if (owner && at.ticket.is_wrapped_up_by(owner->id)) {
        plan.end_wrapup_of(owner->id);
        owner->end_its_wrapup();
    }
    plan.take_back_solution(sent.sent_at);
    if (is_his_again)
        plan.hand_to(*owner, events::taking::given_back); // whose hands may be fuller by it than they should be
    return std::move(plan).with_event({.change = events::ticket_change::reopened});
}

decided decide_retry(const store::ticket_at_hand& at, const viewer& me) {
    const auto& sent = at.reply.value();
    if (auto no = obstacle_to(ticket_action::note, me, at.ticket))
        return std::unexpected{no->why == refusal::kind::not_found ? refusal::missing(no_such_reply) : std::move(*no)};
    if (!sent.has_failed) return std::unexpected{refusal::conflict("only a reply that failed can be sent again")};
    ticket_plan plan{at, me.user_id};
    plan.change_reply({store::reply_change::kind::sent_again, sent.id});
    return std::move(plan).without_event();
}

} // namespace switchboard::desk

#include <switchboard/desk/desk.hpp>

#include "desk/decisions.hpp"

namespace switchboard::desk {

using store::taker_asked;
using store::ticket_at_hand;
using store::ticket_questions;

desk::answer<desk::answered_offer> desk::accept(std::int64_t offer_id, std::int64_t agent_id) {
    ticket_questions q{.offer = offer_id,
                       .if_missing = no_such_offer,
                       .takes = taker_asked::agent,
                       .agent = agent_id,
                       .licence_lasts_s = licence_lasts_s_};
    return rows_.answer_offer(std::move(q),
                              [agent_id](const ticket_at_hand& at) { return decide_acceptance(at, agent_id); }, {});
}

desk::answer<desk::answered_offer> desk::decline(std::int64_t offer_id, std::int64_t agent_id, std::string reason,
                                                 keep<answered_offer> kept) {
    ticket_questions q{.offer = offer_id, .if_missing = no_such_offer};
    return rows_.answer_offer(
        std::move(q),
        [agent_id, reason = std::move(reason)](const ticket_at_hand& at) {
            return decide_refusal(at, agent_id, reason);
        },
        std::move(kept));
}

desk::answer<ticket> desk::assign(std::int64_t ticket, viewer who, std::int64_t agent_id, std::string reason,
                                  keep<whole> kept) {
    ticket_questions q{.ticket = ticket,
                       .asker = who,
                       .takes = taker_asked::agent,
                       .agent = agent_id,
                       .licence_lasts_s = licence_lasts_s_};
    return rows_.change(
        std::move(q),
        [me = std::move(who), reason = std::move(reason)](const ticket_at_hand& at) {
            return decide_assignment(at, me, reason);
        },
        std::move(kept));
}

desk::answer<ticket> desk::claim(std::int64_t ticket, viewer who, keep<whole> kept) {
    ticket_questions q{.ticket = ticket,
                       .asker = who,
                       .takes = taker_asked::agent,
                       .agent = who.user_id,
                       .licence_lasts_s = licence_lasts_s_};
    return rows_.change(
        std::move(q), [me = std::move(who)](const ticket_at_hand& at) { return decide_claim(at, me); },
        std::move(kept));
}

desk::answer<note> desk::add_note(std::int64_t ticket, viewer who, std::string text,
                                  std::optional<std::int64_t> draft_version, keep<note> kept) {
    ticket_questions q{.ticket = ticket, .asker = who, .draft = draft_version ? "note" : ""};
    return rows_.leave_note(
        std::move(q),
        [me = std::move(who), text = std::move(text), draft_version](const ticket_at_hand& at) {
            return decide_note(at, me, text, draft_version);
        },
        std::move(kept));
}

desk::answer<desk::sent_reply> desk::reply(std::int64_t ticket, viewer who, reply_draft draft, keep<sent_reply> kept) {
    ticket_questions q{.ticket = ticket,
                       .asker = who,
                       .draft = draft.draft_version ? "reply" : "",
                       .answers = true,
                       .by_mail = draft.by_mail};
    return rows_.reply(
        std::move(q),
        [me = std::move(who), d = std::move(draft)](const ticket_at_hand& at) { return decide_reply(at, me, d); },
        std::move(kept));
}

desk::answer<desk::sent_reply> desk::undo_reply(std::int64_t contact_id, viewer who, keep<sent_reply> kept) {
    ticket_questions q{.contact = contact_id,
                       .if_missing = no_reply_of_yours,
                       .asker = who,
                       .terms = true,
                       .takes = taker_asked::owner,
                       .licence_lasts_s = licence_lasts_s_};
    return rows_.reply(
        std::move(q), [me = std::move(who)](const ticket_at_hand& at) { return decide_undo(at, me); }, std::move(kept));
}

desk::answer<desk::sent_reply> desk::retry_reply(std::int64_t contact_id, viewer who, keep<sent_reply> kept) {
    ticket_questions q{.contact = contact_id, .if_missing = no_such_reply, .asker = who};
    return rows_.reply(
        std::move(q), [me = std::move(who)](const ticket_at_hand& at) { return decide_retry(at, me); },
        std::move(kept));
}

desk::answer<ticket> desk::keep_claim(std::int64_t ticket, viewer who, visitor_claim claim, keep<whole> kept) {
    ticket_questions q{.ticket = ticket, .asker = who, .identity = claim.identity};
    return rows_.change(
        std::move(q),
        [me = std::move(who), claim = std::move(claim)](const ticket_at_hand& at) {
            return decide_identity(at, me, claim);
        },
        std::move(kept));
}

desk::answer<presence> desk::set_presence(std::int64_t agent_id, presence_wish wish) {
    auto reason = wish.reason;
    return rows_.set_presence(agent_id, std::move(reason), [wish = std::move(wish)](const store::presence_at_hand& at) {
        return decide_presence(at, wish);
    });
}

desk::answer<ticket> desk::edit(std::int64_t ticket, viewer who, ticket_edit changes) {
    ticket_questions q{.ticket = ticket, .asker = who, .terms = changes.priority.has_value()};
    return rows_.change(
        std::move(q),
        [me = std::move(who), e = std::move(changes)](const ticket_at_hand& at) { return decide_edit(at, me, e); }, {});
}

desk::answer<ticket> desk::transfer(std::int64_t ticket, viewer who, std::int64_t queue_id, std::string note,
                                    keep<whole> kept) {
    ticket_questions q{.ticket = ticket, .asker = who, .to_queue = queue_id, .terms = true};
    return rows_.change(
        std::move(q),
        [me = std::move(who), queue_id, note = std::move(note)](const ticket_at_hand& at) {
            return decide_transfer(at, me, queue_id, note);
        },
        std::move(kept));
}

desk::answer<ticket> desk::escalate(std::int64_t ticket, viewer who, std::string reason, keep<whole> kept) {
    ticket_questions q{.ticket = ticket, .asker = who, .escalates = true, .terms = true};
    return rows_.change(
        std::move(q),
        [me = std::move(who), reason = std::move(reason)](const ticket_at_hand& at) {
            return decide_escalation(at, me, reason);
        },
        std::move(kept));
}

desk::answer<ticket> desk::hold(std::int64_t ticket, viewer who, timestamp until, std::string note, keep<whole> kept) {
    ticket_questions q{.ticket = ticket, .asker = who};
    return rows_.change(
        std::move(q),
        [me = std::move(who), until, note = std::move(note)](const ticket_at_hand& at) {
            return decide_hold(at, me, until, note);
        },
        std::move(kept));
}

desk::answer<ticket> desk::resume(std::int64_t ticket, viewer who, keep<whole> kept) {
    ticket_questions q{
        .ticket = ticket, .asker = who, .takes = taker_asked::asker_if_owner, .licence_lasts_s = licence_lasts_s_};
    return rows_.change(
        std::move(q), [me = std::move(who)](const ticket_at_hand& at) { return decide_resumption(at, me); },
        std::move(kept));
}

desk::answer<ticket> desk::solve(std::int64_t ticket, viewer who, std::string disposition, std::string note,
                                 keep<whole> kept) {
    ticket_questions q{.ticket = ticket, .asker = who};
    return rows_.change(
        std::move(q),
        [me = std::move(who), as = std::move(disposition), note = std::move(note)](const ticket_at_hand& at) {
            return decide_solution(at, me, as, note);
        },
        std::move(kept));
}

desk::answer<ticket> desk::reopen(std::int64_t ticket, viewer who, keep<whole> kept) {
    ticket_questions q{.ticket = ticket,
                       .asker = who,
                       .terms = true,
                       .takes = taker_asked::asker_if_owner,
                       .licence_lasts_s = licence_lasts_s_};
    return rows_.change(
        std::move(q), [me = std::move(who)](const ticket_at_hand& at) { return decide_reopening(at, me); },
        std::move(kept));
}

desk::answer<ticket> desk::end_wrapup(std::int64_t ticket, viewer who, std::optional<std::string> disposition,
                                      keep<whole> kept) {
    ticket_questions q{.ticket = ticket, .asker = who};
    return rows_.change(
        std::move(q),
        [me = std::move(who), as = std::move(disposition)](const ticket_at_hand& at) {
            return decide_end_of_wrapup(at, me, as);
        },
        std::move(kept));
}

} // namespace switchboard::desk

#pragma once

#include <switchboard/desk/requests.hpp>
#include <switchboard/store/desk_store.hpp>

#include <cstdint>
#include <optional>
#include <string>

/// What people do to tickets: read what is locked, decide, write the changes with their events.
namespace switchboard::desk {

/// What agents and supervisors do to tickets. Each call is one transaction that locks the ticket first, checks
/// may_act(), changes ticket, offer and load together and appends the event (promises 4, 6, 7). With a `keep` it is
/// done once, however often it is asked for.
class desk {
public:
    /// `licence_lasts_s`: a licence must last at least this much longer.
    explicit desk(store::database& db, std::int64_t licence_lasts_s = 0)
        : rows_{db}, licence_lasts_s_{licence_lasts_s} {}

    template <class T>
    using answer = store::desk_store::answer<T>;
    template <class T>
    using keep = store::keep<T>;
    using whole = switchboard::ticket;
    using sent_reply = store::sent_reply;
    using answered_offer = store::answered_offer;

    /// The licence is checked here again, by the database's clock; so is the expiry. Accepting twice is harmless.
    answer<answered_offer> accept(std::int64_t offer_id, std::int64_t agent_id);
    answer<answered_offer> decline(std::int64_t offer_id, std::int64_t agent_id, std::string reason,
                                   keep<answered_offer> kept = {});

    /// A supervisor gives a ticket to an agent, whatever skill and capacity say; never past a licence. What was passed
    /// is in the event and in the reasons that are kept.
    answer<whole> assign(std::int64_t ticket, viewer who, std::int64_t agent_id, std::string reason,
                         keep<whole> kept = {});
    /// An agent takes a waiting ticket: offer and acceptance in one, under the same conditions.
    answer<whole> claim(std::int64_t ticket, viewer who, keep<whole> kept = {});

    /// `draft_version`: as in reply_draft.
    answer<note> add_note(std::int64_t ticket, viewer who, std::string text, std::optional<std::int64_t> draft_version,
                          keep<note> kept = {});
    answer<sent_reply> reply(std::int64_t ticket, viewer who, reply_draft draft, keep<sent_reply> kept = {});
    /// Takes back a reply that is not on its way yet, and the solving that came with it. It is its author's draft
    /// again.
    answer<sent_reply> undo_reply(std::int64_t contact_id, viewer who, keep<sent_reply> kept = {});
    /// Queues a mail that failed for good once more, under the same Message-ID. Whoever sees the ticket may.
    answer<sent_reply> retry_reply(std::int64_t contact_id, viewer who, keep<sent_reply> kept = {});

    /// The visitor's word is true, somebody says: it becomes an identity of the ticket's customer. Refused where it is
    /// another customer's, or where the visitor has changed his word.
    answer<whole> keep_claim(std::int64_t ticket, viewer who, visitor_claim claim, keep<whole> kept = {});

    answer<whole> edit(std::int64_t ticket, viewer who, ticket_edit changes);
    answer<whole> transfer(std::int64_t ticket, viewer who, std::int64_t queue_id, std::string note,
                           keep<whole> kept = {});
    answer<whole> escalate(std::int64_t ticket, viewer who, std::string reason, keep<whole> kept = {});
    answer<whole> hold(std::int64_t ticket, viewer who, timestamp until, std::string note, keep<whole> kept = {});
    answer<whole> resume(std::int64_t ticket, viewer who, keep<whole> kept = {});
    answer<whole> solve(std::int64_t ticket, viewer who, std::string disposition, std::string note,
                        keep<whole> kept = {});
    answer<whole> reopen(std::int64_t ticket, viewer who, keep<whole> kept = {});
    /// A disposition replaces that of the solved ticket.
    answer<whole> end_wrapup(std::int64_t ticket, viewer who, std::optional<std::string> disposition,
                             keep<whole> kept = {});

    answer<presence> set_presence(std::int64_t agent_id, presence_wish wish);

private:
    store::desk_store rows_;
    std::int64_t licence_lasts_s_;
};

} // namespace switchboard::desk

#pragma once

#include <switchboard/model/draft.hpp>
#include <switchboard/model/lifecycle.hpp>
#include <switchboard/model/record.hpp>
#include <switchboard/model/viewer.hpp>
#include <switchboard/store/keep.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace switchboard::store {

class database;

/// Why nothing was changed. `detail` is a sentence for the person who asked.
struct desk_refusal {
    enum class kind { not_found, forbidden, conflict, stale, invalid } why = kind::conflict;
    std::string detail;
    std::string field;                // of `invalid`
    std::optional<draft> draft_now{}; // of `stale`, where it is the author's draft that has changed
};

template <class T>
using desk_result = std::expected<T, desk_refusal>;

struct ticket_edit {
    std::optional<std::string> subject, language;
    std::optional<std::int64_t> priority, tier, difficulty;
    std::optional<std::int64_t> expected_version; // If-Match
};

/// Words of ours on their way to a customer (or, on phone and fax, a record of what was said).
struct reply_draft {
    std::string text, html;
    std::vector<party> to, cc; // e-mail only
    std::vector<attachment> attachments;
    std::optional<std::string> solve;      // disposition: solve with the same commit
    bool by_mail = false;                  // to a chat's visitor, at the address that he left
    std::int64_t undo_s = 0;               // how long the reply can be taken back; e-mail only
    std::vector<std::int64_t> draft_files; // of the author's draft, which go along
    /// Of the author's draft that this is: it ends with the sending. Refused as stale where it is another by now, and
    /// nothing is sent.
    std::optional<std::int64_t> draft_version;
};

/// What a chat's visitor says of himself: in his words, and as customers' identities are kept.
struct visitor_claim {
    std::string said;
    party identity; // email or tel
};

struct sent_reply {
    contact_record contact;
    switchboard::ticket ticket;
};

struct accepted_offer {
    switchboard::offer offer;
    ticket_summary ticket;
};

/// What agents and supervisors do to tickets. Each call is one transaction that locks the ticket first, checks
/// may_act(), changes ticket, offer and load together and appends the event (promises 4, 6, 7). With a `keep` it is
/// done once, however often it is asked for.
class desk {
public:
    /// `min_licence_validity_s`: a licence must last at least this much longer.
    explicit desk(database& db, std::int64_t min_licence_validity_s = 0)
        : db_{db}, min_licence_validity_s_{min_licence_validity_s} {}

    template <class T>
    using answer = boost::asio::awaitable<desk_result<T>>;
    using whole = switchboard::ticket;

    /// The licence is checked here again, by the database's clock; so is the expiry. Accepting twice is harmless.
    answer<accepted_offer> accept(std::int64_t offer_id, std::int64_t agent_id);
    answer<offer> decline(std::int64_t offer_id, std::int64_t agent_id, std::string reason, keep<offer> kept = {});

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

    answer<presence> set_presence(std::int64_t agent_id, std::string state,
                                  std::optional<std::vector<std::string>> channels, std::string reason,
                                  bool after_current, std::optional<std::int64_t> actor = {});

private:
    database& db_;
    std::int64_t min_licence_validity_s_;
};

} // namespace switchboard::store

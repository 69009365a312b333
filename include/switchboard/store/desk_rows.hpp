#pragma once

#include <switchboard/model/callback.hpp>
#include <switchboard/model/events/offers.hpp>
#include <switchboard/model/events/tickets.hpp>
#include <switchboard/model/follow_up.hpp>
#include <switchboard/model/queue.hpp>
#include <switchboard/model/record.hpp>
#include <switchboard/model/states.hpp>
#include <switchboard/model/taker.hpp>
#include <switchboard/model/ticket.hpp>
#include <switchboard/model/viewer.hpp>
#include <switchboard/sla/promise.hpp>
#include <switchboard/util/mail_head.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What somebody who does something to a ticket asks the database, what he is told, and what is written.
namespace switchboard::store {

/// A ticket's row, as far as something changes it.
struct ticket_record {
    std::int64_t id = 0, queue_id = 0, version = 0;
    ticket_state state = ticket_state::waiting;
    std::string channel;
    std::optional<std::int64_t> owner_id, preferred_agent_id, gateway_id, customer_id;
    std::string subject, language;
    std::int64_t priority = 5, tier = 1, difficulty = 0;
    bool escalated = false, left_message = false;
    timestamp enqueue_at{}, last_contact_at{};
    std::optional<timestamp> held_until, solved_at, first_reply_at;
    std::optional<std::string> disposition, disposition_name;
    std::string skills = "[]", licences = "[]"; // JSON: lists of skill_need and licence_need
    std::string sla;                            // sla::promise::text()
    std::optional<timestamp> due_at, sla_check_at;
};

/// A ticket's row under lock, with its open offers. The order of locks stands in store/locks.hpp.
struct locked_ticket : ticket_record {
    struct place { // an open offer
        std::int64_t id = 0, agent_id = 0, weight = 0;
        offer_state state = offer_state::offered;
    };

    std::vector<place> offers; // one, or as many as its queue fans out to, in the order in which they were made
    std::vector<std::int64_t> wraps_up; // agents
    timestamp now{};                    // the transaction's time

    [[nodiscard]] bool is_offered() const { return !offers.empty() && offers.front().state == offer_state::offered; }
    [[nodiscard]] std::optional<std::int64_t> offer_agent() const {
        return offers.empty() ? std::nullopt : std::optional{offers.front().agent_id};
    }
    [[nodiscard]] bool is_wrapped_up_by(std::optional<std::int64_t> agent) const;
    /// This agent, if it is offered to him.
    [[nodiscard]] std::optional<std::int64_t> offered_to(std::int64_t agent) const;
};

/// Whose loads are locked, since he may get the ticket in hand.
enum class taker_asked { nobody, agent, owner, asker_if_owner };

struct ticket_questions {
    std::int64_t ticket = 0;
    std::optional<std::int64_t> offer{}, contact{}, callback{},
        follow_up{}; // of which it is the ticket: `contact` is a reply of ours
    std::string if_missing = "there is no such ticket";
    viewer asker{}; // who does it

    std::optional<std::int64_t> to_queue{}; // where it shall go,
    bool escalates = false;                 // or where its queue's tickets escalate to
    bool terms = false;                     // what is promised from now on: there, or where it is
    taker_asked takes = taker_asked::nobody;
    std::int64_t agent = 0;           // of taker_asked::agent
    std::int64_t licence_lasts_s = 0; // how long a licence must last at least
    std::string draft{};              // reply, note: the asker's, which is locked
    bool answers = false;             // whom a reply would go to,
    bool by_mail = false;             // and where by mail to a chat's visitor
    bool calls = false;               // whom a call would go to
    bool follows_up = false;          // what counts for promises to come back,
    std::int64_t kept_by = 0;         // and of the contact that would keep one
    std::optional<party> identity{};  // whose it is
};

struct offer_at_hand {
    std::int64_t id = 0, agent_id = 0, weight = 0;
    offer_state state = offer_state::offered;
    bool is_over = false; // its time, by the database's clock
};

/// A reply of ours.
struct reply_at_hand {
    std::int64_t id = 0;
    std::optional<std::int64_t> author_id{};
    timestamp sent_at{};
    bool is_queued = false; // nobody has begun to send it
    bool has_failed = false;
};

/// A promise to come back that a reply has kept, and the one that followed it, if that is still to be kept.
struct kept_follow_up {
    switchboard::follow_up kept;
    std::optional<switchboard::follow_up> next{};
};

/// Whom an answer goes to, and what it answers. Kind "email" is sent, "chat" delivered live, "none" only recorded.
struct answer_target : reply_target {
    std::int64_t gateway_id = 0;
    mail_head mail; // of the contact that is answered; of others than mail only its subject
    std::string thread_key;
};

struct answers_at_hand {
    std::string author; // who would write
    answer_target target;
    std::optional<answer_target> by_mail;  // to a chat's visitor
    std::vector<std::int64_t> draft_files; // of the asker's draft
};

struct calls_at_hand {
    std::optional<std::string> number{};         // at which its customer can be called
    std::optional<std::int64_t> gateway{};       // that can dial for it: its own if that can, else another
    std::optional<std::int64_t> dials_already{}; // the gateway that was told to
};

struct follow_ups_at_hand {
    std::int64_t to_keep = 0;           // how many the ticket has
    std::string time_zone{};            // its customer's
    std::optional<timestamp> kept_by{}; // when the contact that was asked about went out, if it is of the ticket
    std::optional<named> owner{};       // the ticket's, if he works here
};

/// What a chat's visitor says of himself, and who has the identity that this would become.
struct identity_at_hand {
    std::optional<switchboard::visitor> visitor{};
    std::optional<std::int64_t> customer_id{};
    bool is_colleagues = false;
};

struct ticket_at_hand {
    locked_ticket ticket;
    switchboard::queue queue{};
    std::optional<switchboard::queue> target{}; // only one that is active
    std::optional<sla::queue_promises> terms{};
    sla::business_hours promised_by{};               // the hours of the promise that it has
    std::optional<switchboard::callback> callback{}; // the open one
    std::optional<switchboard::taker> taker{};
    std::optional<std::int64_t> draft_version{}; // of the draft that was asked for, if there is one
    std::optional<offer_at_hand> offer{};
    std::optional<reply_at_hand> reply{};
    std::vector<kept_follow_up> kept_by_reply{};
    std::optional<answers_at_hand> answers{};
    std::optional<calls_at_hand> calls{};
    std::optional<switchboard::follow_up> follow_up{}; // that was asked for
    std::optional<follow_ups_at_hand> follow_ups{};
    std::optional<identity_at_hand> identity{};
};

/// Somebody has it in hand from now on, without having been offered it.
struct handover {
    std::int64_t agent_id = 0, weight = 0;
    events::taking how{};
    std::string reason{};
    std::string past_skill{};   // what was passed over
    bool past_capacity = false; // beyond his room, which grows by that
};

struct offer_answer {
    std::int64_t offer_id = 0, agent_id = 0;
    bool accepted = false;
    std::string reason{}; // why not
};

/// Words of ours on their way, or a record of what was said.
struct outgoing_reply {
    answer_target target; // its `to` is where they go
    std::vector<party> cc;
    std::string author;
    mail_head head{};
    std::string text, html;
    const std::vector<attachment>* files = nullptr; // who decides has them until it is written
    std::vector<std::int64_t> draft_files;          // of the author's draft
    std::int64_t undo_s = 0;                        // how long a mail can be taken back

    [[nodiscard]] bool is_mail() const { return target.kind == "email"; }
    [[nodiscard]] bool is_chat() const { return target.kind == "chat"; }
};

/// What becomes of a reply of ours that was sent before.
struct reply_change {
    enum class kind { taken_back, sent_again } what = kind::taken_back;
    std::int64_t contact_id = 0;
};

/// What becomes of the callback that is open, or a new one.
struct callback_change {
    switchboard::callback now_is;             // number 0: a new one
    bool was_tried = false;                   // its last attempt is new
    std::optional<std::int64_t> dialled_by{}; // a gateway that is to make the next attempt
};

/// What becomes of a follow-up, or a new one.
struct follow_up_change {
    enum class kind { promised, moved, due, kept, dropped, reopened } what = kind::promised;
    switchboard::follow_up now_is;                // number 0: a new one
    std::optional<switchboard::follow_up> next{}; // the one that follows it
    timestamp was_due_at{};                       // of one that was moved,
    std::string reason{};                         // and why
};

/// What becomes of a locked ticket, in the order in which it is written. Whose load is given back or taken has been
/// locked before.
struct ticket_changes {
    ticket_record row;                            // as it is to be: written if its version is another
    std::optional<std::int64_t> by{};             // empty: the system
    std::optional<outgoing_reply> reply{};        // of who does it
    std::optional<reply_change> sent{};           //
    std::string ends_draft{};                     // reply, note: of who does it
    std::string note{};                           // empty: none
    std::optional<party> keeps_identity{};        // its customer's from now on
    std::optional<offer_answer> answered{};       //
    std::optional<std::string> ends_offers{};     // the open ones beside that, and why; what only rings is rescinded
    bool parks = false;                           // what is in hand is put aside
    std::optional<std::string> returned{};        // why it goes back to its queue, for routing's reasons
    std::int64_t wrapup_s = 0;                    // so long its offer is in wrap-up from now on
    std::optional<std::int64_t> ends_wrapup_of{}; // this agent's of it
    std::optional<handover> handed{};
    std::optional<std::int64_t> begun_by{}; // an agent: if he asked for that, he is not ready now
    std::optional<callback_change> callback{};
    std::optional<follow_up_change> follow_up{};
    std::vector<follow_up_change> taken_back{};   // what a reply has done to follow-ups
    bool was_missed = false;                      // its last contact, if it was never answered
    sla::promise::lines promise{};                // to append to what is told of it
    std::optional<events::ticket_changed> told{}; // ticket and people are filled in
};

struct presence_at_hand {
    /// The reason as the center's list says it; what it is now may stay, whoever said it. Empty: there is no such.
    std::optional<std::string> known_reason{};
    bool has_work = false;  // in hand
    bool takes_work = true; // his roles permit it
};

struct presence_change {
    presence_state state = presence_state::ready;
    std::string reason;
    bool after_current = false;
    std::optional<std::vector<std::string>> channels; // empty: as they are, or all of the profile's
};

} // namespace switchboard::store

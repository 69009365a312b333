#pragma once

#include <switchboard/model/contact.hpp>
#include <switchboard/model/directory.hpp>
#include <switchboard/model/gateway.hpp>
#include <switchboard/model/secret_text.hpp>
#include <switchboard/model/ticket.hpp>
#include <switchboard/sla/promise.hpp>
#include <switchboard/store/leaving.hpp>
#include <switchboard/store/routing.hpp>
#include <switchboard/util/mail_head.hpp>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

/// What a group commit asks the database, what it is told, and what it writes.
namespace switchboard::store {

/// One input as it came. Contacts of one input share it.
struct raw_message {
    std::string body;
    std::string content_type;
    std::vector<std::pair<std::string, std::string>> headers, query; // those that a replay needs
    std::string remote;
    bool fetched = false; // it holds what was fetched for it: where it mends a contact, it replaces the bytes
};

/// One record of an input on its way into the database.
struct intake_item {
    std::int64_t gateway_id = 0;
    std::shared_ptr<const raw_message> raw;
    std::variant<inbound_contact, contact_event> record;
    timestamp received_at{};
    std::vector<std::int64_t> reply_tokens; // tickets that our signed reply addresses among its recipients name
    bool ours = false;                      // a mail that we sent and that has come back: its mark is good
    std::optional<std::int64_t> mends;      // the quarantined contact that this is, understood anew
};
using intake_group = std::vector<std::shared_ptr<const intake_item>>;

using external_key = std::pair<std::int64_t, std::string>; // gateway, external id or thread key
using identity_key = std::pair<std::string, std::string>;  // kind, value

/// Something that mails of a ticket name and that never came here (see mail_clue in migrations), together with somebody
/// who takes part in it: he wrote one of them or got one; one to whom a mail goes as well must have written.
struct clue_of {
    std::string clue;
    std::string person; // address
    bool sender = true; // of the mail that asks

    auto operator<=>(const clue_of&) const = default;
};

struct intake_questions {
    std::vector<external_key> contacts;
    std::vector<external_key> calls;         // call id, or that of a leg: what has been told of it?
    std::vector<external_key> event_targets; // external id, or Message-ID, of the contact that an event speaks of
    std::vector<std::string> message_ids;
    std::vector<clue_of> clues;
    std::vector<external_key> twins; // gateway and Message-ID: has another mailbox that mail?
    std::vector<identity_key> identities;
    std::vector<external_key> threads;
    std::vector<std::int64_t> tickets;
    std::vector<std::pair<std::int64_t, std::string>> participants; // does this address take part in this ticket?
    std::vector<std::string> chat_sessions;
    std::vector<identity_key> callers;     // whose open tickets are wanted
    std::vector<std::string> acknowledged; // addresses that may be answered by themselves: how often lately?
    std::vector<std::int64_t> mends;       // quarantined contacts that are taken in anew
    std::vector<std::string> locks;        // groups that name the same thing run one after the other
    std::size_t new_contacts = 0, new_tickets = 0, new_customers = 0; // at most
};

/// What tells one letter from another that has its Message-ID.
struct known_letter {
    std::string hash; // of what the sender wrote, as it came
    std::optional<timestamp> date;
    std::string words;              // the head of them
    std::vector<std::string> files; // the hashes of what is attached
};
struct known_contact {
    std::int64_t id = 0;
    std::optional<std::int64_t> ticket_id;
    std::string outcome;
    std::optional<std::int64_t> thread_seq;
    std::optional<std::string> delivery;
    known_letter letter{}; // e-mail that came in
};
/// A call of which something has been told, by this and other legs.
struct known_call {
    std::int64_t contact_id = 0;
    std::optional<std::int64_t> ticket_id;
    bool has_customer = false;
    inbound_contact told;
};
struct known_message {
    std::int64_t gateway_id = 0, ticket_id = 0, contact_id = 0;
    bool sent = false; // by us
};
/// The same mail at another mailbox.
struct known_twin {
    std::int64_t contact_id = 0;
    std::optional<std::int64_t> ticket_id;
    std::int64_t queue_id = 0; // of the ticket
    known_letter letter;
};
struct known_ticket {
    ticket_summary summary;
    std::optional<std::int64_t> gateway_id, preferred_agent_id;
    std::string thread_key;
    std::string sla; // a sla::promise
    std::optional<timestamp> sla_check_at;
    sla::business_hours promised_hours{}; // those that `sla` was made by; read for a ticket on hold
    bool owner_gone = false;              // somebody has it who is not there
};
struct known_customer {
    named who;
    std::string language;
};

struct intake_answers {
    std::map<external_key, known_contact> contacts, event_targets;
    std::map<external_key, known_call> calls;
    /// Events already kept: gateway, what they speak of, type, time, details.
    std::set<std::tuple<std::int64_t, std::string, std::string, std::optional<timestamp>, std::string>> events;
    std::multimap<std::string, known_message> messages; // the newest first
    std::multimap<clue_of, std::int64_t> clues;         // tickets
    std::map<external_key, known_twin> twins;           // the first contact of that mail at another mailbox
    std::map<identity_key, known_customer> customers;
    std::vector<known_ticket> tickets; // locked until the commit
    std::set<std::pair<std::int64_t, std::string>> participants;
    std::map<std::string, std::int64_t> chat_sessions; // last_seq, locked until the commit
    std::map<std::string, std::int64_t> acknowledged;  // automatic answers within the last hour
    std::set<std::int64_t> mendable;                   // still quarantined, locked until the commit
    std::vector<std::int64_t> contact_ids, ticket_ids, customer_ids;
};

struct intake_receipt {
    std::int64_t contact_id = 0; // 0: an event of a contact that is not known (yet)
    std::optional<std::int64_t> ticket_id;
    std::string outcome; // ticketed bounce event quarantined ignored refused
    bool duplicate = false;
    std::optional<std::int64_t> seq; // website chat: the place in its session
    std::string detail;              // ignored, refused, quarantined: why
};

struct customer_row {
    std::int64_t id = 0;
    party who;
    std::string language;
};
struct ticket_row {
    ticket_summary summary;
    std::int64_t gateway_id = 0;
    std::int64_t difficulty = 0;
    std::vector<switchboard::skill_need> skills;
    std::vector<switchboard::licence_need> licences;
    std::string thread_key;
    std::optional<std::int64_t> related_ticket_id;
    std::string sla;
    std::optional<timestamp> sla_check_at;
    std::string related_why = "named"; // or copy
};
struct contact_row {
    std::int64_t id = 0;
    const intake_item* item = nullptr;
    std::string external_id;
    /// Another mail that says it is this one; the same one at another mailbox.
    std::optional<std::int64_t> same_message_id_as;
    std::optional<std::int64_t> ticket_id, customer_id, thread_seq,
        raw_of; // raw_of: the contact that has the raw bytes
    std::string outcome;
    timestamp occurred_at{};
    // The event contact.received.
    std::optional<ticket_summary> ticket;
    std::optional<std::int64_t> told_agent;
    bool new_ticket = false, reopened = false;
    bool person = false;                   // a person's words, though they have signs of a machine
    std::optional<inbound_contact> call{}; // what several reports of this call tell together
};
/// One more delivery of a contact that is known: by a list, at another mailbox.
struct delivered_again {
    const intake_item* item = nullptr;
    std::string external_id;
    std::int64_t contact_id = 0;
};
/// A call that is known, of which more was told.
struct completed_call {
    std::int64_t contact_id = 0;
    std::optional<std::int64_t> ticket_id, customer_id;
    std::optional<std::string> subject_was; // a ticket that is called so is called as the call is now
    inbound_contact now;
};
struct call_report {
    const intake_item* item = nullptr;
    std::string external_id; // of the call
};
/// Nobody is on the line any more, or who calls talks to somebody already.
struct ended_call {
    std::int64_t ticket_id = 0;
    leaving how{};
    std::string agent{}; // who is said to talk to the caller: an offer to him stands
};
/// What a colleague wrote above a mail that he passed on.
struct forwarder_note {
    std::int64_t ticket_id = 0;
    std::string address; // whose: a user by it, or nobody
    std::string text;
};
/// What a queue answers to a mail by itself.
struct acknowledgement {
    std::int64_t contact_id = 0, gateway_id = 0;
    ticket_summary ticket;
    std::optional<std::int64_t> customer_id;
    party from, to;
    mail_head head;
    std::string text;
    timestamp at{};
};
/// A quarantined contact that turns out to be none: it came again meanwhile and was understood then, or is an event.
struct known_repeat {
    std::int64_t id = 0;
    std::optional<std::int64_t> of; // empty: an event of a contact that is not known
    std::string event{};            // its type
};
struct ticket_change {
    known_ticket after;
    bool requeued = false;                    // state, owner and the times of waiting changed too
    bool rings_anew = false;                  // its customer calls once more
    std::optional<std::int64_t> taken_from{}; // who had it in hand and is not there
};
struct delivery_change {
    std::int64_t contact_id = 0;
    std::optional<std::int64_t> ticket_id;
    std::string delivery;
    const intake_item* item = nullptr;
};

struct intake_writes {
    std::vector<customer_row> customers;
    std::vector<ticket_row> tickets;
    std::vector<contact_row> contacts;
    std::vector<contact_row> mended; // rows that exist, quarantined
    std::vector<known_repeat> repeats;
    std::vector<acknowledgement> acknowledgements;
    std::vector<delivered_again> deliveries_again;
    std::map<std::int64_t, completed_call> calls; // by contact
    std::vector<call_report> call_reports;
    std::map<std::int64_t, ended_call> ended_calls; // by ticket
    std::vector<std::int64_t> answered_after_all;   // tickets of calls that were thought missed
    std::vector<forwarder_note> notes;
    std::vector<std::pair<std::string, std::int64_t>> clues; // and their tickets
    std::vector<const intake_item*> contact_events;
    std::map<std::int64_t, ticket_change> ticket_changes;
    std::vector<std::pair<std::int64_t, sla_entry>> sla_lines; // of tickets that waited for the customer
    std::vector<delivery_change> deliveries;
    std::map<std::string, std::int64_t> chat_sessions; // new last_seq
    std::vector<intake_receipt> receipts;              // one for each item of the group, in its order
    std::vector<std::int64_t> to_route;                // tickets that wait since this group
};

/// The database refuses what is in the group, whole and for good; nothing was written.
class refused : public std::runtime_error {
public:
    refused(const std::string& what, std::string state) : std::runtime_error{what}, sqlstate{std::move(state)} {}
    std::string sqlstate;
};

struct intake_rows {
    std::vector<gateway> gateways;
    std::vector<switchboard::queue> queues;
    std::vector<switchboard::rule> rules; // enabled ones, in order
    std::map<std::int64_t, sla::queue_promises> promises;
    secret_text instance_secret;
    std::map<std::int64_t, std::map<std::string, secret_text>> secrets; // by gateway, by path in its settings
    std::map<std::int64_t, std::string> damaged;                        // why secrets of this gateway cannot be read
    std::vector<std::string> colleagues;                                // the users' own e-mail addresses, lower-case
};

struct intake_done {
    std::vector<intake_receipt> receipts;
    std::vector<routing_ticket> opened; // that wait
    std::vector<std::int64_t> requeued; // tickets that were there before and wait again
};

} // namespace switchboard::store

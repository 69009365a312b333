#pragma once

#include <switchboard/model/availability.hpp>
#include <switchboard/model/calendar.hpp>
#include <switchboard/model/callback.hpp>
#include <switchboard/model/contact.hpp>
#include <switchboard/model/directory.hpp>
#include <switchboard/model/ticket.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What is shown of tickets and contacts beyond their summaries. The fields are the wire's.
namespace switchboard {

struct attachment_record {
    std::int64_t id = 0;
    std::string name;
    std::string type;
    std::int64_t size = 0;
    std::string sha256;
    bool is_inline = false; // "inline" on the wire
    std::string content_id;
};

/// A contact as it is kept, without its raw bytes.
struct contact_record {
    std::int64_t id = 0;
    std::string channel;
    std::string direction; // in out
    std::string gateway;   // name
    std::string external_id;
    std::string thread_key;
    std::optional<party> from;
    std::vector<party> to, cc, reply_to;
    std::string subject;
    std::string text;
    std::string html; // as sent, not sanitised
    std::string text_reply;
    std::vector<attachment_record> attachments;
    timestamp occurred_at{};
    timestamp received_at{};
    std::optional<std::int64_t> duration_s;
    std::string language;
    std::vector<std::string> flags;
    std::optional<std::string> quarantine; // why it could not be understood
    std::string details = "{}";            // JSON object
    std::optional<std::int64_t> ticket_id;
    std::string outcome;                 // ticketed bounce quarantined sent repeat
    std::optional<std::string> delivery; // queued sent delivered read failed cancelled
    std::string delivery_detail;         // why it failed, or waits for another try
    std::optional<timestamp> sends_at;   // queued and not tried yet: until then its author can take it back
    std::optional<named> author;
};

struct named_skill_need {
    std::int64_t skill_id = 0;
    std::string name;
    std::int64_t min = 1;
};

struct named_licence_need {
    std::int64_t licence_id = 0;
    std::string name;
    std::string jurisdiction;
};

struct related_ticket {
    std::int64_t id = 0;
    std::string number;
    std::string why; // named: a subject names it, and it may be another's; copy: the same mail came to both
};

struct open_offer {
    std::int64_t id = 0;
    std::string state;
    timestamp expires_at{};
};

struct mailbox {
    std::string name;
    std::string address;
};

/// How an answer to this ticket would leave.
struct reply_target {
    std::string kind = "none"; // email chat none
    std::vector<party> to, cc;
    std::vector<party> others;          // who else was addressed: an answer to all goes to them too
    std::vector<party> reply_to;        // where the answer is asked for, though this ticket has not had it: no default
    std::vector<std::string> newcomers; // those among them that this ticket has not had before
    std::vector<std::string> bounced;   // those of all of them to whom a mail came back
    mailbox from;                       // of a mail, by_mail's too
    std::optional<party> by_mail;       // of a chat: where an answer by mail would go instead; an unconfirmed address
};

/// What somebody who writes by chat says of himself. Nobody has checked it.
struct visitor {
    std::string name, email, phone;
    std::string page_url;                // where he writes from
    std::string language;                // BCP 47
    std::optional<timestamp> ended_at;   // he has ended the chat; a message of his goes on with it
    std::optional<timestamp> away_since; // his last window was closed, and no other opened
};

/// How far somebody has read a ticket.
struct read_marker {
    std::optional<std::int64_t> contact_id; // the last one read; empty = none
    std::optional<timestamp> at;            // when that came
};

/// A ticket in a list, as somebody sees it there.
struct listed_ticket : ticket_summary {
    std::int64_t unread = 0; // contacts that came in since he read it, at most 100; 0 where he has no part in it
};

/// A ticket, whole: its summary and these.
struct ticket : ticket_summary {
    std::int64_t difficulty = 0;
    std::vector<named_skill_need> skills;
    std::vector<named_licence_need> licences;
    std::vector<related_ticket> related;
    std::optional<named> gateway;
    std::optional<open_offer> offer;
    reply_target reply;
    std::optional<timestamp> wrapup_until;
    std::optional<sla_status> sla;                 // empty = nothing was promised
    bool left_message = false;                     // a caller left a message: it waits as work that can wait
    std::optional<switchboard::callback> callback; // the open one, or the last
    std::optional<std::string> phone;              // where its customer can be called
    std::optional<switchboard::visitor> visitor;   // of a chat
    std::optional<read_marker> read;               // the asker's; empty = he has never read it
    std::optional<std::string> cannot_take; // while it waits: why its reader could not take it now; empty = he could
};

/// An event as the timeline shows it.
struct timeline_event {
    std::int64_t id = 0;
    std::string type;
    std::optional<named> actor; // empty: the system
    std::string data = "{}";    // JSON object
};

/// Exactly one of the three is there, as `kind` says.
struct timeline_entry {
    std::string kind; // contact note event
    timestamp at{};
    std::optional<contact_record> contact;
    std::optional<switchboard::note> note;
    std::optional<timeline_event> event;
};

struct timeline {
    std::vector<timeline_entry> items;   // oldest first
    std::optional<std::string> previous; // where the older ones go on
};

/// A part of a customer's tickets.
struct customer_tickets {
    std::vector<ticket_summary> items;
    std::optional<std::string> next;
    std::int64_t hidden = 0; // how many more there are, of the state that was asked for, that the asker may not see
};

/// An agent's own desk.
struct work_ticket : listed_ticket {
    std::string offer_state; // active parked wrapup; empty while on hold
    std::optional<timestamp> wrapup_until;
    bool live = false; // somebody is on the other end: it goes back to its queue when its agent goes
};

struct work {
    timestamp server_time{};
    std::string cursor;
    switchboard::presence presence;
    switchboard::availability availability;
    std::vector<switchboard::offer> offers;
    std::vector<work_ticket> tickets;
    std::vector<work_ticket> wrapup;
    std::vector<std::int64_t> queues;  // of which the agent is a member
    std::vector<std::string> channels; // that the agent's profile does
};

// What supervisors see.

struct queue_state {
    named queue;
    std::int64_t waiting = 0;
    std::optional<std::int64_t> oldest_wait_s;
    std::int64_t offered = 0;
    std::int64_t active = 0;
    std::int64_t agents_ready = 0;
    std::int64_t agents_busy = 0;
    std::int64_t agents_not_ready = 0;
    std::int64_t solved_today = 0;
    std::int64_t late_waiting = 0, late_in_hand = 0; // past the promised time: nobody's yet, or somebody's
};

struct queue_overview {
    timestamp server_time{};
    std::vector<queue_state> items;
};

struct held_ticket {
    std::int64_t id = 0;
    std::string number;
    std::string channel;
    std::string state;
};

struct agent_state {
    named agent;
    switchboard::presence presence;
    std::string state; // ready busy not_ready offline: as queue_state counts agents; who is absent is offline
    std::vector<channel_load> load;
    std::vector<held_ticket> tickets;
};

} // namespace switchboard

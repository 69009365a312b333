#pragma once

#include <switchboard/model/availability.hpp>
#include <switchboard/model/calendar.hpp>
#include <switchboard/model/callback.hpp>
#include <switchboard/model/contact.hpp>
#include <switchboard/model/describe.hpp>
#include <switchboard/model/directory.hpp>
#include <switchboard/model/follow_up.hpp>
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
DESCRIBE(attachment_record, (id, "Its number."), (name, "The name of the file."),
         (type, "Its media type, as it was sent."), (size, "How many bytes it has."),
         (sha256, "The SHA-256 of its bytes, in hexadecimal."), (is_inline, "Whether it belongs in the text."),
         (content_id, "By what name the HTML refers to it."))

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
DESCRIBE(contact_record, (id, "Its number."), (channel, "The channel that it came by."),
         (direction, "Whether it came in or went out."), (gateway, "The name of the gateway."),
         (external_id, "What its sender's system calls it."), (thread_key, "What joins it with others to one ticket."),
         (from, "Who sent it."), (to, "Whom it was sent to."), (cc, "Who was sent a copy."),
         (reply_to, "Where replies are asked for."), (subject, "What it is about."),
         (text, "What it says, as plain text."), (html, "What it says as HTML, as it was sent: not made safe."),
         (text_reply, "The text without what it quotes."), (attachments, "Its files."),
         (occurred_at, "When it happened, as its sender says."), (received_at, "When it was taken in."),
         (duration_s, "How long a call was, in seconds."), (language, "The language that it is in, by BCP 47."),
         (flags, "What was noticed about it, like auto_reply or bounce."),
         (quarantine, "Why it could not be understood."), (details, "What only its channel has."),
         (ticket_id, "The ticket that it belongs to."), (outcome, "What became of it."),
         (delivery, "How far its delivery has come, of one that goes out."),
         (delivery_detail, "Why delivery failed, or waits for another try."),
         (sends_at, "When it is sent; until then its author can take it back."),
         (author, "Who wrote it, of one that goes out."))

struct named_skill_need {
    std::int64_t skill_id = 0;
    std::string name;
    std::int64_t min = 1;
};
DESCRIBE(named_skill_need, (skill_id, "The skill that is needed."), (name, "What the skill is called."),
         (min, "The least level that will do."))

struct named_licence_need {
    std::int64_t licence_id = 0;
    std::string name;
    std::string jurisdiction;
};
DESCRIBE(named_licence_need, (licence_id, "The licence that is needed."), (name, "What the licence is called."),
         (jurisdiction, "Where it must hold."))

struct related_ticket {
    std::int64_t id = 0;
    std::string number;
    std::string why; // named: a subject names it, and it may be another's; copy: the same mail came to both
};
DESCRIBE(related_ticket, (id, "Its number, by which the API names it."),
         (number, "The number that customers are told."),
         (why, "How they are related: a subject names it, or the same mail came to both."))

struct open_offer {
    std::int64_t id = 0;
    std::string state;
    timestamp expires_at{};
};
DESCRIBE(open_offer, (id, "Its number."), (state, "Where it is on its way."), (expires_at, "When it times out."))

struct mailbox {
    std::string name;
    std::string address;
};
DESCRIBE(mailbox, (name, "The name that readers see."), (address, "The address."))

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
DESCRIBE(reply_target, (kind, "How a reply would leave, if it can."), (to, "Whom it would go to."),
         (cc, "Who would get a copy."), (others, "Who else was addressed: a reply to all goes to them too."),
         (reply_to, "Where the reply is asked for, though this ticket has not had that address."),
         (newcomers, "Those among them that this ticket has not had before."),
         (bounced, "Those among them to whom a mail came back."), (from, "The sender of a mail."),
         (by_mail, "Where the reply to a chat would go by mail instead; nobody has confirmed that address."))

/// What somebody who writes by chat says of himself. Nobody has checked it.
struct visitor {
    std::string name, email, phone;
    std::string page_url;                // where he writes from
    std::string language;                // BCP 47
    std::optional<timestamp> ended_at;   // he has ended the chat; a message of his goes on with it
    std::optional<timestamp> away_since; // his last window was closed, and no other opened
};
DESCRIBE(visitor, (name, "The name that was given."), (email, "The address that was given."),
         (phone, "The number that was given."), (page_url, "The page from which the visitor writes."),
         (language, "The language of the visitor's browser, by BCP 47."),
         (ended_at, "When the visitor ended the chat."), (away_since, "When the visitor's last window was closed."))

/// How far somebody has read a ticket.
struct read_marker {
    std::optional<std::int64_t> contact_id; // the last one read; empty = none
    std::optional<timestamp> at;            // when that came
};
DESCRIBE(read_marker, (contact_id, "The last contact that was read; empty: none."), (at, "When that contact came."))

/// A ticket in a list, as somebody sees it there.
struct listed_ticket : ticket_summary {
    std::int64_t unread = 0; // contacts that came in since he read it, at most 100; 0 where he has no part in it
};
DESCRIBE_DERIVED(listed_ticket, ticket_summary,
                 (unread, "How many contacts came in since it was read, at most 100; 0 for who has no part in it."))

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
    std::vector<follow_up> follow_ups;             // those to be kept, the next first; then the last that were ended
    std::optional<switchboard::visitor> visitor;   // of a chat
    std::optional<read_marker> read;               // the asker's; empty = he has never read it
    std::optional<std::string> cannot_take; // while it waits: why its reader could not take it now; empty = he could
};
DESCRIBE_DERIVED(ticket, ticket_summary, (difficulty, "How hard it is: 9 is the most."),
                 (skills, "What its agent must be able to do."), (licences, "What its agent must be allowed to do."),
                 (related, "Other tickets that belong to the same matter."), (gateway, "The gateway that it came by."),
                 (offer, "The offer that is open."), (reply, "How a reply would leave."),
                 (wrapup_until, "When its wrap-up ends by itself."),
                 (sla, "How it stands to what was promised; empty: nothing was."),
                 (left_message, "Whether a caller left a message: work that can wait."),
                 (callback, "The callback that is open, or the last."), (phone, "Where its customer can be called."),
                 (follow_ups,
                  "The promises to come back that are to be kept, the next first; then the last that ended."),
                 (visitor, "Who writes, in a chat."), (read, "How far whoever asks has read it; empty: not at all."),
                 (cannot_take, "Why whoever asks could not take it now, while it waits; empty: it could be taken."))

/// An event as the timeline shows it.
struct timeline_event {
    std::int64_t id = 0;
    std::string type;
    std::optional<named> actor; // empty: the system
    std::string data = "{}";    // JSON object
};
DESCRIBE(timeline_event, (id, "Its number."), (type, "What happened."), (actor, "Who did it; empty: the system."),
         (data, "What it says of itself."))

/// Exactly one of the three is there, as `kind` says.
struct timeline_entry {
    std::string kind; // contact note event
    timestamp at{};
    std::optional<contact_record> contact;
    std::optional<switchboard::note> note;
    std::optional<timeline_event> event;
};
DESCRIBE(timeline_entry, (kind, "Which of the three it is."), (at, "When it happened."),
         (contact, "The contact, if it is one."), (note, "The note, if it is one."),
         (event, "The event, if it is one."))

struct timeline {
    std::vector<timeline_entry> items;   // oldest first
    std::optional<std::string> previous; // where the older ones go on
};
DESCRIBE(timeline, (items, "The oldest is first."),
         (previous, "Sent as `before`, brings the older ones; empty: there are none."))

/// A part of a customer's tickets.
struct customer_tickets {
    std::vector<ticket_summary> items;
    std::optional<std::string> next;
    std::int64_t hidden = 0; // how many more there are, of the state that was asked for, that the asker may not see
};
DESCRIBE(customer_tickets, (items, "The newest is first."),
         (next, "Sent as `after`, brings those that follow; empty: there are none."),
         (hidden, "How many more there are that whoever asks may not see."))

/// An agent's own desk.
struct work_ticket : listed_ticket {
    std::string offer_state; // active parked wrapup; empty while on hold
    std::optional<timestamp> wrapup_until;
    bool live = false; // somebody is on the other end: it goes back to its queue when its agent goes
};
DESCRIBE_DERIVED(work_ticket, listed_ticket, (offer_state, "How the agent has it; empty while on hold."),
                 (wrapup_until, "When its wrap-up ends by itself."),
                 (live, "Whether somebody is on the other end: it goes back to its queue when its agent goes."))

struct work {
    timestamp server_time{};
    std::string cursor;
    switchboard::presence presence;
    switchboard::availability availability;
    std::vector<switchboard::offer> offers;
    std::vector<work_ticket> tickets;
    std::vector<work_ticket> wrapup;
    std::vector<listed_follow_up> follow_ups; // that are due or will be soon, the next first, at most 50
    std::vector<std::int64_t> queues;         // of which the agent is a member
    std::vector<std::string> channels;        // that the agent's profile does
};
DESCRIBE(work, (server_time, "The server's clock."),
         (cursor, "The place in the event log from which the live feed goes on."),
         (presence, "What the agent accepts now."), (availability, "Whether the agent can be given work now."),
         (offers, "What is offered to the agent."), (tickets, "What the agent has in hand."),
         (wrapup, "What the agent wraps up."),
         (follow_ups,
          "The promises to come back that are due or will be soon: the agent's, and those of tickets that the "
          "agent has; at most 50, the next first."),
         (queues, "The queues of which the agent is a member."),
         (channels, "The channels that the agent's profile does."))

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
DESCRIBE(queue_state, (queue, "The queue."), (waiting, "How many tickets wait."),
         (oldest_wait_s, "How long the first of them has waited, in seconds."),
         (offered, "How many tickets are offered now."), (active, "How many tickets agents have in hand."),
         (agents_ready, "How many of its agents are free to take work."),
         (agents_busy, "How many of its agents are at work."),
         (agents_not_ready, "How many of its agents are signed in and take no work."),
         (solved_today, "How many tickets were solved today."),
         (late_waiting, "How many waiting tickets are past their promised time."),
         (late_in_hand, "How many tickets in hand are past their promised time."))

struct queue_overview {
    timestamp server_time{};
    std::vector<queue_state> items;
};
DESCRIBE(queue_overview, (server_time, "The server's clock."), (items, "Each queue."))

struct held_ticket {
    std::int64_t id = 0;
    std::string number;
    std::string channel;
    std::string state;
};
DESCRIBE(held_ticket, (id, "Its number, by which the API names it."), (number, "The number that customers are told."),
         (channel, "The channel that it came by."), (state, "Where it is on its way."))

struct agent_state {
    named agent;
    switchboard::presence presence;
    std::string state; // ready busy not_ready offline: as queue_state counts agents; who is absent is offline
    std::vector<channel_load> load;
    std::vector<held_ticket> tickets;
};
DESCRIBE(agent_state, (agent, "The agent."), (presence, "What the agent accepts now."),
         (state, "How the overview of queues counts the agent."), (load, "How much of each channel is in use."),
         (tickets, "What the agent has."))

} // namespace switchboard

#pragma once

#include <switchboard/model/datum.hpp>
#include <switchboard/model/describe.hpp>
#include <switchboard/model/event.hpp>
#include <switchboard/model/ticket.hpp>
#include <switchboard/model/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What happens to contacts (model/events.hpp).
namespace switchboard::events {

/// Of a text, so many bytes are told.
inline constexpr std::size_t preview_bytes = 200;

struct received_contact {
    std::int64_t id = 0;
    std::string channel, direction;
    std::optional<party> from{};
    std::string subject, preview;
    timestamp occurred_at{};
    std::vector<std::string> flags;
    std::optional<std::string> quarantine{};
    std::optional<std::int64_t> seq{};
};
DESCRIBE(received_contact, (id, "Its number."), (channel, "The channel that it came by."),
         (direction, "Whether it came in or went out."), (from, "Who sent it; empty: nobody knows."),
         (subject, "What it is about."), (preview, "How it begins."),
         (occurred_at, "When it happened, as its sender says."), (flags, "What was noticed about it."),
         (quarantine, "Why it could not be understood."), (seq, "Its place in its chat."))

struct chat_session {
    std::string session;
};
DESCRIBE(chat_session, (session, "The session of the chat."))

/// Without a ticket: quarantine.
struct contact_received {
    static constexpr std::string_view type = "contact.received";
    static constexpr audience to{permission::ticket_read};

    received_contact contact;
    std::optional<ticket_summary> ticket{};
    bool new_ticket = false, reopened = false;
    std::optional<chat_session> chat{};
};
DESCRIBE(contact_received, (contact, "What came in."), (ticket, "Its ticket; empty: it has none."),
         (new_ticket, "Whether the ticket was opened for it."), (reopened, "Whether the ticket was solved before."),
         (chat, "The chat that it belongs to, if it does."))

struct changed_contact {
    std::int64_t id = 0;
    std::string channel, direction, subject;
    std::optional<timestamp> occurred_at{};
    std::optional<std::int64_t> duration_s{};
    std::vector<std::string> flags;
};
DESCRIBE(changed_contact, (id, "Its number."), (channel, "The channel that it came by."),
         (direction, "Whether it came in or went out."), (subject, "What it is about."),
         (occurred_at, "When it happened, if that was told anew."), (duration_s, "How long the call was, in seconds."),
         (flags, "What was noticed about it."))

/// More was told of a call.
struct contact_changed {
    static constexpr std::string_view type = "contact.changed";
    static constexpr audience to{permission::ticket_read};

    std::int64_t contact_id = 0;
    std::optional<std::int64_t> ticket_id{};
    changed_contact contact;
};
DESCRIBE(contact_changed, (contact_id, "The contact."), (ticket_id, "Its ticket; empty: it has none."),
         (contact, "What lists and notices show of it; who wants all reads the contact."))

struct sent_contact {
    std::int64_t id = 0;
    std::string channel, direction = "out";
    std::optional<std::int64_t> author_id{};
    std::string preview;
};
DESCRIBE(sent_contact, (id, "Its number."), (channel, "The channel by which it goes."),
         (direction, "That it goes out."), (author_id, "Who wrote it; empty: the system."), (preview, "How it begins."))

struct chat_words {
    std::string session;
    std::int64_t seq = 0;
    std::string name, text;
};
DESCRIBE(chat_words, (session, "The session of the chat."), (seq, "Their place in it."),
         (name, "The name that the visitor reads."), (text, "What was said."))

struct contact_sent {
    static constexpr std::string_view type = "contact.sent";
    static constexpr audience to{permission::ticket_read};

    sent_contact contact;
    ticket_summary ticket;
    std::optional<chat_words> chat{};
};
DESCRIBE(contact_sent, (contact, "What was sent."), (ticket, "Its ticket."), (chat, "The words, if it is of a chat."))

/// What became of a contact of ours on its way.
struct contact_delivery {
    static constexpr std::string_view type = "contact.delivery";
    static constexpr audience to{permission::ticket_read};

    std::int64_t contact_id = 0;
    std::optional<std::int64_t> ticket_id{};
    std::string delivery; // queued sent delivered read failed cancelled
    std::string detail{};
    std::optional<datum> report{};
    std::optional<std::int64_t> retry_in_s{};
    std::optional<ticket_summary> ticket{};
};
DESCRIBE(contact_delivery, (contact_id, "The contact."), (ticket_id, "Its ticket; empty: it has none."),
         (delivery, "How far it has come."), (detail, "Why it failed or waits, in words."),
         (report, "What the other side's report says, if one came."),
         (retry_in_s, "In how many seconds it is tried again; empty: it is not."),
         (ticket, "The ticket as it is now, if the reply was taken back."))

} // namespace switchboard::events

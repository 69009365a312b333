#pragma once

#include <switchboard/model/describe.hpp>
#include <switchboard/model/time.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace switchboard {

/// Somebody at one end of a contact, as the channel names them.
/// `kind` is one of: email tel fax_csid whatsapp telegram messenger_psid instagram slack matrix viber line rocketchat
/// webchat postal walkin. `value` is canonical (E.164 for tel, lower-case for email); empty kind = nobody known.
struct party {
    std::string kind;
    std::string value;
    std::string name;

    bool operator==(const party&) const = default;
};
DESCRIBE(party, (kind, "What the address is: email, tel, fax, whatsapp and so on."), (value, "The address itself."),
         (name, "The name that came with it; may be empty."))

struct attachment {
    std::string name;
    std::string type;       // media type, lower-case
    std::string content;    // decoded bytes
    std::string sha256;     // hex of content
    std::string content_id; // without angle brackets
    bool is_inline = false;
};

/// What lets an e-mail find its ticket, in the order in which it is tried (docs/gateways-mail.md "Which ticket").
/// Message-IDs are without angle brackets.
struct mail_thread {
    std::string message_id;
    std::string letter_hash; // SHA-256 of what the sender wrote: some programs give every mail the same Message-ID
    std::vector<std::string> in_reply_to;
    std::vector<std::string> references;
    std::vector<std::string> recipients; // envelope and header recipients that may carry our signed plus-address
    std::string conversation;            // the Thread-Index of Outlook, that part which all mails of a thread share
    std::string subject_token;           // ticket number from "[#12345]" in the subject, digits only
    bool machine = false;                // written by a program: no automatic answer, no reopening
    /// Of a machine's mail: its signs are those that lists, redirects and other desks put on a person's words too.
    /// Where it answers one of ours, a person wrote it.
    bool person_if_answer = false;
    bool own_sender = false;         // from one of our own addresses, and nobody else is named: nobody's customer
    bool vouched = false;            // a host that we trust says that the sender is who the mail claims
    bool believed = false;           // vouched for, or no host is named that could
    std::string loop_mark;           // what our own mail carries, to be proved
    std::vector<party> more_senders; // of a web form, beside `from`
    party forwarded_by;              // who passed it on to us; empty kind = nobody
    std::string forward_note;        // his own words
};

/// One interaction on one channel, normalised. All text is valid UTF-8 without NUL.
struct inbound_contact {
    std::string channel;          // email phone chat fax post walkin social
    std::string direction = "in"; // in | out (seen from the company)
    std::string external_id;      // unique within its gateway
    std::string thread_key;       // chat session, call (whose legs are one contact), fax line + caller; empty = none
    party from;
    std::vector<party> to, cc, reply_to;
    std::string subject;
    std::string text;       // the words, whole
    std::string html;       // as sent, not sanitised; empty = none
    std::string text_reply; // the new words, without quoted history and signature
    std::vector<attachment> attachments;
    std::optional<timestamp> occurred_at; // the sender's clock; empty = use the time of receipt
    std::optional<std::int64_t> duration_s;
    std::string language;           // BCP 47, empty = unknown
    std::vector<std::string> flags; // machine auto_reply bounce encrypted damaged partial missed unsupported
    std::string quarantine;         // why this could not be understood; empty = it could
    std::string details = "{}";     // JSON object: what only this channel has, under plain names
    std::string own_bytes;          // what is this contact's of an input that has several; empty = all of it
    mail_thread mail;               // e-mail only
};

/// Something that happened to a contact that is known by its external id: ringing, delivered, bounce, …
struct contact_event {
    std::string type;
    std::string of; // external id of the contact that it speaks of
    std::optional<timestamp> at;
    std::string details = "{}";
    /// The same input as a contact, which it becomes when nothing is known of what it speaks of: a bounce of a mail
    /// that was never ours must be seen by somebody. Empty = then it waits for its contact.
    std::shared_ptr<const inbound_contact> unmatched{};
};

/// Understood, and nothing to keep (a provider's ping, our own echo).
struct ignored_input {
    std::string reason;
};

/// Not accepted and not kept: the sender must know. `status` is the HTTP status of the answer.
struct refused_input {
    int status = 400;
    std::string reason;
    std::string field; // the field that is wrong, if one is
};

using normalized_record = std::variant<inbound_contact, contact_event, ignored_input, refused_input>;

} // namespace switchboard

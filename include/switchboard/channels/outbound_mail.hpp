#pragma once

#include <switchboard/model/contact.hpp>
#include <switchboard/model/time.hpp>

#include <string>
#include <vector>

namespace switchboard::channels {

struct mail_address {
    std::string address;
    std::string name; // display name, UTF-8; may be empty
};

/// A mail that we send. Strings are UTF-8; Message-IDs are without angle brackets.
struct outbound_mail {
    mail_address from;
    std::vector<mail_address> to, cc;
    std::vector<mail_address> reply_to;
    std::string subject;
    std::string text;
    std::string html; // empty = plain text only; else the plain part says the same, with the addresses of its links
    std::string signature;               // below both; plain text
    std::vector<attachment> attachments; // those with is_inline and a content_id belong to the HTML
    std::string message_id;
    std::string in_reply_to;
    std::vector<std::string> references; // oldest first; the first and the newest are kept when there are too many
    std::string thread_topic;            // Outlook's subject of the conversation, as the mail that is answered has it
    std::string answered_index;          // the Thread-Index of that mail, which ours continues; empty or none: no field
    std::string auto_submitted;          // "auto-replied", "auto-generated"; empty = written by a person
    std::string loop_mark;               // by which we know it should it come back (loop_mark.hpp)
    timestamp date;
};

/// The mail as RFC 5322 bytes: CRLF lines of at most 998 bytes, encoded by RFC 2047, 2231 and 2045. Line breaks and
/// other control characters in any field become spaces, so that no value can add a header.
std::string to_rfc5322(const outbound_mail& mail);

} // namespace switchboard::channels

#pragma once

#include "channels/email/headers.hpp"

#include <string_view>

namespace switchboard::channels::email {

/// Who wrote a mail (docs/gateways-mail.md "A person or a machine").
struct authorship {
    bool machine = false;    // a program: no automatic answer, no reopening
    bool auto_reply = false; // a program, in answer to something: out of office, acknowledgement
    bool bounce = false;     // a mail server, about mail that it did not deliver
    /// Of a machine: only by signs that lists, redirects and other desks put on a person's words too.
    bool person_if_answer = false;
    bool by_list = false; // only by those of a list, through which somebody wrote whom an answer can go to
};

/// What is known of a mail beside its header.
struct circumstances {
    std::string_view content_type; // the lower-cased top-level field
    std::string_view sender;       // the address in From
    std::string_view words;        // the new ones
    bool null_sender = false;      // the envelope sender is known to be empty
    bool own_list = false;         // it came by a list that is our own address
    bool by_form = false;          // somebody filled in a web form
};

authorship judge_author(const mail_headers& headers, const circumstances& mail);

} // namespace switchboard::channels::email

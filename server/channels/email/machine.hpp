#pragma once

#include "channels/email/headers.hpp"

#include <string_view>

namespace switchboard::channels::email {

/// Who wrote a mail (GATEWAYS.md 1.4).
struct authorship {
    bool machine = false;    // a program: no automatic answer, no reopening
    bool auto_reply = false; // a program, in answer to something: out of office, acknowledgement
    bool bounce = false;     // a mail server, about mail that it did not deliver
};

/// `content_type` is the lower-cased top-level field, `sender` the From address, `null_sender` true where the envelope
/// sender is known to be empty.
authorship judge_author(const mail_headers& headers, std::string_view content_type, std::string_view sender,
                        bool null_sender);

} // namespace switchboard::channels::email

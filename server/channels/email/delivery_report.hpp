#pragma once

#include "channels/email/body.hpp"
#include "channels/email/headers.hpp"

#include <switchboard/model/contact.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace switchboard::channels::email {

struct failed_recipient {
    std::string address;
    std::string action;   // failed delayed delivered relayed expanded
    std::string status;   // 5.1.1
    std::string severity; // hard soft temporary; empty where it was delivered
    std::string cause;    // user_unknown mailbox_full …; empty = unknown
    std::string reason;   // what the other server said
};

/// What a mail server says about a mail that was sent earlier.
struct delivery_report {
    std::string type;                // bounce delivered read complaint: as events are called
    std::string original_message_id; // of that mail, without brackets; empty = it does not say
    std::vector<failed_recipient> recipients;
    std::string feedback_type; // of a complaint: abuse, auth-failure, …
};

/// The mail that may be a report.
struct report_source {
    const mail_headers& headers;
    const mail_body& body;
    std::string_view raw;
    const party& from;
    std::vector<std::string> own; // the addresses to which it came: those of the sender of what bounced
    bool null_sender = false;
};

/// The Message-ID in the returned header of a bounce, without brackets; empty if there is none.
std::string original_message_id(std::string_view headers);

} // namespace switchboard::channels::email

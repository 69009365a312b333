#pragma once

#include "channels/email/body.hpp"
#include "channels/email/headers.hpp"

#include <switchboard/model/contact.hpp>

#include <optional>
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

/// Reads a bounce (RFC 3464, 6533, or the free text of the servers that have their own way), a complaint (RFC 5965) or
/// a read receipt (RFC 8098); nothing if the mail is none of them. Linear time.
std::optional<delivery_report> read_report(const report_source& mail);

/// The recipients of a message/delivery-status part (RFC 3464, 6533), in its order. `context` is the prose beside it,
/// which tells at which command of the dialogue a server refused.
std::vector<failed_recipient> read_delivery_status(std::string_view part, std::string_view context = {});

/// The Message-ID in the returned header of a bounce, without brackets; empty if there is none.
std::string original_message_id(std::string_view headers);

} // namespace switchboard::channels::email

#pragma once

#include <switchboard/model/secret_text.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace switchboard {

/// How the mail of a mailbox is fetched (kind `email`).
struct imap_settings {
    std::string host;             // empty = it is not fetched
    std::int64_t port = 0;        // 0 = 993 where TLS is implicit, otherwise 143
    std::string tls = "implicit"; // implicit starttls none
    std::string ca;               // PEM: who may vouch for its certificate; empty = whom the system trusts
    std::string user;
    secret_text password; // "env:SWITCHBOARD_IMAP_…" names a variable of the server's environment that holds it
    std::string folder = "INBOX";
    std::string after = "seen"; // what becomes of a mail that is committed: keep seen delete move:<folder>
    std::int64_t poll_s = 60;
};

/// A gateway's settings: the same in the database, the API and `normalize --config`.
struct gateway_settings {
    std::vector<std::string> own_addresses;
    std::vector<std::string> groups;       // lists through which our own mail comes: addresses or List-Ids
    std::vector<std::string> forms;        // senders of web forms: who wrote stands in Reply-To
    std::vector<std::string> forwarders;   // who may pass customers' mail on to us, beside the users
    std::vector<std::string> authserv_ids; // hosts whose Authentication-Results are believed
    bool outgoing = false;                 // mail from our own addresses that comes here is what we sent ourselves
    std::vector<std::string> own_numbers;
    std::vector<std::string> extensions;
    std::string default_country;  // ISO 3166 alpha-2, for numbers without a country code
    std::string timezone = "UTC"; // IANA, for gateways that send local times
    secret_text secret;
    secret_text verify_token;
    std::vector<std::string> topics; // of Amazon SNS, by ARN, that may send (kind `ses`)
    std::string public_url;          // where signatures cover it
    std::string dial_url; // phone: told there, signed with the secret, to call somebody (callbacks, customer_first)
    std::vector<std::string> columns; // CSV column names in order; empty = the kind's default
    std::string time_format;          // of the times in a CSV, as strptime's; empty = YYYY-MM-DD HH:MM:SS
    std::string charset;              // of texts that are no UTF-8; empty = windows-1252
    imap_settings imap;
};

} // namespace switchboard

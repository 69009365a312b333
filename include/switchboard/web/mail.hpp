#pragma once

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string>
#include <vector>

/// Plain words of mail that is handed to us: what the house sees of SMTP and LMTP. `web` speaks them, `app` answers.
namespace switchboard::web {

enum class mail_protocol { smtp, lmtp }; // RFC 5321, RFC 2033

/// What is said of one recipient.
enum class recipient_answer {
    ours,
    unknown, // 550 5.1.1: the sender learns of it
    off,     // 450 4.2.1: its gateway is switched off, for now
    not_now, // 451 4.3.0: we cannot tell
};

/// What became of a mail, for one recipient.
enum class delivery_answer {
    kept,       // 250: committed
    not_now,    // 451 4.3.0: our failure, the sender repeats
    overloaded, // 452 4.3.1: likewise
    refused,    // 554 5.6.0: never
};

struct mail_message {
    std::string from;                    // envelope sender; empty = <>
    std::vector<std::string> recipients; // as they were named, without angle brackets
    std::string content;                 // with CRLF, dots unstuffed
    std::string remote;                  // peer address without port; "unix" for a unix socket
};

/// Asked for each RCPT.
using recipient_check = std::function<boost::asio::awaitable<recipient_answer>(std::string address)>;

/// Takes a mail and answers for each of its recipients, in their order. Throwing is `not_now` for all.
using mail_handler = std::function<boost::asio::awaitable<std::vector<delivery_answer>>(mail_message)>;

} // namespace switchboard::web

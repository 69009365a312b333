#pragma once

#include <switchboard/web/mail.hpp>

#include <chrono>
#include <cstddef>
#include <string>

namespace switchboard::web {

struct mail_server_options {
    mail_protocol protocol = mail_protocol::lmtp;
    std::string listen = "127.0.0.1:0";   // host:port, [v6]:port, or the path of a unix socket; port 0 = any free one
    std::string hostname;                 // that we greet with; empty = this machine's name
    std::string tls_certificate, tls_key; // PEM files; both empty = no STARTTLS
    std::size_t message_bytes = 50u << 20;
    std::size_t buffered_bytes = 256u << 20; // of all mails being received; past it 452
    std::size_t recipients = 1000;
    std::size_t max_connections = 200;
    std::size_t connections_each = 0;                   // of one address (util/address); 0 = all of them
    std::chrono::milliseconds command_timeout{300'000}; // RFC 5321 4.5.3.2.7
    std::chrono::milliseconds data_timeout{600'000};    // for a whole mail
};

} // namespace switchboard::web

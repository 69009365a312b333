#pragma once

#include <switchboard/web/mail.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
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

/// Listens and takes mail by SMTP or LMTP. All on the io_context's thread.
class mail_server {
public:
    mail_server(boost::asio::io_context& io, mail_server_options options, recipient_check check, mail_handler take);
    ~mail_server();
    mail_server(const mail_server&) = delete;
    mail_server& operator=(const mail_server&) = delete;

    /// Binds and begins to accept. Throws std::system_error when the place is taken or a TLS file cannot be used.
    void start();

    /// The port that is listened on (after start()); 0 for a unix socket.
    std::uint16_t port() const;

    /// Stops accepting and ends connections that rest with 421; completes when the mails that are being committed are
    /// answered, or after `grace`, when the rest are cut.
    boost::asio::awaitable<void> stop(std::chrono::milliseconds grace);

    std::size_t connections() const;

private:
    class impl;
    std::shared_ptr<impl> impl_;
};

} // namespace switchboard::web

#pragma once

#include <switchboard/web/mail_server_options.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <memory>

namespace switchboard::web {

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

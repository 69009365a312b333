#pragma once

#include "web/mail_dialogue.hpp"
#include "web/net.hpp"

#include <switchboard/web/mail_server_options.hpp>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <optional>
#include <set>
#include <string>

namespace switchboard::web {

/// TCP or a unix socket.
using mail_socket = asio::basic_stream_socket<asio::generic::stream_protocol, asio::io_context::executor_type>;

class mail_session;

/// What all connections of one mail server share.
struct mail_server_state {
    mail_server_state(asio::io_context& io_, mail_server_options o, recipient_check check_, mail_handler take_)
        : io{io_}, options{std::move(o)}, check{std::move(check_)}, take{std::move(take_)}, drained{io_} {}

    asio::io_context& io;
    const mail_server_options options;
    const recipient_check check;
    const mail_handler take;
    std::optional<asio::ssl::context> tls;
    std::string hostname;

    std::set<mail_session*> sessions;
    std::size_t buffered = 0; // bytes of mails being received
    bool stopping = false;
    asio::steady_timer drained; // cancelled when the last session has gone while stopping
};

/// One connection: drives its dialogue over the socket. Registered while it lives.
class mail_session : public std::enable_shared_from_this<mail_session> {
public:
    mail_session(std::shared_ptr<mail_server_state> state, mail_socket socket, std::string remote);
    ~mail_session();
    mail_session(const mail_session&) = delete;
    mail_session& operator=(const mail_session&) = delete;

    asio::awaitable<void> run();

    void on_sweep(steady::time_point now); // ends what is late
    void stop();                           // ends what rests; a mail that is being received or kept is finished
    void cut();

    /// Since when it waits for a command of its peer; nothing while a mail is received or kept, or at its end.
    std::optional<steady::time_point> resting_since() const;
    void give_way(); // ends it with 421, for one that is newer
    const std::string& address() const { return address_; }

private:
    template <class Stream>
    asio::awaitable<bool> converse(Stream& stream);
    template <class Stream>
    asio::awaitable<bool> send(Stream& stream);
    template <class Stream>
    asio::awaitable<bool> receive(Stream& stream);
    asio::awaitable<void> secure();
    asio::awaitable<void> deliver();
    bool ends_it() const { return late_ || gives_way_ || state_->stopping; }
    bool account(); // false: the mail that is being received was dropped

    std::shared_ptr<mail_server_state> state_;
    mail_socket socket_;
    mail_dialogue dialogue_;
    const std::string address_; // whom budgets count it to
    std::string buffer_;
    std::size_t held_ = 0; // of the shared memory
    steady::time_point deadline_ = steady::time_point::max();
    steady::time_point content_deadline_ = steady::time_point::max();
    steady::time_point reading_since_;
    bool reading_ = false, late_ = false, gives_way_ = false;
};

} // namespace switchboard::web

#pragma once

#include <switchboard/intake/intake.hpp>
#include <switchboard/intake/mailboxes.hpp>
#include <switchboard/util/config.hpp>
#include <switchboard/util/http_message.hpp>
#include <switchboard/util/offload.hpp>
#include <switchboard/web/mail_server.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace switchboard::app {

/// Where mail meets intake: by LMTP and SMTP, where the configuration says so, and from mailboxes that are fetched. One
/// mail to two of our mailboxes is a contact at each, as if it had come twice; to two addresses of one mailbox it is
/// one.
class mail_door {
public:
    mail_door(boost::asio::io_context& io, const config& c, intake::intake& into, offload_pool& pool);

    /// Throws std::system_error when a place cannot be had.
    void start();
    boost::asio::awaitable<void> stop(std::chrono::milliseconds grace);

    /// 0 where there is none, or a unix socket.
    std::uint16_t lmtp_port() const;
    std::size_t connections() const;

    /// A mail from a mailbox that is fetched. Throws when it is not committed.
    boost::asio::awaitable<void> take_fetched(const intake::intake_gateway& from, http::request mail);

private:
    std::unique_ptr<web::mail_server> make_server(boost::asio::io_context& io, const config& c,
                                                  web::mail_protocol protocol, const std::string& listen);
    boost::asio::awaitable<web::recipient_answer> check(std::string address);
    boost::asio::awaitable<std::vector<web::delivery_answer>> take(web::mail_message mail);
    const intake::mailboxes* known();
    boost::asio::awaitable<void> look_again();

    intake::intake& into_;
    offload_pool& pool_;
    std::shared_ptr<const intake::intake_config> config_; // that the addresses are of
    std::optional<intake::mailboxes> addresses_;
    std::chrono::steady_clock::time_point looked_{};
    std::unique_ptr<web::mail_server> lmtp_, smtp_; // null: not wanted
};

} // namespace switchboard::app

#pragma once

#include <switchboard/intake/intake.hpp>
#include <switchboard/intake/mailboxes.hpp>
#include <switchboard/util/offload.hpp>
#include <switchboard/web/mail.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace switchboard::app {

/// Where mail that is handed to us meets intake. One mail to two of our mailboxes is a contact at each, as if it had
/// come twice; to two addresses of one mailbox it is one.
class mail_door {
public:
    mail_door(intake::intake& into, offload_pool& pool) : into_{into}, pool_{pool} {}

    boost::asio::awaitable<web::recipient_answer> check(std::string address);
    boost::asio::awaitable<std::vector<web::delivery_answer>> take(web::mail_message mail);

private:
    const intake::mailboxes* known();
    boost::asio::awaitable<void> look_again();

    intake::intake& into_;
    offload_pool& pool_;
    std::shared_ptr<const intake::intake_config> config_; // that the addresses are of
    std::optional<intake::mailboxes> addresses_;
    std::chrono::steady_clock::time_point looked_{};
};

} // namespace switchboard::app

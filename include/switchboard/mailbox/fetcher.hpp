#pragma once

#include <switchboard/intake/config.hpp>
#include <switchboard/util/http_message.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace switchboard::store {
class mailbox_states;
}

namespace switchboard::imap {

struct fetcher_options {
    std::string node;                            // of this process, among all that fetch
    std::chrono::seconds timeout{30};            // for a mail server to answer
    std::size_t threads = 4;                     // mailboxes at once
    std::chrono::milliseconds first_pause{1000}; // after a failure; each further one doubles it
    std::chrono::milliseconds longest_pause{300'000};
};

struct fetcher_figures {
    std::uint64_t fetched = 0, failed_rounds = 0;
};

/// Fetches the mail of every gateway that says where (settings.imap), until it is stopped. A mail is committed first
/// and settled in its mailbox then; whatever breaks in between, it is fetched again and intake knows it. One node at a
/// time has a mailbox.
class fetcher {
public:
    /// What the fetcher knows of the rest: the gateways as they are now (null: not read yet), and the way of a contact.
    /// `take` throws when the mail is not committed.
    using gateways = std::function<std::shared_ptr<const intake::intake_config>()>;
    using take = std::function<boost::asio::awaitable<void>(const intake::intake_gateway&, http::request)>;

    fetcher(boost::asio::any_io_executor executor, store::mailbox_states& states, gateways all, take into,
            fetcher_options options);
    ~fetcher();
    fetcher(const fetcher&) = delete;
    fetcher& operator=(const fetcher&) = delete;

    /// Works until stop(). Call once.
    boost::asio::awaitable<void> run();
    void stop();

    /// The gateways have changed: those that fetch look at once.
    void wake();

    fetcher_figures figures() const;

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace switchboard::imap

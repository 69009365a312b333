#pragma once

#include <switchboard/channels/sns.hpp>

#include <boost/asio/awaitable.hpp>

#include <expected>
#include <functional>
#include <stdexcept>
#include <string>

namespace switchboard::intake {

/// Why something of another server's could not be had.
struct not_had {
    std::string reason;
    bool lasting = false; // asking again would change nothing
};

/// What intake asks of other servers: it opens no socket itself.
struct outside {
    template <class T>
    using answer = boost::asio::awaitable<std::expected<T, not_had>>;

    /// The public key (PEM) of the certificate that lies there, if it is SNS's.
    std::function<answer<std::string>(std::string url)> signing_key;
    /// Begins a subscription: what it answers does not matter.
    std::function<answer<std::string>(std::string url)> confirm;
    std::function<answer<std::string>(channels::stored_mail)> mail;
};

/// Another server did not give what an input needs, and may do so later. Nothing was kept: the sender must repeat.
class not_now : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

} // namespace switchboard::intake

#pragma once

#include <switchboard/channels/sns.hpp>
#include <switchboard/util/fetched.hpp>

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <stdexcept>
#include <string>

namespace switchboard::intake {

/// What intake asks of other servers: it opens no socket itself.
struct outside {
    using answer = boost::asio::awaitable<fetched>;

    /// The public key (PEM) of the certificate that lies there, if it is SNS's.
    std::function<answer(std::string url)> signing_key;
    /// Begins a subscription: what it answers does not matter.
    std::function<answer(std::string url)> confirm;
    std::function<answer(channels::stored_mail)> mail;
};

/// Another server did not give what an input needs, and may do so later. Nothing was kept: the sender must repeat.
class not_now : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

} // namespace switchboard::intake

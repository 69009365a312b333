#pragma once

#include <switchboard/model/gateway_settings.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace switchboard::outside {

/// The connection is of no use any more: it is gone, silent, or speaks something else. Trying again may help.
class broken : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A line to an IMAP server on which we are logged in. libcurl connects, does TLS and logs in with what both sides can;
/// then it is a pipe. Blocks: use it off the io thread, by one thread at a time. Throws `broken`.
class imap_connection {
public:
    /// `stop`: every wait ends soon after it is set.
    imap_connection(const imap_settings& to, const std::string& password, std::chrono::seconds timeout,
                    const std::atomic<bool>& stop);
    ~imap_connection();
    imap_connection(const imap_connection&) = delete;
    imap_connection& operator=(const imap_connection&) = delete;

    void send(std::string_view bytes);
    /// At least one byte.
    std::string receive();

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace switchboard::outside

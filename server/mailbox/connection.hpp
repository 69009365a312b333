#pragma once

#include <switchboard/model/gateway_settings.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace switchboard::imap {

/// A line to an IMAP server on which we are logged in. libcurl connects, does TLS and logs in with what both sides can;
/// then it is a pipe. Blocks: use it off the io thread, by one thread at a time. Throws `broken`.
class connection {
public:
    /// `stop`: every wait ends soon after it is set.
    connection(const imap_settings& to, const std::string& password, std::chrono::seconds timeout,
               const std::atomic<bool>& stop);
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    void send(std::string_view bytes);
    /// At least one byte.
    std::string receive();

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace switchboard::imap

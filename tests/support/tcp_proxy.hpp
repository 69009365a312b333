#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

namespace switchboard::test {

/// A wire between a client and a server on 127.0.0.1 that can be cut. On a thread of its own.
class tcp_proxy {
public:
    /// Asked for whatever is under way, before it is passed on: how many bytes of it still are. Fewer than all: both
    /// ends are cut behind them. Called on the proxy's thread.
    using judge = std::function<std::size_t(bool to_client, std::string_view bytes)>;

    explicit tcp_proxy(std::uint16_t server_port, judge j = {});

    /// The same, also told which connection it is: they are numbered as they come.
    using wire_judge = std::function<std::size_t(int wire, bool to_client, std::string_view bytes)>;
    /// Before a server on a Unix socket.
    tcp_proxy(const std::filesystem::path& server_socket, wire_judge j);
    ~tcp_proxy();
    tcp_proxy(const tcp_proxy&) = delete;
    tcp_proxy& operator=(const tcp_proxy&) = delete;

    std::uint16_t port() const;

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

} // namespace switchboard::test

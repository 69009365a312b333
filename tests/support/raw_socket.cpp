#include "support/raw_socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace switchboard::test {

raw_socket::raw_socket(std::uint16_t port) : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    for (const int way : {SO_RCVTIMEO, SO_SNDTIMEO}) ::setsockopt(socket_, SOL_SOCKET, way, &patience, sizeof patience);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (socket_ < 0 || ::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
        throw std::runtime_error{"no connection"};
}

raw_socket::~raw_socket() {
    if (socket_ >= 0) ::close(socket_);
}

raw_socket::raw_socket(raw_socket&& other) noexcept : socket_{std::exchange(other.socket_, -1)} {}

bool raw_socket::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

std::size_t raw_socket::send_what_fits(std::string_view bytes) {
    constexpr int until_it_rests_ms = 200;
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        pollfd p{.fd = socket_, .events = POLLOUT, .revents = 0};
        if (::poll(&p, 1, until_it_rests_ms) <= 0) break;
        const auto n = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n <= 0) break;
        sent += static_cast<std::size_t>(n);
    }
    return sent;
}

std::string raw_socket::read_some() {
    std::string bytes(64u << 10, '\0');
    const auto n = ::recv(socket_, bytes.data(), bytes.size(), 0);
    bytes.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return bytes;
}

std::string raw_socket::read_to_end() {
    std::string all;
    for (auto more = read_some(); !more.empty(); more = read_some()) all += more;
    return all;
}

} // namespace switchboard::test

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace switchboard::test {

/// A TCP connection to 127.0.0.1 that sends exactly the bytes that it is told to. Nothing takes longer than ten
/// seconds: then what has come is what there is.
class raw_socket {
public:
    explicit raw_socket(std::uint16_t port); // throws std::runtime_error when it cannot connect
    ~raw_socket();
    raw_socket(raw_socket&& other) noexcept;
    raw_socket& operator=(raw_socket&&) = delete;

    /// False when the other side has closed.
    bool send(std::string_view bytes);
    /// As much as goes into the line before the other side stops reading; how much that was.
    std::size_t send_what_fits(std::string_view bytes);
    std::string read_some(); // empty at the end
    std::string read_to_end();

private:
    int socket_ = -1;
};

} // namespace switchboard::test

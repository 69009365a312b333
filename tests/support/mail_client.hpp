#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::test {

/// A connection to a mail server on 127.0.0.1 that sends exactly what it is told to. Throws when the connection breaks.
class mail_client {
public:
    explicit mail_client(std::uint16_t port); // reads the greeting
    ~mail_client();

    void send(std::string_view bytes);
    /// The next reply, all of its lines.
    std::string reply();
    std::string say(std::string_view command); // CRLF is added

    /// MAIL, RCPT and DATA, one after the other: the replies after the final dot, one for LMTP and each recipient. A
    /// recipient that is refused fails the test.
    std::vector<std::string> deliver(std::string_view from, const std::vector<std::string>& to, std::string_view mail);
    void greet(bool lmtp = true);

private:
    struct parts;
    std::unique_ptr<parts> parts_;
    bool lmtp_ = true;
};

/// A port of 127.0.0.1 that is free now.
std::uint16_t free_port();

} // namespace switchboard::test

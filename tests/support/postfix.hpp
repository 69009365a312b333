#pragma once

#include "support/child_daemon.hpp"
#include "support/mail_client.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace switchboard::test {

/// Debian's Postfix as an instance of its own in a temporary folder: takes mail for example.com by SMTP on 127.0.0.1
/// and hands it over by LMTP to this port of 127.0.0.1. What is deferred it tries again each second.
class postfix {
public:
    explicit postfix(std::uint16_t lmtp_port);
    ~postfix();

    /// Why it cannot run here; empty = it can.
    static std::string missing();

    std::uint16_t port() const { return port_; }
    /// Mails that it has and that are not delivered.
    std::size_t queued() const;
    std::string log() const;

private:
    public_folder folder_;
    std::uint16_t port_ = free_port();
    std::optional<child_daemon> master_;
};

} // namespace switchboard::test

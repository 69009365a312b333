#pragma once

#include "support/child_daemon.hpp"
#include "support/mail_client.hpp"
#include "support/test_authority.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace switchboard::test {

/// Debian's Dovecot as an instance of its own in a temporary folder, on a port of 127.0.0.1. Every user has the
/// password "secret" and a Maildir, into which tests put mail as a mail server would.
class dovecot {
public:
    dovecot(); // without TLS
    /// STARTTLS on port(), TLS from the first byte on tls_port(); nobody logs in without.
    explicit dovecot(const certificate& own);
    ~dovecot();

    /// Why it cannot run here; empty = it can.
    static std::string missing();

    std::uint16_t port() const { return port_; }
    std::uint16_t tls_port() const { return tls_port_; }
    void start();
    void stop();

    void put(const std::string& user, const std::string& mail);
    /// Mails in a folder, all and those marked as seen.
    std::size_t count(const std::string& user, const std::string& folder = "INBOX", bool only_seen = false) const;
    /// The n-th mail in the inbox, from 0, can be listed and not be read.
    void make_unreadable(const std::string& user, std::size_t n) const;
    /// All mails have new numbers (UIDVALIDITY) from here on. While it is stopped.
    void renumber(const std::string& user);
    std::string log() const;

private:
    std::filesystem::path place(const std::string& user, const std::string& folder = "INBOX") const;

    public_folder folder_;
    void set_up(const std::string& tls);

    std::uint16_t port_ = free_port(), tls_port_ = free_port();
    int made_ = 0;
    std::optional<child_daemon> master_;
};

} // namespace switchboard::test

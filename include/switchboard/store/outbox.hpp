#pragma once

#include <switchboard/model/contact.hpp>
#include <switchboard/model/time.hpp>
#include <switchboard/util/mail_head.hpp>
#include <switchboard/util/secret_box.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace switchboard::store {

class database;

/// An e-mail of ours that is due, with all that its message is made of.
struct due_mail {
    std::int64_t id = 0, contact_id = 0, ticket_id = 0;
    int attempts = 0; // this one included
    timestamp written_at{};
    party from;
    std::vector<party> to, cc;
    mail_head head;
    std::string text, html, signature;
    std::string auto_submitted; // "auto-replied": sent from the empty sender, so that no bounce comes back (RFC 3834)
    std::vector<attachment> attachments;
};

/// What became of an attempt.
struct attempt_outcome {
    enum class kind { sent, retry, failed } what = kind::sent;
    std::string error;           // of retry and failed
    std::int64_t retry_in_s = 0; // of retry
};

/// What is committed and not yet sent. A sender claims what is due; a claim that its sender does not settle runs out,
/// so a mail whose sender died is sent again, under the same Message-ID.
class outbox {
public:
    outbox(database& db, secret_box box) : db_{db}, box_{std::move(box)} {}

    boost::asio::awaitable<std::vector<due_mail>> claim(std::size_t most, std::int64_t claim_s);

    /// Settles a claim, sets the contact's delivery and appends contact.delivery.
    boost::asio::awaitable<void> settle(std::int64_t id, attempt_outcome outcome);

    /// When the next one is due; empty = nothing waits.
    boost::asio::awaitable<std::optional<timestamp>> next_due();

    /// Where nothing can be sent: writes that beside what is due, and appends contact.delivery. When the next will be.
    boost::asio::awaitable<std::optional<timestamp>> explain_due(std::string why);

    /// The secret that signs reply addresses.
    boost::asio::awaitable<secret_text> instance_secret();

private:
    database& db_;
    const secret_box box_;
};

} // namespace switchboard::store

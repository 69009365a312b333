#pragma once

#include <switchboard/model/record.hpp>
#include <switchboard/store/rules.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace switchboard::store {

class database;

/// A visitor's chat on a website: one session is one thread.
struct chat_session {
    std::string id;
    std::int64_t gateway_id = 0;
    std::string name, email; // as the visitor typed them: not verified
    std::string language;    // BCP 47
    std::string page_url;
    std::int64_t last_seq = 0; // of the newest message, either side's
    timestamp created_at{};
    std::optional<timestamp> closed_at;
    timestamp last_used{};                   // when its newest message came, or it began
    std::optional<std::int64_t> ticket_id{}; // its newest ticket
    std::optional<timestamp> away_since{};   // when its last window closed
};

/// How the ticket of a session stands.
struct chat_standing {
    std::int64_t ticket_id = 0, queue_id = 0;
    std::string state; // of the ticket
    std::optional<named> owner;
    std::int64_t version = 0; // of the ticket
    std::optional<timestamp> held_until;
};

/// A ticket that waits, and how many are served before it.
struct chat_place {
    std::int64_t ticket_id = 0, ahead = 0;
};

/// What was said, as a mail to the visitor.
struct chat_transcript {
    std::string session, to, name; // whom it goes to
    std::int64_t gateway_id = 0;   // by which it leaves
    std::string subject, text;
};
/// Why no transcript was sent, and after how long it may be asked for again.
struct no_transcript {
    std::string detail;
    std::int64_t retry_after_s = 0;
};

struct chat_file {
    attachment_record about;
    std::string content;
};

struct new_chat_session {
    chat_session session;
    std::string token; // shown once, kept as a hash
};

struct chat_message {
    std::int64_t seq = 0;
    std::int64_t contact_id = 0;
    std::string from;          // customer agent
    std::string client_msg_id; // the visitor's own name of it; empty for an agent's
    std::string name;
    std::string text;
    timestamp at{}; // when it was received
    std::vector<attachment_record> attachments;
};

class chat {
public:
    chat(database& db, customer_rules rules) : db_{db}, rules_{std::move(rules)} {}

    /// Of `about` the gateway, name, email, language and page are taken.
    boost::asio::awaitable<new_chat_session> create_session(chat_session about);

    /// The session if the token is its own and its newest message (or its beginning) is no older than `life`.
    boost::asio::awaitable<std::optional<chat_session>> find_session(std::string id, std::string token,
                                                                     std::chrono::seconds life);
    /// When the newest message came, or the session began; empty = there is no such session.
    boost::asio::awaitable<std::optional<timestamp>> last_used(std::string id);

    /// Committed messages of both sides after `seq`, in order, without gaps.
    boost::asio::awaitable<std::vector<chat_message>> messages_after(std::string session, std::int64_t seq,
                                                                     std::int64_t limit = 200);

    /// How the session's newest ticket stands; empty while it has none.
    boost::asio::awaitable<std::optional<chat_standing>> standing_of(std::string session);

    /// The places of the tickets that wait in these queues for somebody to talk to, in the order of the queue. Of each
    /// queue the first `most`: who is behind them has no place yet.
    boost::asio::awaitable<std::vector<chat_place>> places_in(std::vector<std::int64_t> queues, std::int64_t most);

    /// Those of the queues in which somebody who chats is signed in.
    boost::asio::awaitable<std::vector<std::int64_t>> staffed(std::vector<std::int64_t> queues);

    /// The visitor's browser has our messages up to this one, or (`read`) he has seen them. False: nothing new.
    boost::asio::awaitable<bool> mark_delivered(std::string session, std::int64_t seq, bool read);

    /// The visitor's last window is closed since then; empty = he is here. Its ticket's people are told. False: nothing
    /// new.
    boost::asio::awaitable<bool> set_away(std::string session, std::optional<timestamp> since);

    /// The visitor says who he is; its ticket's people are told. An empty name leaves the one that he gave before.
    boost::asio::awaitable<void> set_visitor(std::string session, std::string name, std::string email);

    /// The visitor ends it: what waits of it becomes what its queue's left_action says. A message opens it again.
    boost::asio::awaitable<void> close_session(std::string id);

    /// A file of the session, either side's.
    boost::asio::awaitable<std::optional<chat_file>> file_of(std::string session, std::int64_t attachment);

    /// Puts the transcript into the outbox, as a contact of the session's ticket. Refused where one was sent within
    /// `pause`, or the address has had its share of automatic mail.
    boost::asio::awaitable<std::expected<void, no_transcript>> send_transcript(chat_transcript t,
                                                                               std::chrono::seconds pause);

private:
    database& db_;
    const customer_rules rules_;
};

} // namespace switchboard::store

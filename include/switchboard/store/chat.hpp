#pragma once

#include <switchboard/model/record.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
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
    timestamp last_used{}; // its newest message, or its beginning
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
    timestamp at{}; // received
    std::vector<attachment_record> attachments;
};

class chat {
public:
    explicit chat(database& db) : db_{db} {}

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

    /// Who owns the session's newest ticket; empty while nobody does.
    boost::asio::awaitable<std::optional<named>> agent_of(std::string session);

    /// The visitor ends it: what waits of it becomes what its queue's left_action says. A message opens it again.
    boost::asio::awaitable<void> close_session(std::string id);

private:
    database& db_;
};

} // namespace switchboard::store

#pragma once

#include <switchboard/model/directory.hpp>
#include <switchboard/model/principal.hpp>
#include <switchboard/store/database.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace switchboard::store {

/// What a login is checked against. The hash is empty when the person cannot sign in with a password.
struct credentials {
    std::int64_t user_id = 0;
    std::string password_hash;
};

/// Who is signed in. Secrets come here as sha256 only.
class sessions {
public:
    explicit sessions(database& db) : db_{db} {}

    boost::asio::awaitable<std::optional<credentials>> credentials_of(std::string login);
    boost::asio::awaitable<std::optional<credentials>> credentials_of(std::int64_t user_id);

    boost::asio::awaitable<void> open(std::string token_hash, std::int64_t user_id, std::string csrf_token,
                                      std::chrono::seconds length);
    /// The active user of a session that has not ended, which then lasts for `length` from now.
    boost::asio::awaitable<std::optional<principal>> find(std::string token_hash, std::chrono::seconds length);
    boost::asio::awaitable<void> close(std::string token_hash);

    boost::asio::awaitable<std::optional<user>> user_of(std::int64_t user_id);

    /// A person's own settings. A new password ends the person's other sessions.
    boost::asio::awaitable<std::optional<user>> change_me(std::int64_t user_id, std::optional<std::string> preferences,
                                                          std::optional<std::string> password_hash,
                                                          std::string kept_session);

private:
    database& db_;
};

} // namespace switchboard::store

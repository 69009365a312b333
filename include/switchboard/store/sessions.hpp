#pragma once

#include <switchboard/model/actor.hpp>
#include <switchboard/model/factor.hpp>
#include <switchboard/model/principal.hpp>
#include <switchboard/model/refusal.hpp>
#include <switchboard/model/signed_in_session.hpp>
#include <switchboard/model/user.hpp>
#include <switchboard/store/database.hpp>
#include <switchboard/store/giver.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace switchboard::store {

/// What a login is checked against. The hash is empty when the person cannot sign in with a password.
struct credentials {
    std::int64_t user_id = 0;
    std::string login;
    std::string password_hash;
    bool known_place = false; // has signed in from there before
};

/// How long a session lives: from the last request, and at most.
struct session_life {
    std::chrono::seconds idle{std::chrono::hours{12}};
    std::chrono::seconds most{std::chrono::days{7}};
};

struct new_session {
    proven who;
    std::string token_hash; // of the cookie
    std::string csrf_token;
    std::string address, prefix, user_agent; // of the request; the prefix is remembered as a known place
    session_life life;
};

/// A person's change of his own settings.
struct own_change {
    std::optional<std::string> preferences;
    std::optional<std::string> password_hash; // ends the person's other sessions
};

/// Who is signed in. Secrets come here as sha256 only.
class sessions {
public:
    explicit sessions(database& db) : db_{db} {}

    /// Of a login in whatever form, and whether it has signed in from this place (util/address: a prefix) in the last
    /// `remembered`.
    boost::asio::awaitable<std::optional<credentials>> credentials_of(std::string login, std::string prefix,
                                                                      std::chrono::seconds remembered);
    boost::asio::awaitable<std::optional<credentials>> credentials_of(std::int64_t user_id);

    /// A person has at most `most_sessions`: the one that rested longest ends for a new one.
    static constexpr std::int64_t most_sessions = 50;
    boost::asio::awaitable<void> open(new_session s);

    /// The active user of a session that has not ended, which then lasts for `idle` from now.
    boost::asio::awaitable<std::optional<principal>> find(std::string token_hash, session_life life);

    /// By its owner, who signs out.
    boost::asio::awaitable<void> close(actor by);

    /// A person's sessions, the newest first; `current` marks his own.
    boost::asio::awaitable<std::vector<signed_in_session>> list(std::int64_t user_id, std::int64_t current);
    /// Ends one of a person's sessions; false when there is none.
    boost::asio::awaitable<bool> end(std::int64_t session_id, actor by);
    /// Ends all of them but the one by which this is asked.
    boost::asio::awaitable<void> end_others(actor by);
    /// Those of somebody else, or one's own, to whoever may not less than he.
    boost::asio::awaitable<std::expected<std::vector<signed_in_session>, refusal>> list_of(std::int64_t user_id,
                                                                                           giver asker);
    /// Ends all that somebody has, by an admin.
    boost::asio::awaitable<std::expected<void, refusal>> end_all_of(std::int64_t user_id, giver by);

    boost::asio::awaitable<std::optional<user>> change_me(own_change c, actor by);

private:
    database& db_;
};

} // namespace switchboard::store

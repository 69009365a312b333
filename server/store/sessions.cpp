#include "store/directory/rows.hpp"
#include "store/run.hpp"
#include "store/sql.hpp"

#include <switchboard/store/sessions.hpp>

namespace switchboard::store {
namespace {

std::optional<credentials> credentials_in(const pqxx::result& rows) {
    if (rows.empty()) return std::nullopt;
    return credentials{get<std::int64_t>(rows[0][0]), get<std::string>(rows[0][1])};
}

} // namespace

boost::asio::awaitable<std::optional<credentials>> sessions::credentials_of(std::string login) {
    return run(db_, [login = std::move(login)](pqxx::connection& c) {
        pqxx::work tx{c};
        return credentials_in(
            query(tx, "SELECT id, password_hash FROM users WHERE login = lower($1) AND active", login));
    });
}

boost::asio::awaitable<std::optional<credentials>> sessions::credentials_of(std::int64_t user_id) {
    return run(db_, [user_id](pqxx::connection& c) {
        pqxx::work tx{c};
        return credentials_in(query(tx, "SELECT id, password_hash FROM users WHERE id = $1 AND active", user_id));
    });
}

boost::asio::awaitable<void> sessions::open(std::string token_hash, std::int64_t user_id, std::string csrf_token,
                                            std::chrono::seconds length) {
    return run(db_, [=](pqxx::connection& c) {
        pqxx::work tx{c};
        query(tx, "DELETE FROM session WHERE expires_at < now()");
        query(tx,
              "INSERT INTO session (token_hash, user_id, csrf_token, expires_at) "
              "VALUES ($1, $2, $3, now() + $4 * interval '1 second')",
              token_hash, user_id, csrf_token, length.count());
        tx.commit();
    });
}

boost::asio::awaitable<std::optional<principal>> sessions::find(std::string token_hash, std::chrono::seconds length) {
    return run(db_, [token_hash = std::move(token_hash), length](pqxx::connection& c) -> std::optional<principal> {
        static constexpr statement find_session{
            "find_session", "SELECT u.id, u.name, u.role, s.csrf_token, s.expires_at < now() + $2 * interval '1 "
                            "second' - interval '5 minutes', "
                            "       ARRAY(SELECT queue_id FROM queue_member m WHERE m.agent_id = u.id) "
                            "FROM session s JOIN users u ON u.id = s.user_id "
                            "WHERE s.token_hash = $1 AND s.expires_at > now() AND u.active"};
        pqxx::work tx{c};
        const auto rows = query(tx, find_session, token_hash, length.count());
        if (rows.empty()) return std::nullopt;
        principal p;
        p.user_id = get<std::int64_t>(rows[0][0]);
        p.name = get<std::string>(rows[0][1]);
        p.role = role_from(get<std::string>(rows[0][2]));
        p.csrf_token = get<std::string>(rows[0][3]);
        for (const auto id : parse_id_array(get<std::string>(rows[0][5]))) p.queues.insert(id);
        if (get<bool>(rows[0][4])) { // not with every request: that would be a write each
            query(tx, "UPDATE session SET expires_at = now() + $2 * interval '1 second' WHERE token_hash = $1",
                  token_hash, length.count());
            tx.commit();
        }
        return p;
    });
}

boost::asio::awaitable<void> sessions::close(std::string token_hash) {
    return run(db_, [token_hash = std::move(token_hash)](pqxx::connection& c) {
        pqxx::work tx{c};
        query(tx, "DELETE FROM session WHERE token_hash = $1", token_hash);
        tx.commit();
    });
}

boost::asio::awaitable<std::optional<user>> sessions::user_of(std::int64_t user_id) {
    return run(db_, [user_id](pqxx::connection& c) {
        pqxx::work tx{c};
        return read_user(tx, user_id);
    });
}

boost::asio::awaitable<std::optional<user>> sessions::change_me(std::int64_t user_id,
                                                                std::optional<std::string> preferences,
                                                                std::optional<std::string> password_hash,
                                                                std::string kept_session) {
    return run(db_, [=](pqxx::connection& c) {
        pqxx::work tx{c};
        query(tx,
              "UPDATE users SET preferences = COALESCE($2::jsonb, preferences), "
              "password_hash = COALESCE($3, password_hash), version = version + 1 WHERE id = $1",
              user_id, preferences, password_hash);
        if (password_hash)
            query(tx, "DELETE FROM session WHERE user_id = $1 AND token_hash <> $2", user_id, kept_session);
        auto changed = read_user(tx, user_id);
        tx.commit();
        return changed;
    });
}

} // namespace switchboard::store

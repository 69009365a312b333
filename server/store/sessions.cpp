#include "store/audit_notes.hpp"
#include "store/grant_rows.hpp"
#include "store/guard.hpp"
#include "store/noun_table.hpp"
#include "store/presence_rows.hpp"
#include "store/run.hpp"
#include "store/sql.hpp"

#include <switchboard/store/configuration.hpp>
#include <switchboard/store/sessions.hpp>
#include <switchboard/util/login.hpp>

#include <fmt/format.h>

namespace switchboard::store {
namespace {

constexpr std::int64_t most_places = 20; // of a person: home, office, a few trains

std::optional<credentials> credentials_in(const pqxx::result& rows) {
    if (rows.empty()) return std::nullopt;
    return credentials{get<std::int64_t>(rows[0]["id"]), get<std::string>(rows[0]["login"]),
                       get<std::string>(rows[0]["password_hash"]), get<bool>(rows[0]["known_place"])};
}

/// `current` is marked.
std::vector<signed_in_session> read_sessions(pqxx::transaction_base& tx, std::int64_t user_id,
                                             std::optional<std::int64_t> current) {
    std::vector<signed_in_session> out;
    for (const auto& r : query(tx, R"(
            SELECT id, address, user_agent, created_at, last_seen_at, expires_at
            FROM session
            WHERE user_id = $1 AND expires_at > now()
            ORDER BY id DESC LIMIT $2)",
                               user_id, sessions::most_sessions)) {
        const auto id = get<std::int64_t>(r["id"]);
        out.push_back({id, get<std::string>(r["address"]), get<std::string>(r["user_agent"]),
                       get<timestamp>(r["created_at"]), get<timestamp>(r["last_seen_at"]),
                       get<timestamp>(r["expires_at"]), id == current});
    }
    return out;
}

std::optional<refusal> obstacle_to_user(pqxx::transaction_base& tx, std::int64_t user_id, const giver& by) {
    if (!table_of<user>().find(tx, user_id).exists()) return refusal::missing("there is no such user");
    return who_may_more(tx, by, {user_id});
}

void remember_place(pqxx::transaction_base& tx, std::int64_t user_id, const std::string& prefix) {
    query(tx, R"(
        INSERT INTO sign_in_place (user_id, prefix)
        VALUES ($1, $2)
        ON CONFLICT (user_id, prefix) DO UPDATE
        SET last_at = now())",
          user_id, prefix);
    query(tx, R"(
        DELETE FROM sign_in_place
        WHERE user_id = $1
          AND prefix IN (SELECT prefix FROM sign_in_place WHERE user_id = $1 ORDER BY last_at DESC OFFSET $2))",
          user_id, most_places);
}

/// Ends one of a person's own sessions; false when it is none.
bool end_one(pqxx::connection& c, std::int64_t session_id, audit_kind kind, const actor& by) {
    pqxx::work tx{c};
    audit_notes notes{by};
    if (!notes.end_session(tx, session_id, kind)) return false;
    session_left(tx, session_id, by.user_id.value());
    tx.commit();
    notes.tell();
    return true;
}

} // namespace

boost::asio::awaitable<std::optional<credentials>> sessions::credentials_of(std::string login, std::string prefix,
                                                                            std::chrono::seconds remembered) {
    return run(db_, [login = std::move(login), prefix = std::move(prefix), remembered](pqxx::connection& c) {
        // A login that is not in its normal form was there before that form was: two that look alike. Who types it
        // exactly is meant.
        static constexpr statement find_login{"find_login", R"(
            SELECT u.id, u.login, u.password_hash,
                   EXISTS (
                       SELECT FROM sign_in_place p
                       WHERE p.user_id = u.id AND p.prefix = $3 AND p.last_at > now() - $4 * interval '1 second')
                     AS known_place
            FROM users u
            WHERE u.login IN ($1, $2) AND u.active
            ORDER BY u.login = $2 DESC LIMIT 1)"};
        pqxx::work tx{c};
        return credentials_in(query(tx, find_login, normal_login(login), login, prefix, remembered.count()));
    });
}

boost::asio::awaitable<std::optional<credentials>> sessions::credentials_of(std::int64_t user_id) {
    return run(db_, [user_id](pqxx::connection& c) {
        pqxx::work tx{c};
        return credentials_in(query(
            tx, "SELECT id, login, password_hash, true AS known_place FROM users WHERE id = $1 AND active", user_id));
    });
}

boost::asio::awaitable<void> sessions::open(new_session s) {
    return run(db_, [s = std::move(s)](pqxx::connection& c) {
        pqxx::work tx{c};
        const auto id = value_of<std::int64_t>(query(tx, R"(
            INSERT INTO session (
                token_hash, user_id, csrf_token, factors, address, user_agent, expires_at, ends_at)
            VALUES (
                $1, $2, $3, $4::text[], $5, $6, now() + least($7::bigint, $8::bigint) * interval '1 second',
                now() + $8::bigint * interval '1 second')
            RETURNING id)",
                                                     s.token_hash, s.who.user_id, s.csrf_token,
                                                     array_literal(names_of(s.who.factors)), s.address, s.user_agent,
                                                     s.life.idle.count(), s.life.most.count()));
        remember_place(tx, s.who.user_id, s.prefix);
        actor by{s.who.user_id};
        by.session_id = id;
        by.address = s.address;
        audit_notes notes{by};
        notes.end_expired_sessions(tx);
        notes.end_sessions_beyond(tx, s.who.user_id, most_sessions); // a script that signs in for each request
        audit_entry e;
        e.user_id = s.who.user_id;
        notes.add(tx, audit_kind::signed_in, std::move(e));
        tx.commit();
        notes.tell();
    });
}

boost::asio::awaitable<std::optional<principal>> sessions::find(std::string token_hash, session_life life) {
    return run(db_, [token_hash = std::move(token_hash), life](pqxx::connection& c) -> std::optional<principal> {
        static const auto text = fmt::format(R"(
            SELECT u.id, u.name, {}, {}, s.csrf_token, s.last_seen_at < now() - interval '1 minute' AS is_stale,
                   s.id AS session_id, u.must_change_password
            FROM session s
            JOIN users u ON u.id = s.user_id
            WHERE s.token_hash = $1 AND s.expires_at > now() AND u.active)",
                                             granted_to_user, queues_of_user);
        static const statement find_session{"find_session", text.c_str()};
        pqxx::work tx{c};
        const auto rows = query(tx, find_session, token_hash);
        if (rows.empty()) return std::nullopt;
        principal p;
        p.user_id = get<std::int64_t>(rows[0]["id"]);
        p.name = get<std::string>(rows[0]["name"]);
        p.granted = grants_in(rows[0]);
        p.csrf_token = get<std::string>(rows[0]["csrf_token"]);
        for (const auto id : parse_id_array(get<std::string>(rows[0]["queues"]))) p.queues.insert(id);
        p.session_id = get<std::int64_t>(rows[0]["session_id"]);
        p.must_change_password = get<bool>(rows[0]["must_change_password"]);
        if (get<bool>(rows[0]["is_stale"])) { // not with every request: that would be a write each
            query(tx, R"(
                UPDATE session
                SET last_seen_at = now(), expires_at = least(now() + $2 * interval '1 second', ends_at)
                WHERE token_hash = $1)",
                  token_hash, life.idle.count());
            tx.commit();
        }
        return p;
    });
}

boost::asio::awaitable<void> sessions::close(actor by) {
    return run(db_, [by = std::move(by)](pqxx::connection& c) {
        end_one(c, by.session_id.value(), audit_kind::signed_out, by);
    });
}

boost::asio::awaitable<std::vector<signed_in_session>> sessions::list(std::int64_t user_id, std::int64_t current) {
    return run(db_, [user_id, current](pqxx::connection& c) {
        pqxx::work tx{c};
        return read_sessions(tx, user_id, current);
    });
}

boost::asio::awaitable<std::expected<std::vector<signed_in_session>, refusal>> sessions::list_of(std::int64_t user_id,
                                                                                                 giver asker) {
    return run(db_,
               [user_id, asker = std::move(asker)](
                   pqxx::connection& c) -> std::expected<std::vector<signed_in_session>, refusal> {
                   pqxx::work tx{c};
                   if (auto wrong = obstacle_to_user(tx, user_id, asker)) return std::unexpected{std::move(*wrong)};
                   return read_sessions(tx, user_id, asker.id.session_id);
               });
}

boost::asio::awaitable<bool> sessions::end(std::int64_t session_id, actor by) {
    return run(db_, [session_id, by = std::move(by)](pqxx::connection& c) {
        return end_one(c, session_id, audit_kind::session_ended, by);
    });
}

boost::asio::awaitable<void> sessions::end_others(actor by) {
    return run(db_, [by = std::move(by)](pqxx::connection& c) {
        pqxx::work tx{c};
        audit_notes notes{by};
        notes.end_sessions(tx, by.user_id.value(), by.session_id, "by its owner");
        tx.commit();
        notes.tell();
    });
}

boost::asio::awaitable<std::expected<void, refusal>> sessions::end_all_of(std::int64_t user_id, giver by) {
    return run(db_, [user_id, by = std::move(by)](pqxx::connection& c) -> std::expected<void, refusal> {
        pqxx::work tx{c};
        if (auto wrong = obstacle_to_user(tx, user_id, by)) return std::unexpected{std::move(*wrong)};
        audit_notes notes{by.id};
        notes.end_sessions(tx, user_id, std::nullopt, "by an admin");
        tx.commit();
        notes.tell();
        return {};
    });
}

boost::asio::awaitable<std::optional<user>> sessions::change_me(own_change change, actor by) {
    return run(db_, [change = std::move(change), by = std::move(by)](pqxx::connection& c) {
        const auto user_id = by.user_id.value();
        pqxx::work tx{c};
        query(tx, R"(
            UPDATE users
            SET preferences = COALESCE($2::jsonb, preferences), password_hash = COALESCE($3, password_hash),
                must_change_password = must_change_password AND $3 IS NULL, version = version + 1
            WHERE id = $1)",
              user_id, change.preferences, change.password_hash);
        audit_notes notes{by};
        if (change.password_hash) {
            audit_entry e;
            e.user_id = user_id;
            notes.add(tx, audit_kind::password_changed, std::move(e));
            notes.end_sessions(tx, user_id, by.session_id, "password changed");
        }
        auto changed = find_noun<user>(tx, user_id);
        tx.commit();
        notes.tell();
        return changed;
    });
}

} // namespace switchboard::store

#include <switchboard/store/users.hpp>

#include "store/directory/rows.hpp"
#include "store/once.hpp"
#include "store/presence_rows.hpp"
#include "store/run.hpp"
#include "store/security_rows.hpp"

#include <switchboard/util/login.hpp>

#include <nlohmann/json.hpp>

namespace switchboard::store {
namespace {

/// The row '*' of the agent's load is the agent's units; what is in use beyond them may stay.
void set_units(pqxx::transaction_base& tx, std::int64_t id) {
    query(tx,
          "INSERT INTO agent_load AS l (agent_id, channel, capacity) SELECT id, '*', units FROM users WHERE id = $1 "
          "ON CONFLICT (agent_id, channel) DO UPDATE "
          "SET capacity = EXCLUDED.capacity, extra = greatest(0, l.used - EXCLUDED.capacity)",
          id);
}

/// Who leaves is signed out and offered nothing more, and what he has goes back.
void leave(pqxx::transaction_base& tx, security_notes& notes, std::int64_t id, std::optional<std::int64_t> actor) {
    security_event e;
    e.user_id = id;
    e.actor_id = actor;
    notes.add(tx, security_kind::user_switched_off, std::move(e));
    notes.end_sessions(tx, id, std::nullopt, "switched off", actor);
    query(tx, "UPDATE presence SET channels = '{}' WHERE agent_id = $1", id);
    go_offline(tx, id, actor);
}

} // namespace

boost::asio::awaitable<page<user>> users::list(user_filter filter, page_request part) {
    return run(db_, [=](pqxx::connection& c) {
        pqxx::work tx{c};
        const std::string searched = filter.searches_logins ? "name || ' ' || login || ' ' || email" : "name";
        const auto rows =
            query(tx,
                  "SELECT " + user_columns +
                      " FROM users WHERE id > $1 AND ($3::text IS NULL OR role = $3) AND ($4::boolean IS NULL OR "
                      "active = $4) "
                      "AND ($5::text IS NULL OR strpos(lower(" +
                      searched +
                      "), lower($5)) > 0) "
                      "ORDER BY id LIMIT $2",
                  part.after, part.limit + 1, filter.role, filter.active, filter.q);
        return page_of<user>(rows, part.limit, user_of);
    });
}

boost::asio::awaitable<std::optional<user>> users::get(std::int64_t id) {
    return run(db_, [id](pqxx::connection& c) {
        pqxx::work tx{c};
        return read_user(tx, id);
    });
}

boost::asio::awaitable<std::optional<user>> users::by_login(std::string login) {
    return run(db_, [login = std::move(login)](pqxx::connection& c) -> std::optional<user> {
        pqxx::work tx{c};
        const auto rows =
            query(tx, "SELECT " + user_columns + " FROM users WHERE login IN ($1, $2) ORDER BY login = $2 DESC LIMIT 1",
                  normal_login(login), login);
        if (rows.empty()) return std::nullopt;
        return user_of(rows[0]);
    });
}

boost::asio::awaitable<users::changed> users::create(user_change terms, actor by, keep<user> kept) {
    return run(db_, [=](pqxx::connection& c) {
        return told<user>([&]() -> changed {
            const auto login = normal_login(terms.login.value_or(""));
            if (login.empty())
                return std::unexpected{refusal::invalid("login", "must have characters that can be seen")};
            once<user> work{c, kept};
            auto& tx = work.tx;
            const auto rows =
                query(tx,
                      "INSERT INTO users (login, name, email, role, password_hash, grade, units, must_change_password) "
                      "VALUES ($1, $2, COALESCE($3, ''), $4, COALESCE($5, ''), COALESCE($6, 5), COALESCE($7, 100), $8) "
                      "RETURNING " +
                          user_columns,
                      login, terms.name, terms.email, terms.role, terms.password_hash, terms.grade, terms.units,
                      terms.must_change_password);
            auto made = user_of(rows[0]);
            security_event e;
            e.user_id = made.id;
            e.actor_id = by;
            security_notes notes;
            notes.add(tx, security_kind::user_made, std::move(e));
            query(tx, "INSERT INTO presence (agent_id) VALUES ($1)", made.id);
            set_units(tx, made.id);
            config_changed(tx, "user", made.id, by);
            work.commit(made);
            notes.tell();
            return made;
        });
    });
}

boost::asio::awaitable<users::changed> users::change(std::int64_t id, user_change terms,
                                                     std::optional<std::int64_t> expected_version, actor by) {
    return run(db_, [=](pqxx::connection& c) {
        return told<user>([&]() -> changed {
            pqxx::work tx{c};
            query(tx, "SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE", id);
            auto before = read_user(tx, id);
            if (!before) return std::unexpected{refusal::missing()};
            if (expected_version && *expected_version != before->version) return std::unexpected{refusal::stale()};
            query(tx,
                  "UPDATE users SET name = COALESCE($2, name), email = COALESCE($3, email), role = COALESCE($4, role), "
                  "password_hash = COALESCE($5, password_hash), active = COALESCE($6, active), "
                  "grade = COALESCE($7, grade), units = COALESCE($8, units), must_change_password = CASE WHEN "
                  "$5::text IS NULL THEN must_change_password ELSE $9 END, version = version + 1 WHERE id = $1",
                  id, terms.name, terms.email, terms.role, terms.password_hash, terms.active, terms.grade, terms.units,
                  terms.must_change_password);
            if (query(tx, "SELECT 1 FROM users WHERE role = 'admin' AND active").empty())
                return std::unexpected{refusal::conflict("this is the last admin: somebody must remain")};
            if (terms.units) set_units(tx, id);
            security_notes notes;
            if (terms.password_hash) {
                security_event e;
                e.user_id = id;
                e.actor_id = by;
                notes.add(tx, security_kind::password_reset, std::move(e));
                notes.end_sessions(tx, id, std::nullopt, "password reset", by);
            }
            if (terms.active == false && before->active) leave(tx, notes, id, by);
            auto after = read_user(tx, id);
            config_changed(tx, "user", id, by);
            tx.commit();
            notes.tell();
            return std::move(*after);
        });
    });
}

boost::asio::awaitable<std::vector<std::string>> users::normalize_logins() {
    return run(db_, [](pqxx::connection& c) {
        pqxx::work tx{c};
        std::vector<std::string> left;
        for (const auto& r :
             query(tx, "SELECT id, login FROM users WHERE octet_length(login) > length(login) ORDER BY id")) {
            const auto id = store::get<std::int64_t>(r[0]);
            const auto before = store::get<std::string>(r[1]), after = normal_login(before);
            if (before == after) continue;
            const bool moved =
                !after.empty() && query(tx,
                                        "UPDATE users SET login = $2 WHERE id = $1 AND NOT EXISTS (SELECT FROM users "
                                        "WHERE login = $2)",
                                        id, after)
                                          .affected_rows() == 1;
            if (!moved) left.push_back(before);
        }
        tx.commit();
        return left;
    });
}

boost::asio::awaitable<std::int64_t> users::count() {
    return run(db_, [](pqxx::connection& c) {
        pqxx::work tx{c};
        return store::get<std::int64_t>(query(tx, "SELECT count(*) FROM users")[0][0]);
    });
}

} // namespace switchboard::store

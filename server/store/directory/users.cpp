#include <switchboard/store/users.hpp>

#include "store/directory/rows.hpp"
#include "store/grant_rows.hpp"
#include "store/noun_change.hpp"
#include "store/once.hpp"
#include "store/presence_rows.hpp"
#include "store/run.hpp"

#include <switchboard/util/login.hpp>
#include <switchboard/util/mail_address.hpp>

#include <fmt/format.h>

namespace switchboard::store {
namespace {

/// The row '*' of the agent's load is the agent's units; what is in use beyond them may stay.
void set_units(pqxx::transaction_base& tx, std::int64_t id) {
    query(tx, R"(
        INSERT INTO agent_load AS l (agent_id, channel, capacity)
        SELECT id, '*', units FROM users WHERE id = $1
        ON CONFLICT (agent_id, channel) DO UPDATE
        SET capacity = EXCLUDED.capacity, extra = greatest(0, l.used - EXCLUDED.capacity))",
          id);
}

std::vector<std::int64_t> ids_in(const datum& list) {
    std::vector<std::int64_t> out;
    for (const auto& one : list.items) out.push_back(one.number);
    return out;
}

more_columns password_columns(const std::optional<given_password>& given) {
    if (!given) return {};
    return {{"password_hash", given->hash}, {"must_change_password", given->must_change}};
}

/// What is wanted is judged, not what is kept: whoever has another address from before can still be switched off.
std::optional<refusal> wrong_email(const patch<user>& form) {
    const auto& email = form.values.email;
    if (!form.names<&user::email>() || email.empty() || is_mail_address(email)) return std::nullopt;
    return refusal::invalid("email", "must be an e-mail address");
}

/// Nobody changes who may more than himself, nor gives what he has not (may_give). Without a giver it is the system.
std::optional<refusal> more_than_his(pqxx::transaction_base& tx, const std::optional<grants>& giver,
                                     const datum& user) {
    if (!giver) return std::nullopt;
    if (may_give(*giver, grants_of_roles(tx, ids_in(user["roles"])))) return std::nullopt;
    refusal out = refusal::forbidden("your own roles do not permit all that these do");
    out.errors.push_back({"roles", out.detail});
    return out;
}

/// Nothing, if he cannot sign in.
grants may_now(pqxx::transaction_base& tx, const datum& user) {
    return user["active"].number != 0 ? grants_of_roles(tx, ids_in(user["roles"])) : grants{};
}

/// Who leaves is signed out.
void leave(pqxx::transaction_base& tx, audit_notes& notes, std::int64_t id) {
    notes.end_sessions(tx, id, std::nullopt, "switched off");
    query(tx, "UPDATE presence SET channels = '{}' WHERE agent_id = $1", id);
}

} // namespace

template <>
const noun_table& table_of<user>() {
    static const noun_table made{schema_of<user>(), {.table = "users"}};
    return made;
}

boost::asio::awaitable<page<user>> users::list(user_filter filter, page_request part) {
    return run(db_, [=](pqxx::connection& c) {
        pqxx::work tx{c};
        const auto rows = query(tx,
                                fmt::format(R"(
            SELECT {}
            FROM users
            WHERE id > $1 AND ($3::bigint IS NULL OR roles @> to_jsonb($3::bigint)) AND ($4::boolean IS NULL OR active = $4)
              AND ($5::text IS NULL OR strpos(lower({}), lower($5)) > 0)
            ORDER BY id
            LIMIT $2)",
                                            table_of<user>().columns(),
                                            filter.searches_logins ? "name || ' ' || login || ' ' || email" : "name"),
                                part.after, part.limit + 1, filter.role, filter.active, filter.q);
        return page_of<user>(rows, part.limit, from_row<user>);
    });
}

boost::asio::awaitable<std::optional<user>> users::get(std::int64_t id) {
    return run(db_, [id](pqxx::connection& c) {
        pqxx::work tx{c};
        return find_noun<user>(tx, id);
    });
}

boost::asio::awaitable<std::optional<viewer>> users::eyes_of(std::int64_t id) {
    return run(db_, [id](pqxx::connection& c) -> std::optional<viewer> {
        pqxx::work tx{c};
        static const auto text =
            fmt::format("SELECT {}, {} FROM users u WHERE u.id = $1 AND u.active", granted_to_user, queues_of_user);
        const auto rows = query(tx, text, id);
        if (rows.empty()) return std::nullopt;
        viewer out{id, grants_in(rows[0]), {}};
        for (const auto queue : parse_id_array(store::get<std::string>(rows[0]["queues"]))) out.queues.insert(queue);
        return out;
    });
}

boost::asio::awaitable<std::optional<std::int64_t>> users::role_named(std::string name) {
    return run(db_, [name = std::move(name)](pqxx::connection& c) -> std::optional<std::int64_t> {
        pqxx::work tx{c};
        const auto rows = query(tx, "SELECT id FROM role WHERE lower(name) = lower($1)", name);
        if (rows.empty()) return std::nullopt;
        return store::get<std::int64_t>(rows[0]["id"]);
    });
}

boost::asio::awaitable<std::optional<user>> users::by_login(std::string login) {
    return run(db_, [login = std::move(login)](pqxx::connection& c) -> std::optional<user> {
        pqxx::work tx{c};
        const auto rows = query(tx,
                                fmt::format(R"(
            SELECT {}
            FROM users
            WHERE login IN ($1, $2)
            ORDER BY login = $2 DESC
            LIMIT 1)",
                                            table_of<user>().columns()),
                                normal_login(login), login);
        if (rows.empty()) return std::nullopt;
        return from_row<user>(rows[0]);
    });
}

boost::asio::awaitable<users::changed> users::create(patch<user> form, std::optional<given_password> password, giver by,
                                                     keep<user> kept) {
    return run(db_, [=](pqxx::connection& c) {
        return told<user>([&]() -> changed {
            if (auto wrong = wrong_email(form)) return std::unexpected{std::move(*wrong)};
            auto wanted = form.values;
            wanted.login = normal_login(wanted.login);
            if (wanted.login.empty())
                return std::unexpected{refusal::invalid("login", "must have characters that can be seen")};
            once<user> work{c, kept};
            auto& tx = work.tx;
            const auto judge = [&](const datum& as) { return more_than_his(tx, by.may, as); };
            audit_notes notes{by.id};
            const auto secrets = password ? std::vector<std::string>{"password"} : std::vector<std::string>{};
            const auto row = add_noun(tx, table_of<user>(), switchboard::get(wanted), notes, judge,
                                      password_columns(password), secrets);
            if (!row) return std::unexpected{row.error()};
            auto made = from_datum<user>(*row);
            query(tx, "INSERT INTO presence (agent_id) VALUES ($1)", made.id.value);
            set_units(tx, made.id);
            work.commit(made);
            notes.tell();
            return made;
        });
    });
}

boost::asio::awaitable<users::changed> users::change(std::int64_t id, patch<user> form,
                                                     std::optional<given_password> password,
                                                     std::optional<std::int64_t> if_match, giver by) {
    return run(db_, [=](pqxx::connection& c) {
        return told<user>([&]() -> changed {
            if (auto wrong = wrong_email(form)) return std::unexpected{std::move(*wrong)};
            pqxx::work tx{c};
            if (const auto now_is = table_of<user>().find(tx, id, true); now_is.exists())
                if (auto wrong = more_than_his(tx, by.may, now_is)) return std::unexpected{std::move(*wrong)};
            const auto judge = [&](const datum& as) { return more_than_his(tx, by.may, as); };
            audit_notes notes{by.id};
            const auto done = change_noun(tx, table_of<user>(), id, named_values(form), if_match, notes, judge,
                                          password_columns(password));
            if (!done) return std::unexpected{done.error()};
            const auto before = from_datum<user>(done->before);
            auto after = from_datum<user>(done->after);
            if (before.active != after.active || before.roles != after.roles) {
                if (auto wrong = nobody_is_left(tx, may_now(tx, done->before), may_now(tx, done->after)))
                    return std::unexpected{std::move(*wrong)};
                stop_who_takes_no_work(tx, {id}, notes.by().user_id);
            }
            if (after.units != before.units) set_units(tx, id);
            if (password) {
                audit_entry e;
                e.noun = table_of<user>().noun;
                e.noun_id = e.user_id = id;
                e.name = after.name;
                notes.add(tx, audit_kind::password_reset, std::move(e));
                notes.end_sessions(tx, id, std::nullopt, "password reset");
            }
            if (before.active && !after.active) leave(tx, notes, id);
            tx.commit();
            notes.tell();
            return after;
        });
    });
}

boost::asio::awaitable<std::vector<std::string>> users::normalize_logins() {
    return run(db_, [](pqxx::connection& c) {
        pqxx::work tx{c};
        std::vector<std::string> left;
        for (const auto& r : query(tx, R"(
                SELECT id, login FROM users WHERE octet_length(login) > length(login) ORDER BY id)")) {
            const auto before = store::get<std::string>(r["login"]), after = normal_login(before);
            if (before == after) continue;
            const bool moved = !after.empty() && query(tx, R"(
                UPDATE users SET login = $2
                WHERE id = $1 AND NOT EXISTS (SELECT FROM users WHERE login = $2))",
                                                       store::get<std::int64_t>(r["id"]), after)
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
        return value_of<std::int64_t>(query(tx, "SELECT count(*) FROM users"));
    });
}

} // namespace switchboard::store

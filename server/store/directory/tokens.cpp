#include <switchboard/store/tokens.hpp>

#include "store/directory/rows.hpp"
#include "store/once.hpp"
#include "store/run.hpp"
#include "store/security_rows.hpp"

#include <algorithm>

namespace switchboard::store {
namespace {

const std::string token_columns = "id, name, scopes, gateway_ids, created_at, expires_at, revoked_at";

api_token token_of(const pqxx::row& r) {
    api_token t;
    t.id = get<std::int64_t>(r[0]);
    t.name = get<std::string>(r[1]);
    t.scopes = parse_text_array(get<std::string>(r[2]));
    if (!r[3].is_null()) t.gateway_ids = parse_id_array(get<std::string>(r[3]));
    t.created_at = get<timestamp>(r[4]);
    t.expires_at = get<std::optional<timestamp>>(r[5]);
    t.revoked_at = get<std::optional<timestamp>>(r[6]);
    return t;
}

security_event about(std::int64_t id, std::optional<std::int64_t> by, const std::string& address) {
    security_event e;
    e.token_id = id;
    e.actor_id = by;
    e.address = address;
    return e;
}

} // namespace

boost::asio::awaitable<page<api_token>> tokens::list(page_request part) {
    return run(db_, [part](pqxx::connection& c) {
        pqxx::work tx{c};
        const auto rows = query(tx, "SELECT " + token_columns + " FROM token WHERE id > $1 ORDER BY id LIMIT $2",
                                part.after, part.limit + 1);
        return page_of<api_token>(rows, part.limit, token_of);
    });
}

boost::asio::awaitable<tokens::changed> tokens::create(api_token terms, std::string hash, actor by, std::string address,
                                                       keep<api_token> kept) {
    return run(db_, [=](pqxx::connection& c) -> changed {
        once<api_token> work{c, kept};
        auto& tx = work.tx;
        std::optional<std::string> gateways;
        if (terms.gateway_ids) {
            if (!std::ranges::all_of(terms.scopes, can_be_bound))
                return std::unexpected{
                    refusal::invalid("gateway_ids", "binds nothing but the scope intake: leave it out, or leave out "
                                                    "the other scopes")};
            gateways = array_literal(*terms.gateway_ids);
            const auto unknown =
                query(tx,
                      "SELECT 1 FROM unnest($1::bigint[]) wanted WHERE NOT EXISTS (SELECT FROM gateway "
                      "WHERE id = wanted)",
                      gateways);
            if (!unknown.empty()) return std::unexpected{refusal::invalid("gateway_ids", "names no gateway")};
        }
        auto made = token_of(query(tx,
                                   "INSERT INTO token (name, token_hash, scopes, gateway_ids, expires_at) "
                                   "VALUES ($1, $2, $3::text[], $4::bigint[], $5::timestamptz) RETURNING " +
                                       token_columns,
                                   terms.name, hash, array_literal(terms.scopes), gateways, terms.expires_at)[0]);
        security_notes notes;
        notes.add(tx, security_kind::token_made, about(made.id, by, address));
        config_changed(tx, "token", made.id, by);
        work.commit(made);
        notes.tell();
        return made;
    });
}

boost::asio::awaitable<tokens::changed> tokens::revoke(std::int64_t id, actor by, std::string address) {
    return run(db_, [id, by, address = std::move(address)](pqxx::connection& c) -> changed {
        pqxx::work tx{c};
        const auto rows = query(tx,
                                "UPDATE token SET revoked_at = now(), version = version + 1 "
                                "WHERE id = $1 AND revoked_at IS NULL RETURNING " +
                                    token_columns,
                                id);
        if (rows.empty()) { // none, or a repeat, which changes nothing
            const auto before = query(tx, "SELECT " + token_columns + " FROM token WHERE id = $1", id);
            if (before.empty()) return std::unexpected{refusal::missing()};
            return token_of(before[0]);
        }
        security_notes notes;
        notes.add(tx, security_kind::token_revoked, about(id, by, address));
        config_changed(tx, "token", id, by);
        tx.commit();
        notes.tell();
        return token_of(rows[0]);
    });
}

boost::asio::awaitable<std::optional<principal>> tokens::find(std::string hash) {
    return run(db_, [hash = std::move(hash)](pqxx::connection& c) -> std::optional<principal> {
        static constexpr statement find_token{
            "find_token",
            "SELECT id, name, scopes, gateway_ids FROM token WHERE token_hash = $1 AND revoked_at IS NULL "
            "AND (expires_at IS NULL OR expires_at > now())"};
        pqxx::work tx{c};
        const auto rows = query(tx, find_token, hash);
        if (rows.empty()) return std::nullopt;
        principal p;
        p.token_id = get<std::int64_t>(rows[0][0]);
        p.name = get<std::string>(rows[0][1]);
        p.scopes = parse_text_array(get<std::string>(rows[0][2]));
        if (!rows[0][3].is_null()) p.gateway_ids = parse_id_array(get<std::string>(rows[0][3]));
        if (p.has_scope("admin")) p.role = role::admin;
        return p;
    });
}

} // namespace switchboard::store

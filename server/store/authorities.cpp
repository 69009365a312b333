#include "store/run.hpp"
#include "store/sql.hpp"

#include <switchboard/store/authorities.hpp>

namespace switchboard::store {

boost::asio::awaitable<std::vector<authority>> authorities::ended(std::vector<authority> asked) {
    return run(db_, [asked = std::move(asked)](pqxx::connection& c) {
        static constexpr statement ended_authorities{"ended_authorities", R"(
            SELECT true AS is_session, id
            FROM unnest($1::bigint[]) AS asked(id)
            WHERE NOT EXISTS (
                SELECT FROM session s
                JOIN users u ON u.id = s.user_id
                WHERE s.id = asked.id AND s.expires_at > now() AND u.active)
            UNION ALL
            SELECT false, id
            FROM unnest($2::bigint[]) AS asked(id)
            WHERE NOT EXISTS (
                SELECT FROM token t
                WHERE t.id = asked.id
                  AND t.revoked_at IS NULL
                  AND (t.expires_at IS NULL OR t.expires_at > now())))"};
        std::vector<std::int64_t> sessions, tokens;
        for (const auto& a : asked) (a.of == authority::kind::session ? sessions : tokens).push_back(a.id);
        pqxx::work tx{c};
        std::vector<authority> out;
        for (const auto& r : query(tx, ended_authorities, array_literal(sessions), array_literal(tokens)))
            out.push_back({get<bool>(r["is_session"]) ? authority::kind::session : authority::kind::token,
                           get<std::int64_t>(r["id"])});
        return out;
    });
}

} // namespace switchboard::store

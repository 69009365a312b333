#include <switchboard/store/routing.hpp>

#include "store/locks.hpp"
#include "store/routing_rows.hpp"
#include "store/run.hpp"

#include <fmt/format.h>

/// Loads beside the open offers that they count. Both change in one transaction, so that any snapshot in which they
/// differ shows a fault.
namespace switchboard::store {

namespace {

std::string wrong_sql(std::string_view offers, std::string_view loads) {
    return fmt::format(R"(
        WITH held AS MATERIALIZED (
            SELECT agent_id, channel, weight
            FROM offer
            WHERE state IN ('offered', 'active', 'wrapup') {}),
        counted AS (
            SELECT agent_id, '*' AS channel, sum(weight) AS used
            FROM held
            GROUP BY agent_id
            UNION ALL
            SELECT agent_id, channel, count(*)
            FROM held
            GROUP BY agent_id, channel),
        kept AS (
            SELECT agent_id, channel, used
            FROM agent_load {})
        SELECT agent_id, channel, coalesce(k.used, 0) AS was, coalesce(c.used, 0) AS counted
        FROM kept k
        FULL JOIN counted c USING (agent_id, channel)
        WHERE coalesce(k.used, 0) <> coalesce(c.used, 0)
        ORDER BY agent_id, channel COLLATE "C")",
                       offers, loads);
}

constexpr statement put_right{"load_put_right", R"(
    INSERT INTO agent_load AS l (agent_id, channel, used, capacity, extra) VALUES ($1, $2, $3, 0, $3)
    ON CONFLICT (agent_id, channel) DO UPDATE SET used = $3, extra = greatest(0, $3 - l.capacity))"};

/// Of these agents, or of all.
std::vector<mended_load> wrong_loads(pqxx::transaction_base& tx, const std::optional<std::string>& agents) {
    static const auto of_all = wrong_sql("", "");
    static const auto of_some = wrong_sql("AND agent_id = ANY($1::bigint[])", "WHERE agent_id = ANY($1::bigint[])");
    static const statement all{"loads_that_are_wrong", of_all.c_str()}, some{"loads_of_some", of_some.c_str()};
    std::vector<mended_load> out;
    for (const auto& r : agents ? query(tx, some, *agents) : query(tx, all))
        out.push_back({get<std::int64_t>(r["agent_id"]), get<std::string>(r["channel"]), get<std::int64_t>(r["was"]),
                       get<std::int64_t>(r["counted"])});
    return out;
}

} // namespace

boost::asio::awaitable<std::vector<mended_load>> routing::mend_loads(std::int64_t epoch) {
    return run(db_, [epoch](pqxx::connection& c) -> std::vector<mended_load> {
        pqxx::work tx{c};
        if (query(tx, hold_lease, epoch).empty()) return {};
        std::vector<std::int64_t> suspects;
        for (const auto& w : wrong_loads(tx, std::nullopt)) suspects.push_back(w.agent);
        if (suspects.empty()) return {};
        const auto held = lock_free_loads(tx, suspects); // these the next time
        std::erase_if(suspects, [&held](std::int64_t agent) { return held.contains(agent); });
        auto wrong = wrong_loads(tx, array_literal(suspects)); // as they are under the lock
        for (const auto& w : wrong) query(tx, put_right, w.agent, w.channel, w.is);
        tx.commit();
        return wrong;
    });
}

} // namespace switchboard::store

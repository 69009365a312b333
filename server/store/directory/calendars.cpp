#include <switchboard/store/calendars.hpp>

#include <switchboard/sla/business_hours.hpp>

#include "store/directory/rows.hpp"
#include "store/guard.hpp"
#include "store/noun_change.hpp"
#include "store/run.hpp"

#include <set>

namespace switchboard::store {
namespace {

std::vector<named> read_agents(pqxx::transaction_base& tx, std::int64_t id) {
    std::vector<named> out;
    for (const auto& r : query(tx, R"(
            SELECT u.id, u.name FROM agent_hours h JOIN users u ON u.id = h.agent_id
            WHERE h.calendar_id = $1 ORDER BY u.name, u.id)",
                               id))
        out.push_back({get<std::int64_t>(r["id"]), get<std::string>(r["name"])});
    return out;
}

std::vector<std::int64_t> gained_or_lost(const std::vector<named>& before, const std::vector<std::int64_t>& after) {
    std::set<std::int64_t> were, out{after.begin(), after.end()};
    for (const auto& a : before) were.insert(a.id);
    for (const auto id : were)
        if (!out.erase(id)) out.insert(id);
    return {out.begin(), out.end()};
}

} // namespace

template <>
const noun_table& table_of<calendar>() {
    static const noun_table made{
        schema_of<calendar>(),
        {.distinct_names = true, .judge = [](pqxx::transaction_base&, const datum& wanted) -> std::optional<refusal> {
             const auto read = sla::business_hours::read(from_datum<calendar>(wanted));
             if (read) return std::nullopt;
             return refusal::invalid(read.error().field, read.error().message);
         }}};
    return made;
}

boost::asio::awaitable<std::optional<std::vector<named>>> calendar_agents::of(std::int64_t id) {
    return run(db_, [id](pqxx::connection& c) -> std::optional<std::vector<named>> {
        pqxx::work tx{c};
        if (!table_of<calendar>().find(tx, id).exists()) return std::nullopt;
        return read_agents(tx, id);
    });
}

boost::asio::awaitable<calendar_agents::changed> calendar_agents::set(std::int64_t id, std::vector<std::int64_t> all,
                                                                      giver by) {
    return run(db_, [id, all = std::move(all), by](pqxx::connection& c) {
        return told<std::vector<named>>([&]() -> changed {
            pqxx::work tx{c};
            const auto row = table_of<calendar>().find(tx, id, true);
            if (!row.exists()) return std::unexpected{refusal::missing()};
            const auto were = read_agents(tx, id);
            if (auto wrong = who_may_more(tx, by, gained_or_lost(were, all), "agent_ids"))
                return std::unexpected{std::move(*wrong)};
            query(tx, R"(
                WITH lost AS (DELETE FROM agent_hours WHERE calendar_id = $1 AND agent_id <> ALL($2::bigint[])
                              RETURNING agent_id),
                     gained AS (INSERT INTO agent_hours AS h (agent_id, calendar_id)
                                SELECT DISTINCT unnest($2::bigint[]), $1::bigint
                                ON CONFLICT (agent_id) DO UPDATE SET calendar_id = $1 WHERE h.calendar_id <> $1
                                RETURNING agent_id)
                UPDATE users SET version = version + 1
                WHERE id IN (SELECT agent_id FROM lost UNION SELECT agent_id FROM gained))",
                  id, array_literal(all));
            auto after = read_agents(tx, id);
            audit_notes notes{by.id};
            set_changed(tx, table_of<calendar>(), notes, row, "agents", switchboard::get(were),
                        switchboard::get(after));
            tx.commit();
            notes.tell();
            return after;
        });
    });
}

} // namespace switchboard::store

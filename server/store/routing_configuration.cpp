#include <switchboard/store/configuration.hpp>

#include "store/grant_rows.hpp"
#include "store/noun_table.hpp"
#include "store/promises.hpp"
#include "store/routing_rows.hpp"

#include <fmt/format.h>

#include <map>

/// Queues and agents as routing reads them.
namespace switchboard::store {

std::vector<routing_queue> read_queues(pqxx::transaction_base& tx) {
    std::vector<routing_queue> out;
    for (const auto& r : query(tx, R"(
            SELECT q.*, c.timezone, c.hours, c.special_days
            FROM queue q LEFT JOIN calendar c ON c.id = q.calendar_id ORDER BY q.id)")) {
        routing_queue q{from_row<queue>(r), nullptr};
        if (!r["timezone"].is_null()) q.open = std::make_shared<sla::business_hours>(hours_from(r));
        out.push_back(std::move(q));
    }
    return out;
}

std::vector<routing_agent> read_agents(pqxx::transaction_base& tx, const std::optional<std::string>& ids) {
    // `sql` has a place for the condition, which is there where only some are asked for.
    const auto permits = fmt::format("{} AS takes_work, {} AS takes_escalations", user_takes_work(),
                                     user_may(permission::escalation_take));
    const auto ask = [&](fmt::format_string<std::string, const std::string&> sql, std::string_view condition) {
        return ids ? query(tx, fmt::format(sql, fmt::format("{} = ANY($1::bigint[])", condition), permits), *ids)
                   : query(tx, fmt::format(sql, std::string{}, permits));
    };
    std::vector<routing_agent> out;
    std::map<std::int64_t, std::size_t> place;
    for (const auto& r : ask(R"(
            SELECT u.id, u.grade, u.units, {1},
                   CASE WHEN p.state = 'ready' AND NOT p.absent THEN p.channels ELSE '{{}}' END AS accepts
            FROM users u
            LEFT JOIN presence p ON p.agent_id = u.id
            WHERE u.active {0}
            ORDER BY u.id)",
                             "AND u.id")) {
        routing_agent a;
        a.id = get<std::int64_t>(r["id"]);
        a.grade = get<std::int64_t>(r["grade"]);
        a.units = get<std::int64_t>(r["units"]);
        a.accepts = get<std::vector<std::string>>(r["accepts"]);
        a.takes_work = get<bool>(r["takes_work"]);
        a.takes_escalations = get<bool>(r["takes_escalations"]);
        place[a.id] = out.size();
        out.push_back(std::move(a));
    }
    const auto each = [&](const pqxx::result& rows, auto add) {
        const column<std::int64_t> agent{rows, "agent_id"};
        for (const auto& r : rows)
            if (const auto at = place.find(agent(r)); at != place.end()) add(out[at->second], r);
    };
    each(ask(R"(
            SELECT agent_id, skill_id, level
            FROM agent_skill
            {}
            ORDER BY agent_id, skill_id)",
             "WHERE agent_id"),
         [](routing_agent& a, const pqxx::row& r) {
             a.skills.emplace_back(get<std::int64_t>(r["skill_id"]), get<std::int64_t>(r["level"]));
         });
    each(ask(R"(
            SELECT agent_id, licence_id, jurisdictions, valid_from, valid_until, state
            FROM agent_licence
            {}
            ORDER BY agent_id, id)",
             "WHERE agent_id"),
         [](routing_agent& a, const pqxx::row& r) {
             a.licences.push_back({get<std::int64_t>(r["licence_id"]),
                                   get<std::vector<std::string>>(r["jurisdictions"]), get<timestamp>(r["valid_from"]),
                                   get<timestamp>(r["valid_until"]), get<std::string>(r["state"])});
         });
    each(ask(R"(
            SELECT agent_id, queue_id, rank, delay_s
            FROM queue_member
            {}
            ORDER BY agent_id, queue_id)",
             "WHERE agent_id"),
         [](routing_agent& a, const pqxx::row& r) {
             a.queues.push_back(
                 {get<std::int64_t>(r["queue_id"]), get<std::int64_t>(r["rank"]), get<std::int64_t>(r["delay_s"])});
         });
    std::map<std::int64_t, std::shared_ptr<const sla::business_hours>> calendars; // many work by the same
    each(ask(R"(
            SELECT h.agent_id, c.id AS calendar_id, c.timezone, c.hours, c.special_days
            FROM agent_hours h
            JOIN calendar c ON c.id = h.calendar_id
            {})",
             "WHERE h.agent_id"),
         [&calendars](routing_agent& a, const pqxx::row& r) {
             auto& hours = calendars[get<std::int64_t>(r["calendar_id"])];
             if (!hours) hours = std::make_shared<sla::business_hours>(hours_from(r));
             a.hours = hours;
         });
    each(ask(R"(
            SELECT agent_id, channel, capacity, weight
            FROM agent_channel
            {}
            ORDER BY agent_id, channel)",
             "WHERE agent_id"),
         [](routing_agent& a, const pqxx::row& r) {
             a.channels.push_back(
                 {get<std::string>(r["channel"]), get<std::int64_t>(r["capacity"]), get<std::int64_t>(r["weight"])});
         });
    return out;
}

} // namespace switchboard::store

#include <switchboard/store/configuration.hpp>

#include "store/noun_table.hpp"
#include "store/promises.hpp"
#include "store/routing_rows.hpp"

#include <map>

/// Queues and agents as routing reads them.
namespace switchboard::store {

std::vector<routing_queue> read_queues(pqxx::transaction_base& tx) {
    std::vector<routing_queue> out;
    for (const auto& r : query(tx, R"(
            SELECT q.*, c.timezone, c.hours, c.special_days
            FROM queue q LEFT JOIN calendar c ON c.id = q.calendar_id ORDER BY q.id)")) {
        routing_queue q{from_row<queue>(r), nullptr};
        if (const auto hours = r.column_number("timezone"); !r[hours].is_null())
            q.open = std::make_shared<sla::business_hours>(hours_from(r, static_cast<int>(hours)));
        out.push_back(std::move(q));
    }
    return out;
}

std::vector<routing_agent> read_agents(pqxx::transaction_base& tx, const std::optional<std::string>& ids) {
    std::vector<routing_agent> out;
    std::map<std::int64_t, std::size_t> place;
    for (const auto& r : query(tx,
                               "SELECT u.id, u.grade, u.units, CASE WHEN p.state = 'ready' AND NOT p.absent THEN "
                               "p.channels ELSE '{}' END, "
                               "u.role "
                               "FROM users u LEFT JOIN presence p ON p.agent_id = u.id WHERE u.active AND "
                               "($1::bigint[] IS NULL OR u.id = ANY($1)) ORDER BY u.id",
                               ids)) {
        routing_agent a;
        a.id = get<std::int64_t>(r[0]);
        a.grade = get<std::int64_t>(r[1]);
        a.units = get<std::int64_t>(r[2]);
        a.accepts = parse_text_array(r[3].c_str());
        a.role = get<std::string>(r[4]);
        place[a.id] = out.size();
        out.push_back(std::move(a));
    }
    const auto each = [&](const char* sql, auto add) {
        for (const auto& r : query(tx, sql, ids))
            if (const auto at = place.find(get<std::int64_t>(r[0])); at != place.end()) add(out[at->second], r);
    };
    each("SELECT agent_id, skill_id, level FROM agent_skill WHERE ($1::bigint[] IS NULL OR agent_id = ANY($1)) ORDER "
         "BY 1, 2",
         [](routing_agent& a, const pqxx::row& r) {
             a.skills.emplace_back(get<std::int64_t>(r[1]), get<std::int64_t>(r[2]));
         });
    each("SELECT agent_id, licence_id, jurisdictions, valid_from, valid_until, state FROM agent_licence WHERE "
         "($1::bigint[] IS NULL OR agent_id = ANY($1)) ORDER BY 1, id",
         [](routing_agent& a, const pqxx::row& r) {
             a.licences.push_back({get<std::int64_t>(r[1]), parse_text_array(r[2].c_str()), get<timestamp>(r[3]),
                                   get<timestamp>(r[4]), get<std::string>(r[5])});
         });
    each("SELECT agent_id, queue_id, rank, delay_s FROM queue_member WHERE ($1::bigint[] IS NULL OR agent_id = "
         "ANY($1)) ORDER BY 1, 2",
         [](routing_agent& a, const pqxx::row& r) {
             a.queues.push_back({get<std::int64_t>(r[1]), get<std::int64_t>(r[2]), get<std::int64_t>(r[3])});
         });
    std::map<std::int64_t, std::shared_ptr<const sla::business_hours>> calendars; // many work by the same
    const auto hours_sql = "SELECT h.agent_id, c.id, " + std::string{hours_columns} +
                           " FROM agent_hours h JOIN calendar c ON c.id = h.calendar_id WHERE ($1::bigint[] IS NULL "
                           "OR h.agent_id = ANY($1))";
    each(hours_sql.c_str(), [&](routing_agent& a, const pqxx::row& r) {
        auto& hours = calendars[get<std::int64_t>(r[1])];
        if (!hours) hours = std::make_shared<sla::business_hours>(hours_from(r, 2));
        a.hours = hours;
    });
    each("SELECT agent_id, channel, capacity, weight FROM agent_channel WHERE ($1::bigint[] IS NULL OR agent_id = "
         "ANY($1)) ORDER BY 1, 2",
         [](routing_agent& a, const pqxx::row& r) {
             a.channels.push_back({get<std::string>(r[1]), get<std::int64_t>(r[2]), get<std::int64_t>(r[3])});
         });
    return out;
}

} // namespace switchboard::store

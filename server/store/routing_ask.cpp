#include "store/grant_rows.hpp"
#include "store/routing_rows.hpp"
#include "store/run.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

/// What is read to tell people why routing does what it does.
namespace switchboard::store {

namespace {

constexpr std::string_view offered = "o.state = 'offered'";

/// With everybody whom the queue or its steps may ask. `only`: the queue's own members do not count. `also`: queues
/// that steps not in force would add.
routing_surroundings read_around(pqxx::transaction_base& tx, std::int64_t queue,
                                 const std::optional<std::string>& only = {},
                                 const std::vector<std::int64_t>& also = {}) {
    static const auto asked = fmt::format(R"(
        SELECT coalesce(array_agg(DISTINCT a), '{{}}')
        FROM (
            SELECT m.agent_id
            FROM queue q
            JOIN queue_member m ON (m.queue_id = q.id AND $2::bigint[] IS NULL)
              OR m.queue_id = ANY($3::bigint[])
              OR m.queue_id IN (
                  SELECT (c->>'queue_id')::bigint
                  FROM jsonb_array_elements(q.steps) s, jsonb_array_elements(s->'changes') c
                  WHERE c->>'what' = 'add_queue')
            WHERE q.id = $1
            UNION ALL
            SELECT id
            FROM users u
            WHERE {}) AS asked(a))",
                                          user_may(permission::escalation_take));
    const auto ids = value_of<std::string>(query(tx, asked, queue, only, array_literal(also)));
    routing_surroundings out;
    out.configuration = {read_queues(tx), read_agents(tx, ids)};
    return out;
}

} // namespace

boost::asio::awaitable<std::optional<routing_history>> routing::load_history(std::int64_t ticket) {
    return run(db_, [ticket](pqxx::connection& c) -> std::optional<routing_history> {
        pqxx::transaction<pqxx::repeatable_read> tx{c};
        const auto found = query(tx, "SELECT state, queue_id, enqueue_at FROM ticket WHERE id = $1", ticket);
        if (found.empty()) return std::nullopt;
        routing_history out{get<std::string>(found[0]["state"]),
                            get<std::int64_t>(found[0]["queue_id"]),
                            get<timestamp>(found[0]["enqueue_at"]),
                            {},
                            {},
                            {},
                            {}};
        for (const auto& r : query(tx, R"(
                 SELECT id, at, kind, agent_id, name, offer_id, step, facts
                FROM (
                     SELECT d.id, d.at, d.kind, d.agent_id, u.name, d.offer_id, d.step, d.facts
                     FROM routing_decision d
                     LEFT JOIN users u ON u.id = d.agent_id
                     WHERE d.ticket_id = $1
                     ORDER BY d.id DESC LIMIT 50) newest
                 ORDER BY id)",
                                   ticket)) {
            routing_decision d;
            d.id = get<std::int64_t>(r["id"]);
            d.at = get<timestamp>(r["at"]);
            d.kind = get<std::string>(r["kind"]);
            if (!r["name"].is_null()) d.agent = named{get<std::int64_t>(r["agent_id"]), get<std::string>(r["name"])};
            d.offer_id = get<std::optional<std::int64_t>>(r["offer_id"]);
            d.step = get<std::int64_t>(r["step"]);
            d.facts = get<std::string>(r["facts"]);
            out.decisions.push_back(std::move(d));
        }
        for (const auto& r : query(tx, "SELECT id, name FROM skill"))
            out.skills[get<std::int64_t>(r["id"])] = get<std::string>(r["name"]);
        for (const auto& r : query(tx, "SELECT id, name FROM licence"))
            out.licences[get<std::int64_t>(r["id"])] = get<std::string>(r["name"]);
        for (const auto& r : query(tx, "SELECT id, name FROM queue"))
            out.queues[get<std::int64_t>(r["id"])] = get<std::string>(r["name"]);
        return out;
    });
}

boost::asio::awaitable<routing_surroundings> routing::load_around(std::int64_t ticket, who_is_around who) {
    return run(db_, [ticket, who](pqxx::connection& c) {
        pqxx::transaction<pqxx::repeatable_read> tx{c};
        auto tickets = read_tickets(query(tx, select_tickets(offered, "t.id = $1"), ticket));
        if (tickets.empty()) return routing_surroundings{};
        auto out = who == who_is_around::everybody
                       ? routing_surroundings{{read_queues(tx), read_agents(tx)}, {}, {}, {}}
                       : read_around(tx, tickets[0].queue);
        out.tickets = std::move(tickets);
        std::vector<std::int64_t> ids;
        for (const auto& a : out.configuration.agents) ids.push_back(a.id);
        out.held = read_tickets(query(tx, select_held("AND o.agent_id = ANY($1::bigint[])"), array_literal(ids)));
        for (auto& open : read_tickets(query(
                 tx, select_tickets(offered, "o.agent_id = ANY($1::bigint[]) ORDER BY o.id"), array_literal(ids))))
            out.held.push_back(std::move(open)); // an offer takes capacity as what is held does
        return out;
    });
}

boost::asio::awaitable<std::optional<routing_surroundings>>
routing::load_kinds(std::int64_t queue, std::optional<std::vector<std::int64_t>> members,
                    std::vector<std::int64_t> also) {
    return run(db_,
               [queue, members = std::move(members),
                also = std::move(also)](pqxx::connection& c) -> std::optional<routing_surroundings> {
                   pqxx::transaction<pqxx::repeatable_read> tx{c};
                   if (query(tx, "SELECT FROM queue WHERE id = $1", queue).empty()) return std::nullopt;
                   const auto given = members ? std::optional{array_literal(*members)} : std::nullopt;
                   auto out = read_around(tx, queue, given, also);
                   if (members) { // whoever is named is one of them, and nobody else
                       for (auto& a : read_agents(tx, given)) {
                           std::erase_if(a.queues, [&](const auto& m) { return m.queue == queue; });
                           a.queues.push_back({queue, 0, 0});
                           std::erase_if(out.configuration.agents, [&](const auto& other) { return other.id == a.id; });
                           out.configuration.agents.push_back(std::move(a));
                       }
                       for (auto& a : out.configuration.agents)
                           if (std::ranges::find(*members, a.id) == members->end())
                               std::erase_if(a.queues, [&](const auto& m) { return m.queue == queue; });
                   }
                   std::map<std::int64_t, std::int64_t> counts;
                   std::vector<std::int64_t> firsts;
                   for (const auto& r : query(tx, R"(
                    SELECT min(id) AS first, count(*) AS count
                    FROM ticket
                    WHERE queue_id = $1 AND state = 'waiting'
                    GROUP BY channel, left_message, skills, licences, difficulty
                    ORDER BY 2 DESC LIMIT 1000)",
                                              queue)) {
                       firsts.push_back(get<std::int64_t>(r["first"]));
                       counts[firsts.back()] = get<std::int64_t>(r["count"]);
                   }
                   out.tickets = read_tickets(query(
                       tx, select_tickets(offered, "t.id = ANY($1::bigint[]) ORDER BY t.id"), array_literal(firsts)));
                   for (const auto& t : out.tickets) out.counts.push_back(counts.at(t.id));
                   return out;
               });
}

boost::asio::awaitable<std::map<std::int64_t, std::string>> routing::names(std::vector<std::int64_t> agents) {
    return run(db_, [agents = std::move(agents)](pqxx::connection& c) {
        pqxx::nontransaction tx{c};
        std::map<std::int64_t, std::string> out;
        for (const auto& r :
             query(tx, "SELECT id, name FROM users WHERE id = ANY($1::bigint[])", array_literal(agents)))
            out[get<std::int64_t>(r["id"])] = get<std::string>(r["name"]);
        return out;
    });
}

boost::asio::awaitable<std::map<std::int64_t, std::vector<work_in_hand>>>
routing::hands(std::vector<std::int64_t> agents) {
    return run(db_, [agents = std::move(agents)](pqxx::connection& c) {
        pqxx::nontransaction tx{c};
        std::map<std::int64_t, std::vector<work_in_hand>> out;
        for (const auto& r : query(tx, R"(
                SELECT agent_id, channel, used, capacity
                FROM agent_load
                WHERE channel <> '*' AND used > 0 AND agent_id = ANY($1::bigint[])
                ORDER BY agent_id, channel)",
                                   array_literal(agents)))
            out[get<std::int64_t>(r["agent_id"])].push_back(
                {get<std::string>(r["channel"]), get<std::int64_t>(r["used"]), get<std::int64_t>(r["capacity"])});
        return out;
    });
}

} // namespace switchboard::store

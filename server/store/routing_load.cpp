#include <switchboard/store/routing.hpp>

#include "store/run.hpp"
#include "store/sql.hpp"

#include <nlohmann/json.hpp>

#include <map>

/// What routing reads.
namespace switchboard::store {

using nlohmann::json;

namespace {

std::vector<routing_queue> read_queues(pqxx::transaction_base& tx) {
    std::vector<routing_queue> out;
    for (const auto& r :
         query(tx, "SELECT id, order_mode, ring_s, cool_s, boost_s, idle_reserve, active, interruptible FROM queue ORDER BY id"))
        out.push_back({get<std::int64_t>(r[0]), get<std::string>(r[1]), get<std::int64_t>(r[2]), get<std::int64_t>(r[3]),
                       get<std::int64_t>(r[4]), get<std::int64_t>(r[5]), get<bool>(r[6]), get<bool>(r[7])});
    return out;
}

std::vector<routing_agent> read_agents(pqxx::transaction_base& tx) {
    std::vector<routing_agent> out;
    std::map<std::int64_t, std::size_t> place;
    for (const auto& r : query(tx, "SELECT u.id, u.grade, u.units, CASE p.state WHEN 'ready' THEN p.channels ELSE '{}' END "
                                   "FROM users u LEFT JOIN presence p ON p.agent_id = u.id WHERE u.active ORDER BY u.id")) {
        routing_agent a;
        a.id = get<std::int64_t>(r[0]);
        a.grade = get<std::int64_t>(r[1]);
        a.units = get<std::int64_t>(r[2]);
        a.accepts = parse_text_array(r[3].c_str());
        place[a.id] = out.size();
        out.push_back(std::move(a));
    }
    const auto each = [&](const char* sql, auto add) {
        for (const auto& r : query(tx, sql))
            if (const auto at = place.find(get<std::int64_t>(r[0])); at != place.end()) add(out[at->second], r);
    };
    each("SELECT agent_id, skill_id, level FROM agent_skill ORDER BY 1, 2", [](routing_agent& a, const pqxx::row& r) {
        a.skills.emplace_back(get<std::int64_t>(r[1]), get<std::int64_t>(r[2]));
    });
    each("SELECT agent_id, licence_id, jurisdictions, valid_from, valid_until, state FROM agent_licence ORDER BY 1, id",
         [](routing_agent& a, const pqxx::row& r) {
             a.licences.push_back({get<std::int64_t>(r[1]), parse_text_array(r[2].c_str()), get<timestamp>(r[3]),
                                   get<timestamp>(r[4]), get<std::string>(r[5])});
         });
    each("SELECT agent_id, queue_id, rank, delay_s FROM queue_member ORDER BY 1, 2",
         [](routing_agent& a, const pqxx::row& r) {
             a.queues.push_back({get<std::int64_t>(r[1]), get<std::int64_t>(r[2]), get<std::int64_t>(r[3])});
         });
    each("SELECT agent_id, channel, capacity, weight FROM agent_channel ORDER BY 1, 2",
         [](routing_agent& a, const pqxx::row& r) {
             a.channels.push_back({get<std::string>(r[1]), get<std::int64_t>(r[2]), get<std::int64_t>(r[3])});
         });
    return out;
}

// Refusals that still cool down are read from the offers themselves, so that a new leader remembers them.
const std::string ticket_select =
    "SELECT t.id, t.queue_id, t.channel, t.tier, t.priority, t.difficulty, t.enqueue_at, t.version, t.state, t.skills, "
    "t.licences, t.preferred_agent_id, o.agent_id, o.state, o.expires_at, "
    "(SELECT json_agg(json_build_array(r.agent_id, (extract(epoch from r.ended_at + make_interval(secs => q.cool_s)) * "
    "1000000)::bigint)) FROM offer r WHERE r.ticket_id = t.id AND r.state IN ('declined', 'timed_out') AND "
    "r.ended_at > now() - make_interval(secs => q.cool_s)) "
    "FROM ticket t JOIN queue q ON q.id = t.queue_id LEFT JOIN offer o ON o.ticket_id = t.id AND o.state IN ";

std::vector<routing_ticket> read_tickets(const pqxx::result& rows) {
    std::vector<routing_ticket> out;
    out.reserve(rows.size());
    for (const auto& r : rows) {
        routing_ticket t;
        t.id = get<std::int64_t>(r[0]);
        t.queue = get<std::int64_t>(r[1]);
        t.channel = get<std::string>(r[2]);
        t.tier = get<std::int64_t>(r[3]);
        t.priority = get<std::int64_t>(r[4]);
        t.difficulty = get<std::int64_t>(r[5]);
        t.enqueue_at = get<timestamp>(r[6]);
        t.version = get<std::int64_t>(r[7]);
        t.state = get<std::string>(r[8]);
        for (const auto& term : json::parse(r[9].c_str()))
            t.skills.emplace_back(term.at("skill_id").get<std::int64_t>(), term.value("min", std::int64_t{1}));
        for (const auto& term : json::parse(r[10].c_str()))
            t.licences.emplace_back(term.at("licence_id").get<std::int64_t>(), term.at("jurisdiction").get<std::string>());
        t.preferred_agent = get<std::optional<std::int64_t>>(r[11]);
        t.offer_agent = get<std::optional<std::int64_t>>(r[12]);
        if (t.offer_agent) {
            t.offer_state = get<std::string>(r[13]);
            t.offer_expires_at = get<timestamp>(r[14]);
        }
        if (!r[15].is_null())
            for (const auto& refusal : json::parse(r[15].c_str()))
                t.refused.emplace_back(refusal.at(0).get<std::int64_t>(),
                                       timestamp{std::chrono::microseconds{refusal.at(1).get<std::int64_t>()}});
        out.push_back(std::move(t));
    }
    return out;
}

} // namespace

boost::asio::awaitable<routing_state> routing::load() {
    return run(db_, [](pqxx::connection& c) {
        pqxx::transaction<pqxx::repeatable_read> tx{c};
        routing_state s;
        s.as_of = {std::stoull(query(tx, "SELECT pg_snapshot_xmin(pg_current_snapshot())::text")[0][0].c_str()), 0};
        s.queues = read_queues(tx);
        s.agents = read_agents(tx);
        s.tickets = read_tickets(
            query(tx, ticket_select + "('offered') WHERE t.state IN ('waiting', 'offered') ORDER BY t.id"));
        s.held = read_tickets(query(tx, ticket_select + "('active', 'parked', 'wrapup') WHERE o.id IS NOT NULL ORDER BY o.id"));
        return s;
    });
}

boost::asio::awaitable<std::vector<routing_ticket>> routing::load_tickets(std::vector<std::int64_t> ids) {
    return run(db_, [ids = std::move(ids)](pqxx::connection& c) {
        pqxx::nontransaction tx{c};
        static const auto sql = ticket_select + "('offered') WHERE t.id = ANY($1::bigint[]) ORDER BY t.id";
        static const statement find{"routing_tickets", sql.c_str()};
        return read_tickets(query(tx, find, array_literal(ids)));
    });
}

boost::asio::awaitable<routing_state> routing::load_configuration() {
    return run(db_, [](pqxx::connection& c) {
        pqxx::transaction<pqxx::repeatable_read> tx{c};
        routing_state s;
        s.queues = read_queues(tx);
        s.agents = read_agents(tx);
        return s;
    });
}

boost::asio::awaitable<std::vector<routing_ticket>> routing::load_held(std::int64_t agent) {
    return run(db_, [agent](pqxx::connection& c) {
        pqxx::nontransaction tx{c};
        return read_tickets(query(tx, ticket_select + "('active', 'parked', 'wrapup') WHERE o.agent_id = $1 ORDER BY o.id",
                                  agent));
    });
}

} // namespace switchboard::store

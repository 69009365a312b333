#include "store/event_rows.hpp"
#include "store/pipeline.hpp"
#include "store/routing_rows.hpp"
#include "store/run.hpp"

#include <fmt/format.h>

/// What a leader reads.
namespace switchboard::store {

namespace {

/// Since when and how much, by agent; the indexes know an agent's newest offers.
routing_people read_people(pqxx::transaction_base& tx, const std::string& zone) {
    routing_people out;
    const auto day = query(tx, R"(
        SELECT date_trunc('day', now() AT TIME ZONE $1) AT TIME ZONE $1 AS day_began,
               (date_trunc('day', now() AT TIME ZONE $1) + interval '1 day') AT TIME ZONE $1 AS day_ends,
               clock_timestamp() AS now)",
                           zone);
    const auto began = get<timestamp>(day[0]["day_began"]);
    out.day_ends = get<timestamp>(day[0]["day_ends"]);
    out.now = get<timestamp>(day[0]["now"]);
    for (const auto& r : query(tx, R"(
            SELECT p.agent_id,
                   least(now(), greatest(p.since, (
                       SELECT max(o.ended_at)
                       FROM offer o
                       WHERE o.agent_id = p.agent_id AND o.state IN ('done', 'declined', 'timed_out')))) AS idle_since,
                   (SELECT count(*)
                    FROM offer o
                    WHERE o.agent_id = p.agent_id AND o.state IN ('done', 'declined', 'timed_out')
                      AND o.ended_at >= $1 AND o.answered_at >= $1)
                   + (SELECT count(*)
                      FROM offer o
                      WHERE o.agent_id = p.agent_id AND o.state IN ('offered', 'active', 'parked', 'wrapup')
                        AND o.answered_at >= $1) AS taken_today
            FROM presence p
            WHERE p.state = 'ready' AND NOT p.absent)",
                               began))
        out.agents.push_back(
            {get<std::int64_t>(r["agent_id"]), get<timestamp>(r["idle_since"]), get<std::int64_t>(r["taken_today"])});
    return out;
}

// The same for all of them at once: open offers and young refusals are looked up in two small tables, not per ticket.
// As a COPY, since rows that come while others are read cost a third of those that a cursor fetches in turns.
const std::string& waiting_rows() {
    static const std::string sql = fmt::format(R"((
        WITH refused AS (
            SELECT r.ticket_id, {} AS refusals
            FROM offer r
            JOIN ticket t ON t.id = r.ticket_id
            JOIN queue q ON q.id = t.queue_id
            WHERE r.state IN ('declined', 'timed_out')
              AND r.ended_at > now() - make_interval(secs => (SELECT max(cool_s) FROM queue))
              AND r.ended_at > now() - make_interval(secs => q.cool_s)
            GROUP BY r.ticket_id)
        SELECT {}, f.refusals
        FROM ticket t
        JOIN queue q ON q.id = t.queue_id
        {}
        LEFT JOIN offer o ON o.ticket_id = t.id AND o.state = 'offered'
        LEFT JOIN refused f ON f.ticket_id = t.id
        WHERE t.state IN ('waiting', 'offered')))",
                                               refusals_list, ticket_columns(), its_callback);
    return sql;
}

/// The fields of a line of COPY text; `unescaped` holds those that had to be changed.
void split_line(std::string_view line, ticket_texts& to, std::array<std::string, ticket_fields>& unescaped) {
    if (line.ends_with('\n')) line.remove_suffix(1);
    for (std::size_t i = 0; i < ticket_fields; ++i) {
        const auto end = line.find('\t');
        const auto field = line.substr(0, end);
        line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
        if (field == "\\N")
            to[i].reset();
        else if (field.find('\\') == std::string_view::npos)
            to[i] = field;
        else
            to[i] = unescaped[i] = without_copy_escapes(field);
    }
}

} // namespace

boost::asio::awaitable<cursor> routing::load(routing_reader to, std::string zone) {
    return run(db_, [to = std::move(to), zone = std::move(zone)](pqxx::connection& c) {
        pqxx::transaction<pqxx::repeatable_read> tx{c};
        // A million tickets take a while, and keep nobody waiting.
        tx.exec0("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0");
        const auto as_of = readable_end(tx);
        to.people(read_people(tx, zone));
        to.configuration({read_queues(tx), read_agents(tx)});
        for (const auto& t : read_tickets(query(tx, select_held()))) to.held(t);
        pqxx::stream_from rows{tx, waiting_rows()};
        ticket_reader reader;
        ticket_texts texts;
        std::array<std::string, ticket_fields> unescaped;
        for (std::string line; rows.get_raw_line(line);) {
            split_line(line, texts, unescaped);
            reader.read(texts);
            to.waiting(reader.ticket);
        }
        rows.complete();
        return as_of;
    });
}

boost::asio::awaitable<routing_people> routing::load_people(std::string zone) {
    return run(db_, [zone = std::move(zone)](pqxx::connection& c) {
        pqxx::nontransaction tx{c};
        return read_people(tx, zone);
    });
}

boost::asio::awaitable<std::vector<routing_ticket>> routing::load_tickets(std::vector<std::int64_t> ids) {
    return run(db_, [ids = std::move(ids)](pqxx::connection& c) {
        static const auto sql = select_tickets("false", "t.id = ANY($1::bigint[]) ORDER BY t.id"); // no offers
        static const statement find{"routing_tickets", sql.c_str()};
        std::vector<routing_ticket> out;
        pipeline ask{c}; // by itself a transaction: the setting ends with it
        ask.tell(keep_plans);
        ask.ask(find, [&out](const pqxx::result& rows) { out = read_tickets(rows); }, array_literal(ids));
        ask.run();
        return out;
    });
}

boost::asio::awaitable<routing_configuration> routing::load_configuration() {
    return run(db_, [](pqxx::connection& c) {
        pqxx::transaction<pqxx::repeatable_read> tx{c};
        return routing_configuration{read_queues(tx), read_agents(tx)};
    });
}

boost::asio::awaitable<std::vector<routing_ticket>> routing::load_held(std::int64_t agent) {
    return run(db_, [agent](pqxx::connection& c) {
        pqxx::nontransaction tx{c};
        return read_tickets(query(tx, select_held("AND o.agent_id = $1"), agent));
    });
}

} // namespace switchboard::store

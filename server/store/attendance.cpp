#include <switchboard/store/attendance.hpp>

#include "store/absence.hpp"
#include "store/presence_rows.hpp"
#include "store/run.hpp"
#include "store/sql.hpp"
#include "store/ticket_rows.hpp"

#include <fmt/format.h>

namespace switchboard::store {

namespace {

constexpr statement node_beats{"node_beats", "UPDATE live_node SET seen_at = now() WHERE id = $1 RETURNING id"};

constexpr statement begins{"node_begins", R"(
    INSERT INTO live_node (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET seen_at = now())"};

constexpr statement came_in{"sessions_came", R"(
    INSERT INTO live_session (node, session_id, agent_id) SELECT $1, * FROM unnest($2::bigint[], $3::bigint[])
    ON CONFLICT DO NOTHING)"};

constexpr statement went_out{"sessions_went", R"(
    DELETE FROM live_session WHERE node = $1 AND session_id = ANY($2::bigint[]))"};

constexpr statement here_again{"agents_here", R"(
    UPDATE presence SET absent_since = NULL WHERE agent_id = ANY($1::bigint[]) AND absent_since IS NOT NULL)"};

constexpr statement not_here{"agents_gone", R"(
    UPDATE presence p SET absent_since = now() WHERE agent_id = ANY($1::bigint[]) AND absent_since IS NULL AND
        NOT EXISTS (SELECT FROM live_session s WHERE s.agent_id = p.agent_id))"};

struct session_columns {
    std::vector<std::int64_t> sessions, agents;
    explicit session_columns(const std::vector<open_session>& all) {
        for (const auto& s : all) {
            sessions.push_back(s.session);
            agents.push_back(s.agent);
        }
    }
};

/// Agents who were announced as absent are again what they were before. Whether there were any.
bool tell_return(pqxx::transaction_base& tx, const std::string& agents) {
    static const auto sql = fmt::format(R"(
        UPDATE presence
        SET absent = false, returns_at = CASE state WHEN 'offline' THEN returns_at END
        WHERE agent_id = ANY($1::bigint[]) AND absent
        RETURNING {})",
                                        presence_columns);
    static const statement back{"agents_back", sql.c_str()};
    const auto rows = query(tx, back, agents);
    tell_presence(tx, rows);
    return !rows.empty();
}

} // namespace

boost::asio::awaitable<bool> attendance::note(std::string node, std::vector<open_session> came,
                                              std::vector<open_session> went) {
    return run(db_,
               [node = std::move(node), in = session_columns{came}, out = session_columns{went}](pqxx::connection& c) {
                   pqxx::work tx{c};
                   auto all = in.agents;
                   all.insert(all.end(), out.agents.begin(), out.agents.end());
                   lock_presence(tx, all);
                   query(tx, begins, node);
                   query(tx, came_in, node, array_literal(in.sessions), array_literal(in.agents));
                   query(tx, went_out, node, array_literal(out.sessions));
                   query(tx, here_again, array_literal(in.agents));
                   query(tx, not_here, array_literal(out.agents));
                   const bool told = tell_return(tx, array_literal(in.agents));
                   tx.commit();
                   return told;
               });
}

boost::asio::awaitable<bool> attendance::beat(std::string node) {
    return run(db_, [node = std::move(node)](pqxx::connection& c) {
        pqxx::work tx{c};
        const bool known = !query(tx, node_beats, node).empty();
        tx.commit();
        return known;
    });
}

boost::asio::awaitable<bool> attendance::watch(std::chrono::seconds absent_after, bool after_a_gap) {
    return run(db_, [absent_after, after_a_gap, rule = of_owners_](pqxx::connection& c) {
        constexpr std::chrono::seconds grace{60}; // for coming back to what one was
        const auto each = [&c](auto take) -> std::size_t {
            pqxx::work tx{c};
            tx.exec0("SET LOCAL lock_timeout = '100ms'"); // what somebody holds, the next time
            try {
                const std::size_t done = take(tx);
                tx.commit();
                return done;
            } catch (const pqxx::sql_error& e) {
                if (e.sqlstate() != "55P03") throw;
                return 0;
            }
        };
        if (after_a_gap) each(forgive_absences);
        const auto marked = each([&](auto& tx) { return mark_absent(tx, absent_after, grace); });
        return marked + each([&](auto& tx) { return return_work(tx, rule); }) > 0;
    });
}

boost::asio::awaitable<void> attendance::leave(std::string node) {
    return run(db_, [node = std::move(node)](pqxx::connection& c) {
        static constexpr statement its_agents{"node_agents",
                                              "SELECT DISTINCT agent_id FROM live_session WHERE node = $1"};
        static constexpr statement empty{"node_empty", "DELETE FROM live_session WHERE node = $1"};
        static constexpr statement ends{"node_ends", "DELETE FROM live_node WHERE id = $1"};
        pqxx::work tx{c};
        const auto agents = values_of<std::int64_t>(query(tx, its_agents, node));
        lock_presence(tx, agents);
        query(tx, empty, node);
        query(tx, ends, node);
        query(tx, not_here, array_literal(agents));
        tx.commit();
    });
}

} // namespace switchboard::store

#include "store/directory/agent_sets.hpp"

#include "store/locks.hpp"
#include "store/sql.hpp"

namespace switchboard::store {
namespace {

void replace_skills(pqxx::transaction_base& tx, std::int64_t id, const std::vector<agent_skill>& all) {
    std::vector<std::int64_t> skills, levels;
    for (const auto& s : all) {
        skills.push_back(s.skill_id);
        levels.push_back(s.level);
    }
    query(tx, "DELETE FROM agent_skill WHERE agent_id = $1", id);
    query(tx, R"(
        INSERT INTO agent_skill (agent_id, skill_id, level)
        SELECT $1, *
        FROM unnest($2::bigint[], $3::smallint[]))",
          id, array_literal(skills), array_literal(levels));
}

void replace_licences(pqxx::transaction_base& tx, std::int64_t id, const std::vector<agent_licence>& all) {
    query(tx, "DELETE FROM agent_licence WHERE agent_id = $1", id);
    for (const auto& l : all)
        query(tx, R"(
            INSERT INTO agent_licence (agent_id, licence_id, jurisdictions, valid_from, valid_until, state)
            VALUES ($1, $2, $3::text[], $4, $5, $6))",
              id, l.licence_id, array_literal(l.jurisdictions), l.valid_from, l.valid_until, l.state);
}

void replace_queues(pqxx::transaction_base& tx, std::int64_t id, const std::vector<agent_queue>& all) {
    std::vector<std::int64_t> queues, ranks, delays;
    for (const auto& q : all) {
        queues.push_back(q.queue_id);
        ranks.push_back(q.rank);
        delays.push_back(q.delay_s);
    }
    query(tx, "DELETE FROM queue_member WHERE agent_id = $1", id);
    query(tx, R"(
        INSERT INTO queue_member (agent_id, queue_id, rank, delay_s)
        SELECT $1, *
        FROM unnest($2::bigint[], $3::smallint[], $4::integer[]))",
          id, array_literal(queues), array_literal(ranks), array_literal(delays));
}

void replace_channels(pqxx::transaction_base& tx, std::int64_t id, const std::vector<agent_channel>& all) {
    std::vector<std::string> channels;
    std::vector<std::int64_t> capacities, weights;
    for (const auto& c : all) {
        channels.push_back(c.channel);
        capacities.push_back(c.capacity);
        weights.push_back(c.weight);
    }
    query(tx, "DELETE FROM agent_channel WHERE agent_id = $1", id);
    query(tx, R"(
        INSERT INTO agent_channel (agent_id, channel, capacity, weight)
        SELECT $1, *
        FROM unnest($2::text[], $3::smallint[], $4::smallint[]))",
          id, array_literal(channels), array_literal(capacities), array_literal(weights));
}

/// Capacities as they are configured now.
void step_load(pqxx::transaction_base& tx, std::int64_t id) {
    lock_loads(tx, {id});
    query(tx, R"(
        UPDATE agent_load l
        SET capacity = 0, extra = used
        WHERE agent_id = $1
          AND channel <> '*'
          AND NOT EXISTS (SELECT FROM agent_channel c WHERE c.agent_id = $1 AND c.channel = l.channel))",
          id);
    query(tx, R"(
        INSERT INTO agent_load AS l (agent_id, channel, capacity)
        SELECT agent_id, channel, capacity
        FROM agent_channel
        WHERE agent_id = $1
        UNION ALL
        SELECT id, '*', units
        FROM users
        WHERE id = $1
        ON CONFLICT (agent_id, channel) DO UPDATE
        SET capacity = EXCLUDED.capacity, extra = greatest(0, l.used - EXCLUDED.capacity))",
          id);
}

/// A set of each of these agents: `sql` has the columns of T and agent_id.
template <class T>
void read_set(pqxx::transaction_base& tx, const char* sql, const std::string& ids,
              std::map<std::int64_t, agent_profile>& profiles, std::vector<T> agent_profile::* set) {
    const auto rows = query(tx, sql, ids);
    const column<std::int64_t> agent{rows, "agent_id"};
    for (const auto& r : rows) (profiles.at(agent(r)).*set).push_back(read<T>(r));
}

} // namespace

void read_sets(pqxx::transaction_base& tx, const std::string& ids, std::map<std::int64_t, agent_profile>& profiles) {
    read_set(tx, "SELECT * FROM agent_skill WHERE agent_id = ANY($1::bigint[]) ORDER BY skill_id", ids, profiles,
             &agent_profile::skills);
    read_set(tx, "SELECT * FROM agent_licence WHERE agent_id = ANY($1::bigint[]) ORDER BY licence_id, valid_from", ids,
             profiles, &agent_profile::licences);
    read_set(tx, "SELECT * FROM queue_member WHERE agent_id = ANY($1::bigint[]) ORDER BY queue_id", ids, profiles,
             &agent_profile::queues);
    read_set(tx, "SELECT * FROM agent_channel WHERE agent_id = ANY($1::bigint[]) ORDER BY channel", ids, profiles,
             &agent_profile::channels);
    read_set(tx, "SELECT * FROM agent_load WHERE agent_id = ANY($1::bigint[]) ORDER BY channel", ids, profiles,
             &agent_profile::load);
}

void replace_sets(pqxx::transaction_base& tx, std::int64_t id, const agent_change& terms) {
    if (terms.skills) replace_skills(tx, id, *terms.skills);
    if (terms.licences) replace_licences(tx, id, *terms.licences);
    if (terms.queues) replace_queues(tx, id, *terms.queues);
    if (terms.channels) replace_channels(tx, id, *terms.channels);
    if (terms.channels || terms.units) step_load(tx, id);
}

} // namespace switchboard::store

#include <switchboard/store/queues.hpp>

#include "store/directory/rows.hpp"
#include "store/once.hpp"
#include "store/run.hpp"

namespace switchboard::store {
namespace {

const std::string queue_columns =
    "id, name, order_mode, agent_policy, ring_s, cool_s, wrapup_s, thread_window_s, "
    "idle_reserve, boost_s, sla_target_s, "
    "skills, licences, sender_name, signature, escalation_queue_id, active, version, "
    "interruptible, fqr_percent, max_waiting, "
    "overflow_queue_id, closed_action, affinity_hold_s, steps, acknowledgement, calendar_id, fan_out, left_action, "
    "return_after_s, dispositions";

queue queue_of(const pqxx::row& r) {
    queue q;
    q.id = get<std::int64_t>(r[0]);
    q.name = get<std::string>(r[1]);
    q.order_mode = get<std::string>(r[2]);
    q.agent_policy = get<std::string>(r[3]);
    q.ring_s = get<std::int64_t>(r[4]);
    q.cool_s = get<std::int64_t>(r[5]);
    q.wrapup_s = get<std::int64_t>(r[6]);
    q.thread_window_s = get<std::int64_t>(r[7]);
    q.idle_reserve = get<std::int64_t>(r[8]);
    q.boost_s = get<std::int64_t>(r[9]);
    q.sla_target_s = get<std::int64_t>(r[10]);
    q.skills = skill_needs_from(get<std::string>(r[11]));
    q.licences = licence_needs_from(get<std::string>(r[12]));
    q.sender_name = get<std::string>(r[13]);
    q.signature = get<std::string>(r[14]);
    q.escalation_queue_id = get<std::optional<std::int64_t>>(r[15]);
    q.active = get<bool>(r[16]);
    q.version = get<std::int64_t>(r[17]);
    q.interruptible = get<bool>(r[18]);
    q.fqr_percent = get<std::int64_t>(r[19]);
    q.max_waiting = get<std::optional<std::int64_t>>(r[20]);
    q.overflow_queue_id = get<std::optional<std::int64_t>>(r[21]);
    q.closed_action = get<std::string>(r[22]);
    q.affinity_hold_s = get<std::int64_t>(r[23]);
    q.steps = queue_steps_from(get<std::string>(r[24]));
    q.acknowledgement = get<std::string>(r[25]);
    q.calendar_id = get<std::optional<std::int64_t>>(r[26]);
    q.fan_out = get<std::int64_t>(r[27]);
    q.left_action = get<std::string>(r[28]);
    q.return_after_s = get<std::int64_t>(r[29]);
    q.dispositions = dispositions_from(get<std::string>(r[30]));
    return q;
}

std::optional<queue> read_queue(pqxx::transaction_base& tx, std::int64_t id, const char* lock = "") {
    const auto rows = query(tx, "SELECT " + queue_columns + " FROM queue WHERE id = $1" + lock, id);
    if (rows.empty()) return std::nullopt;
    return queue_of(rows[0]);
}

/// The first id that is in no row of the table; needs are kept as JSON, where no foreign key guards them.
bool all_exist(pqxx::transaction_base& tx, const char* table, const std::vector<std::int64_t>& ids) {
    return query(tx,
                 std::string{"SELECT 1 FROM unnest($1::bigint[]) wanted WHERE NOT EXISTS (SELECT FROM "} + table +
                     " WHERE id = wanted)",
                 array_literal(ids))
        .empty();
}

std::optional<refusal> missing_need(pqxx::transaction_base& tx, const queue_change& terms) {
    std::vector<std::int64_t> ids;
    if (terms.skills)
        for (const auto& need : *terms.skills) ids.push_back(need.skill_id);
    if (!all_exist(tx, "skill", ids)) return refusal::invalid("skills", "names no skill");
    ids.clear();
    if (terms.licences)
        for (const auto& need : *terms.licences) ids.push_back(need.licence_id);
    if (!all_exist(tx, "licence", ids)) return refusal::invalid("licences", "names no licence");
    std::vector<std::int64_t> skills, queues;
    if (terms.steps)
        for (const auto& step : *terms.steps)
            for (const auto& c : step.changes) {
                if (c.skill_id) skills.push_back(*c.skill_id);
                if (c.queue_id) queues.push_back(*c.queue_id);
            }
    if (!all_exist(tx, "skill", skills)) return refusal::invalid("steps", "names no skill");
    if (!all_exist(tx, "queue", queues)) return refusal::invalid("steps", "names no queue");
    return std::nullopt;
}

void apply(pqxx::transaction_base& tx, std::int64_t id, const queue_change& terms) {
    std::optional<std::string> skills, licences;
    if (terms.skills) skills = to_json(*terms.skills);
    if (terms.licences) licences = to_json(*terms.licences);
    query(tx,
          "UPDATE queue SET name = COALESCE($2, name), order_mode = COALESCE($3, order_mode), "
          "agent_policy = COALESCE($4, agent_policy), ring_s = COALESCE($5, ring_s), cool_s = COALESCE($6, cool_s), "
          "wrapup_s = COALESCE($7, wrapup_s), thread_window_s = COALESCE($8, thread_window_s), "
          "idle_reserve = COALESCE($9, idle_reserve), boost_s = COALESCE($10, boost_s), "
          "sla_target_s = COALESCE($11, sla_target_s), skills = COALESCE($12::jsonb, skills), "
          "licences = COALESCE($13::jsonb, licences), sender_name = COALESCE($14, sender_name), "
          "signature = COALESCE($15, signature), "
          "escalation_queue_id = CASE WHEN $16::boolean THEN $17::bigint ELSE escalation_queue_id END, "
          "active = COALESCE($18, active), acknowledgement = COALESCE($19, acknowledgement) WHERE id = $1",
          id, terms.name, terms.order_mode, terms.agent_policy, terms.ring_s, terms.cool_s, terms.wrapup_s,
          terms.thread_window_s, terms.idle_reserve, terms.boost_s, terms.sla_target_s, skills, licences,
          terms.sender_name, terms.signature, terms.escalation_queue_id.has_value(),
          terms.escalation_queue_id.value_or(std::nullopt), terms.active, terms.acknowledgement);
    std::optional<std::string> steps, dispositions;
    if (terms.steps) steps = to_json(*terms.steps);
    if (terms.dispositions) dispositions = to_json(*terms.dispositions);
    query(tx,
          "UPDATE queue SET interruptible = COALESCE($2, interruptible), fqr_percent = COALESCE($3, fqr_percent), "
          "max_waiting = CASE WHEN $4::boolean THEN $5::integer ELSE max_waiting END, "
          "overflow_queue_id = CASE WHEN $6::boolean THEN $7::bigint ELSE overflow_queue_id END, "
          "closed_action = COALESCE($8, closed_action), affinity_hold_s = COALESCE($9, affinity_hold_s), "
          "steps = COALESCE($10::jsonb, steps), "
          "calendar_id = CASE WHEN $11::boolean THEN $12::bigint ELSE calendar_id END, "
          "fan_out = COALESCE($13, fan_out), left_action = COALESCE($14, left_action), "
          "return_after_s = COALESCE($15, return_after_s), dispositions = COALESCE($16::jsonb, dispositions) WHERE id "
          "= $1",
          id, terms.interruptible, terms.fqr_percent, terms.max_waiting.has_value(),
          terms.max_waiting.value_or(std::nullopt), terms.overflow_queue_id.has_value(),
          terms.overflow_queue_id.value_or(std::nullopt), terms.closed_action, terms.affinity_hold_s, steps,
          terms.calendar_id.has_value(), terms.calendar_id.value_or(std::nullopt), terms.fan_out, terms.left_action,
          terms.return_after_s, dispositions);
}

std::vector<queue_member> read_members(pqxx::transaction_base& tx, std::int64_t id) {
    std::vector<queue_member> out;
    for (const auto& r : query(tx,
                               "SELECT m.agent_id, u.name, m.rank, m.delay_s FROM queue_member m "
                               "JOIN users u ON u.id = m.agent_id WHERE m.queue_id = $1 ORDER BY m.rank, m.agent_id",
                               id))
        out.push_back(
            {get<std::int64_t>(r[0]), get<std::string>(r[1]), get<std::int64_t>(r[2]), get<std::int64_t>(r[3])});
    return out;
}

} // namespace

boost::asio::awaitable<page<queue>> queues::list(page_request part) {
    return run(db_, [part](pqxx::connection& c) {
        pqxx::work tx{c};
        const auto rows = query(tx, "SELECT " + queue_columns + " FROM queue WHERE id > $1 ORDER BY id LIMIT $2",
                                part.after, part.limit + 1);
        return page_of<queue>(rows, part.limit, queue_of);
    });
}

boost::asio::awaitable<std::optional<queue>> queues::get(std::int64_t id) {
    return run(db_, [id](pqxx::connection& c) {
        pqxx::work tx{c};
        return read_queue(tx, id);
    });
}

boost::asio::awaitable<queues::changed> queues::create(queue_change terms, actor by, keep<queue> kept) {
    return run(db_, [=, this](pqxx::connection& c) {
        return told<queue>([&]() -> changed {
            once<queue> work{c, kept};
            auto& tx = work.tx;
            if (auto refused = missing_need(tx, terms)) return std::unexpected{std::move(*refused)};
            if (auto refused = look_alike(tx, "queue", terms.name)) return std::unexpected{std::move(*refused)};
            const auto id = store::get<std::int64_t>(
                query(tx, "INSERT INTO queue (name) VALUES ($1) RETURNING id", terms.name)[0][0]);
            apply(tx, id, terms);
            auto made = read_queue(tx, id);
            if (auto bad = judge(*made))
                return std::unexpected{refusal::invalid(std::move(bad->first), std::move(bad->second))};
            config_changed(tx, "queue", id, by);
            work.commit(*made);
            return std::move(*made);
        });
    });
}

boost::asio::awaitable<queues::changed> queues::change(std::int64_t id, queue_change terms,
                                                       std::optional<std::int64_t> expected_version, actor by) {
    return run(db_, [=, this](pqxx::connection& c) {
        return told<queue>([&]() -> changed {
            pqxx::work tx{c};
            auto before = read_queue(tx, id, " FOR NO KEY UPDATE");
            if (!before) return std::unexpected{refusal::missing()};
            if (expected_version && *expected_version != before->version) return std::unexpected{refusal::stale()};
            if (auto refused = missing_need(tx, terms)) return std::unexpected{std::move(*refused)};
            if (auto refused = look_alike(tx, "queue", terms.name, id)) return std::unexpected{std::move(*refused)};
            apply(tx, id, terms);
            query(tx, "UPDATE queue SET version = version + 1 WHERE id = $1", id);
            auto after = read_queue(tx, id);
            if (auto bad = judge(*after))
                return std::unexpected{refusal::invalid(std::move(bad->first), std::move(bad->second))};
            config_changed(tx, "queue", id, by);
            tx.commit();
            return std::move(*after);
        });
    });
}

boost::asio::awaitable<queues::changed> queues::remove(std::int64_t id, actor by) {
    return run(db_, [id, by](pqxx::connection& c) { return remove_row<queue>(c, "queue", "queue", id, by); });
}

boost::asio::awaitable<std::optional<std::vector<queue_member>>> queues::members(std::int64_t id) {
    return run(db_, [id](pqxx::connection& c) -> std::optional<std::vector<queue_member>> {
        pqxx::work tx{c};
        if (!read_queue(tx, id)) return std::nullopt;
        return read_members(tx, id);
    });
}

boost::asio::awaitable<queues::members_changed> queues::set_members(std::int64_t id, std::vector<queue_member> all,
                                                                    std::optional<std::int64_t> expected_version,
                                                                    actor by) {
    using list = std::vector<queue_member>;
    return run(db_, [id, all = std::move(all), expected_version, by](pqxx::connection& c) {
        return told<list>([&]() -> members_changed {
            pqxx::work tx{c};
            const auto before = read_queue(tx, id, " FOR NO KEY UPDATE");
            if (!before) return std::unexpected{refusal::missing()};
            if (expected_version && *expected_version != before->version) return std::unexpected{refusal::stale()};
            std::vector<std::int64_t> agents, ranks, delays;
            for (const auto& m : all) {
                agents.push_back(m.agent_id);
                ranks.push_back(m.rank);
                delays.push_back(m.delay_s);
            }
            query(tx, "DELETE FROM queue_member WHERE queue_id = $1", id);
            query(tx,
                  "INSERT INTO queue_member (queue_id, agent_id, rank, delay_s) "
                  "SELECT $1, * FROM unnest($2::bigint[], $3::smallint[], $4::integer[])",
                  id, array_literal(agents), array_literal(ranks), array_literal(delays));
            query(tx, "UPDATE queue SET version = version + 1 WHERE id = $1", id);
            config_changed(tx, "queue", id, by);
            auto after = read_members(tx, id);
            tx.commit();
            return after;
        });
    });
}

} // namespace switchboard::store

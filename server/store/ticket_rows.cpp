#include "store/ticket_rows.hpp"

#include "store/sql.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace switchboard::store {

std::string summary_select(std::string_view more_columns, std::string_view more_joins) {
    std::string sql = R"(
        SELECT t.id, t.state, t.queue_id, q.name AS queue_name, t.channel, t.customer_id, c.name AS customer_name,
            t.subject, t.tier, t.priority, t.language, t.owner_id, u.name AS owner_name, t.enqueue_at, t.due_at,
            t.held_until, t.escalated, t.disposition, t.opened_at, t.last_contact_at, t.solved_at, t.version,
            t.disposition_name)";
    if (!more_columns.empty()) sql.append(", ").append(more_columns);
    sql += R"(
        FROM ticket t
        JOIN queue q ON q.id = t.queue_id
        LEFT JOIN customer c ON c.id = t.customer_id
        LEFT JOIN users u ON u.id = t.owner_id )";
    return sql.append(more_joins).append(" ");
}

ticket_summary summary_of(const pqxx::row& r) {
    ticket_summary t;
    t.id = get<std::int64_t>(r["id"]);
    t.number = std::to_string(t.id);
    t.state = get<std::string>(r["state"]);
    t.queue = {get<std::int64_t>(r["queue_id"]), get<std::string>(r["queue_name"])};
    t.channel = get<std::string>(r["channel"]);
    if (!r["customer_id"].is_null())
        t.customer = named{get<std::int64_t>(r["customer_id"]), get<std::string>(r["customer_name"])};
    t.subject = get<std::string>(r["subject"]);
    t.tier = get<std::int64_t>(r["tier"]);
    t.priority = get<std::int64_t>(r["priority"]);
    t.language = get<std::string>(r["language"]);
    if (!r["owner_id"].is_null()) t.owner = named{get<std::int64_t>(r["owner_id"]), get<std::string>(r["owner_name"])};
    t.enqueue_at = get<timestamp>(r["enqueue_at"]);
    t.due_at = get<std::optional<timestamp>>(r["due_at"]);
    t.held_until = get<std::optional<timestamp>>(r["held_until"]);
    t.escalated = get<bool>(r["escalated"]);
    if (!r["disposition"].is_null()) {
        t.disposition = get<std::string>(r["disposition"]);
        t.disposition_name = get<std::optional<std::string>>(r["disposition_name"]);
    }
    t.opened_at = get<timestamp>(r["opened_at"]);
    t.last_contact_at = get<timestamp>(r["last_contact_at"]);
    t.solved_at = get<std::optional<timestamp>>(r["solved_at"]);
    t.version = get<std::int64_t>(r["version"]);
    return t;
}

ticket_summary read_summary(pqxx::transaction_base& tx, std::int64_t ticket) {
    return summary_of(query(tx, summary_select() + "WHERE t.id = $1", ticket).front());
}

std::string unread_column(std::string_view agent) {
    return fmt::format(
        "(SELECT count(*) FROM (SELECT FROM (SELECT coalesce((SELECT coalesce(m.contact_id, 0) FROM read_marker m "
        "WHERE "
        "m.ticket_id = t.id AND m.agent_id = {0}), CASE WHEN t.owner_id = {0} THEN coalesce((SELECT max(a.id) FROM "
        "contact a WHERE a.ticket_id = t.id AND a.direction = 'out'), 0) END) AS last) AS seen, contact k WHERE "
        "k.ticket_id = t.id AND k.id > seen.last AND k.direction = 'in' LIMIT 100) AS news)",
        agent);
}

std::string offer_select() {
    return summary_select(R"(o.id AS offer_id, o.agent_id, o.channel AS offer_channel, o.state AS offer_state,
            o.created_at, o.expires_at, greatest(0, extract(epoch from o.created_at - t.enqueue_at))::bigint AS waited_s,
            o.why)",
                          "JOIN offer o ON o.ticket_id = t.id");
}

offer offer_of(const pqxx::row& r) {
    offer o;
    o.ticket = summary_of(r);
    o.id = get<std::int64_t>(r["offer_id"]);
    o.agent_id = get<std::int64_t>(r["agent_id"]);
    o.channel = get<std::string>(r["offer_channel"]);
    o.state = get<std::string>(r["offer_state"]);
    o.created_at = get<timestamp>(r["created_at"]);
    o.expires_at = get<timestamp>(r["expires_at"]);
    o.waited_s = get<std::int64_t>(r["waited_s"]);
    o.why = from_own_json(get<std::string>(r["why"]));
    return o;
}

offer read_offer(pqxx::transaction_base& tx, std::int64_t offer) {
    return offer_of(query(tx, offer_select() + "WHERE o.id = $1", offer).front());
}

presence presence_of(const pqxx::row& r) {
    presence p;
    p.agent_id = get<std::int64_t>(r["agent_id"]);
    p.state = get<std::string>(r["state"]);
    p.channels = parse_text_array(r["channels"].c_str());
    p.reason = get<std::string>(r["reason"]);
    p.after_current = get<bool>(r["after_current"]);
    p.since = get<timestamp>(r["since"]);
    return p;
}

bool locked_ticket::is_wrapped_up_by(std::optional<std::int64_t> agent) const {
    return agent && std::ranges::find(wraps_up, *agent) != wraps_up.end();
}

std::optional<std::int64_t> locked_ticket::offered_to(std::int64_t agent) const {
    const auto his = [agent](const place& o) { return o.agent_id == agent && o.state == offer_state::offered; };
    return std::ranges::any_of(offers, his) ? std::optional{agent} : std::nullopt;
}

std::optional<locked_ticket> lock_ticket(pqxx::transaction_base& tx, std::int64_t ticket) {
    static constexpr statement lock{"lock_ticket", R"(
        SELECT id, state, queue_id, owner_id, preferred_agent_id, gateway_id, customer_id, channel, version, subject,
               language, priority, tier, difficulty, escalated, left_message, enqueue_at, last_contact_at, held_until,
               solved_at, first_reply_at, disposition, disposition_name, skills, licences, sla, due_at, sla_check_at,
               now() AS now
        FROM ticket
        WHERE id = $1 FOR UPDATE)"};
    static constexpr statement lock_offers{"lock_open_offers", R"(
        SELECT id, agent_id, state, weight
        FROM offer
        WHERE ticket_id = $1 AND state IN ('offered', 'active', 'parked', 'wrapup')
        ORDER BY id FOR UPDATE)"};
    const auto rows = query(tx, lock, ticket);
    if (rows.empty()) return std::nullopt;
    const auto r = rows[0];
    locked_ticket t;
    t.id = ticket;
    t.state = get<ticket_state>(r["state"]);
    t.queue_id = get<std::int64_t>(r["queue_id"]);
    t.owner_id = get<std::optional<std::int64_t>>(r["owner_id"]);
    t.preferred_agent_id = get<std::optional<std::int64_t>>(r["preferred_agent_id"]);
    t.gateway_id = get<std::optional<std::int64_t>>(r["gateway_id"]);
    t.customer_id = get<std::optional<std::int64_t>>(r["customer_id"]);
    t.channel = get<std::string>(r["channel"]);
    t.version = get<std::int64_t>(r["version"]);
    t.subject = get<std::string>(r["subject"]);
    t.language = get<std::string>(r["language"]);
    t.priority = get<std::int64_t>(r["priority"]);
    t.tier = get<std::int64_t>(r["tier"]);
    t.difficulty = get<std::int64_t>(r["difficulty"]);
    t.escalated = get<bool>(r["escalated"]);
    t.left_message = get<bool>(r["left_message"]);
    t.enqueue_at = get<timestamp>(r["enqueue_at"]);
    t.last_contact_at = get<timestamp>(r["last_contact_at"]);
    t.held_until = get<std::optional<timestamp>>(r["held_until"]);
    t.solved_at = get<std::optional<timestamp>>(r["solved_at"]);
    t.first_reply_at = get<std::optional<timestamp>>(r["first_reply_at"]);
    t.disposition = get<std::optional<std::string>>(r["disposition"]);
    t.disposition_name = get<std::optional<std::string>>(r["disposition_name"]);
    t.skills = get<std::string>(r["skills"]);
    t.licences = get<std::string>(r["licences"]);
    t.sla = get<std::string>(r["sla"]);
    t.due_at = get<std::optional<timestamp>>(r["due_at"]);
    t.sla_check_at = get<std::optional<timestamp>>(r["sla_check_at"]);
    t.now = get<timestamp>(r["now"]);
    for (const auto& o : query(tx, lock_offers, ticket)) {
        const locked_ticket::place p{get<std::int64_t>(o["id"]), get<std::int64_t>(o["agent_id"]),
                                     get<std::int64_t>(o["weight"]), get<offer_state>(o["state"])};
        if (p.state == offer_state::wrapup)
            t.wraps_up.push_back(p.agent_id);
        else
            t.offers.push_back(p);
    }
    return t;
}

} // namespace switchboard::store

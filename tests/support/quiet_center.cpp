#include "support/quiet_center.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace switchboard::test {

quiet_center::quiet_center(std::size_t connections) : db{database.url(), {.connections = connections}} {
    queue = number("INSERT INTO queue (name, ring_s, wrapup_s, fan_out) VALUES ('Support', 600, 600, 3) RETURNING id");
    other_queue = number(fmt::format(
        "INSERT INTO queue (name, ring_s, escalation_queue_id) VALUES ('Other', 600, {}) RETURNING id", queue));
    sql(fmt::format("UPDATE queue SET escalation_queue_id = {} WHERE id = {}", other_queue, queue));
    sql(fmt::format("INSERT INTO gateway (name, kind, queue_id) VALUES ('mail', 'email', {})", queue));
    epoch = *now(routing.take_lease("the test", 86'400));
}

std::int64_t quiet_center::agent(const std::string& name, int emails, int calls) const {
    const auto id = number(fmt::format(
        "INSERT INTO users (login, name, roles, units) VALUES ('{0}', '{0}', '[2]', 300) RETURNING id", name));
    sql(fmt::format(R"(
        INSERT INTO queue_member (queue_id, agent_id) VALUES ({1}, {0}), ({2}, {0});
        INSERT INTO agent_channel (agent_id, channel, capacity, weight)
            VALUES ({0}, 'email', {3}, 10), ({0}, 'phone', {4}, 100);
        INSERT INTO agent_load (agent_id, channel, capacity) VALUES ({0}, '*', 300), ({0}, 'email', {3}), ({0}, 'phone', {4});
        INSERT INTO presence (agent_id, state, channels) VALUES ({0}, 'ready', '{{email,phone}}'))",
                    id, queue, other_queue, emails, calls));
    return id;
}

std::int64_t quiet_center::supervisor() const {
    return number("INSERT INTO users (login, name, roles) VALUES ('supervisor', 'Supervisor', '[4]') RETURNING id");
}

viewer quiet_center::eyes(std::int64_t user) {
    return *now(store::users{db}.eyes_of(user));
}

std::int64_t quiet_center::ticket(const std::string& channel) const {
    const auto id = number(
        fmt::format("INSERT INTO ticket (queue_id, gateway_id, channel) SELECT {}, id, '{}' FROM gateway RETURNING id",
                    queue, channel));
    sql(fmt::format(
        "INSERT INTO contact (gateway_id, external_id, ticket_id, channel, direction, outcome, from_kind, from_value, "
        "message_id, occurred_at) SELECT id, 'in-{0}', {0}, '{1}', 'in', 'ticketed', '{2}', '{3}', "
        "'in-{0}@example.com', "
        "now() FROM gateway",
        id, channel, channel == "phone" ? "tel" : "email", channel == "phone" ? "+493012345678" : "ada@example.com"));
    return id;
}

store::routing_write quiet_center::of(store::routing_write::kind what, std::int64_t ticket, std::int64_t agent) const {
    const auto row = sql(fmt::format("SELECT version || ' ' || channel FROM ticket WHERE id = {}", ticket));
    store::routing_write w;
    w.what = what;
    w.ticket = ticket;
    w.agent = agent;
    w.version = std::stoll(row);
    w.channel = row.substr(row.find(' ') + 1);
    w.weight = w.channel == "phone" ? 100 : 10;
    w.ring_s = 600;
    return w;
}

store::routing_write quiet_center::offer(std::int64_t ticket, std::int64_t agent, bool alone) const {
    auto w = of(store::routing_write::kind::offer, ticket, agent);
    w.alone = alone;
    w.sibling = sql(fmt::format("SELECT state FROM ticket WHERE id = {}", ticket)) == "offered";
    return w;
}

store::routing_write quiet_center::end(std::int64_t ticket, std::int64_t agent) const {
    auto w = of(store::routing_write::kind::end, ticket, agent);
    w.detail = "timed_out";
    w.reason = "not answered in time";
    return w;
}

std::string quiet_center::sql(const std::string& text) const {
    pqxx::connection c{database.url()};
    const auto rows = pqxx::nontransaction{c}.exec(text);
    return rows.empty() || rows[0].size() == 0 || rows[0][0].is_null() ? "" : rows[0][0].c_str();
}

std::string quiet_center::wrong_loads() const {
    return sql(R"(
        SELECT string_agg(format('agent %s has %s of %s, and %s by his offers', agent_id, used, channel, counted), '; ')
        FROM (SELECT l.agent_id, l.channel, l.used,
                     (SELECT coalesce(CASE l.channel WHEN '*' THEN sum(o.weight)
                                      ELSE count(*) FILTER (WHERE o.channel = l.channel) END, 0)
                      FROM offer o
                      WHERE o.agent_id = l.agent_id AND o.state IN ('offered', 'active', 'wrapup')) AS counted
              FROM agent_load l) each
        WHERE used <> counted)");
}

std::vector<bool> quiet_center::commit(std::vector<store::routing_write> writes) {
    std::vector<bool> made_true(writes.size());
    std::vector<std::size_t> places(writes.size());
    for (std::size_t i = 0; i < places.size(); ++i) places[i] = i;
    while (!writes.empty()) {
        const auto done = now(routing.commit(epoch, writes));
        std::vector<store::routing_write> again;
        std::vector<std::size_t> of_them;
        for (std::size_t i = 0; i < writes.size(); ++i) {
            made_true[places[i]] = done.made_true[i];
            if (!done.busy[i]) continue;
            again.push_back(writes[i]);
            of_them.push_back(places[i]);
        }
        writes = std::move(again);
        places = std::move(of_them);
    }
    return made_true;
}

} // namespace switchboard::test

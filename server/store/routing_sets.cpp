#include "store/routing_sets.hpp"

#include "store/offer_set.hpp"
#include "store/promises.hpp"
#include "store/ticket_rows.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <map>

namespace switchboard::store {

using nlohmann::json;
using write_kind = routing_write::kind;

namespace {

/// What a write of this kind may stand beside in one pass: 0 gives back, 1 is by itself, 2 takes.
int rank_of(write_kind k) {
    if (k == write_kind::end) return 0;
    return k == write_kind::offer ? 2 : 1;
}

std::string facts_of(const routing_write& w) {
    if (w.what == write_kind::end) return json{{"state", w.detail}, {"reason", w.reason}}.dump();
    return w.facts;
}

std::optional<std::int64_t> agent_of(const routing_write& w) {
    return w.agent == 0 ? std::nullopt : std::optional{w.agent};
}

std::string_view decision_of(write_kind k) {
    switch (k) {
    case write_kind::offer:
        return "offered";
    case write_kind::end:
        return "ended";
    case write_kind::step:
        return "step";
    case write_kind::overflow:
        return "overflowed";
    case write_kind::put_off:
        return "put_off";
    case write_kind::message:
        return "message";
    case write_kind::park:
    case write_kind::resume:
    case write_kind::not_ready:
        break;
    }
    return ""; // told by its event alone
}

/// Columns of a set of writes, as arrays to unnest.
struct write_columns {
    std::vector<std::int64_t> tickets, versions, agents, weights, steps;
    std::vector<std::string> channels, rings, details, reasons, siblings, alone;

    write_columns(const std::vector<routing_write>& writes, const std::vector<std::size_t>& which) {
        for (const auto i : which) {
            const auto& w = writes[i];
            tickets.push_back(w.ticket);
            versions.push_back(w.version);
            agents.push_back(w.agent);
            weights.push_back(w.weight);
            steps.push_back(w.step);
            channels.push_back(w.channel);
            rings.push_back(std::to_string(w.ring_s));
            details.push_back(w.detail);
            reasons.push_back(w.reason);
            siblings.emplace_back(w.sibling ? "t" : "f");
            alone.emplace_back(w.alone ? "t" : "f");
        }
    }
};

// The caller holds the tickets and the loads already, so that nothing here waits: a row that a statement has waited for
// drops out of it when another has changed that row meanwhile.
const std::string ends_sql = R"(
    WITH wanted AS MATERIALIZED (
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[]) AS w(ticket_id, agent_id, state, reason)),
    open AS MATERIALIZED (
        SELECT o.id, o.ticket_id, o.agent_id, o.channel, o.weight, w.state, w.reason
        FROM wanted w JOIN offer o ON o.ticket_id = w.ticket_id AND o.agent_id = w.agent_id AND o.state = 'offered'),
    ended AS (
        UPDATE offer o SET state = p.state, reason = p.reason, ended_at = now() FROM open p WHERE o.id = p.id),
    back AS (
        SELECT agent_id, '*' AS channel, sum(weight) AS n FROM open GROUP BY agent_id
        UNION ALL SELECT agent_id, channel, count(*) FROM open GROUP BY agent_id, channel),
    load AS (
        UPDATE agent_load l SET used = l.used - k.n, extra = greatest(0, least(l.extra, l.used - k.n - l.capacity))
        FROM back k WHERE l.agent_id = k.agent_id AND l.channel = k.channel),
    again AS (
        UPDATE ticket t SET state = 'waiting', version = t.version + 1
        FROM open p WHERE t.id = p.ticket_id AND t.state = 'offered' AND NOT EXISTS (
            SELECT FROM offer s WHERE s.ticket_id = t.id AND s.state = 'offered' AND s.id <> p.id))
    )" + summary_select(R"(
           p.id AS offer_id, EXISTS (
               SELECT FROM offer s WHERE s.ticket_id = t.id AND s.state = 'offered' AND s.id <> p.id) AS others)",
                        "JOIN open p ON p.ticket_id = t.id");

constexpr statement steps_taken{"routing_steps", R"(
    UPDATE ticket t
    SET routing_step = k.step
    FROM unnest($1::bigint[], $2::integer[]) AS k(id, step)
    WHERE t.id = k.id AND t.state IN ('waiting', 'offered')
    RETURNING t.id, t.queue_id)"};

// Who has called is called back when the ticket comes back, if the number is known. A callback that was promised
// already is then, unless that is too late for it.
constexpr statement promise_callback{"promise_callback", R"(
    INSERT INTO callback (ticket_id, phone, not_before, requested_by)
    SELECT id, callback_number(id), held_until, 'queue'
    FROM ticket
    WHERE id = $1 AND callback_number(id) IS NOT NULL
    ON CONFLICT (ticket_id) WHERE ended_at IS NULL DO UPDATE
    SET not_before = EXCLUDED.not_before
    WHERE callback.not_after IS NULL OR callback.not_after > EXCLUDED.not_before)"};

} // namespace

std::vector<routing_pass> passes_of(const std::vector<routing_write>& writes) {
    std::vector<routing_pass> out;
    std::map<std::int64_t, std::pair<std::size_t, int>> last_of_ticket; // pass and rank
    std::map<std::int64_t, std::size_t> last_of_agent;                  // pass
    for (std::size_t i = 0; i < writes.size(); ++i) {
        const auto& w = writes[i];
        const auto rank = rank_of(w.what);
        std::size_t pass = 0;
        if (const auto before = last_of_ticket.find(w.ticket); w.ticket != 0 && before != last_of_ticket.end())
            pass = before->second.first + (before->second.second < rank ? 0 : 1);
        if (const auto before = last_of_agent.find(w.agent); w.agent != 0 && before != last_of_agent.end() && rank > 0)
            pass = std::max(pass, before->second);
        if (pass >= out.size()) out.resize(pass + 1);
        auto& here = out[pass];
        (w.what == write_kind::end     ? here.ends
         : w.what == write_kind::step  ? here.steps
         : w.what == write_kind::offer ? here.offers
                                       : here.alone)
            .push_back(i);
        last_of_ticket[w.ticket] = {pass, rank};
        auto& of_agent = last_of_agent[w.agent];
        of_agent = std::max(of_agent, pass);
    }
    return out;
}

void routing_sets::offers(const std::vector<std::size_t>& which) {
    if (which.empty()) return;
    const auto made = make_offers(tx_.statements, epoch_, writes_, which);
    for (const auto& [i, o] : made) tell_offer(i, o);
    std::map<std::int64_t, std::size_t> asked; // offers to an agent
    for (const auto i : which) ++asked[writes_[i].agent];
    for (const auto i : which)
        if (!made_true_[i] && asked[writes_[i].agent] > 1) singly(i);
}

void routing_sets::ends(const std::vector<std::size_t>& which) {
    if (which.empty()) return;
    const write_columns c{writes_, which};
    static const statement end{"routing_ends", ends_sql.c_str()};
    std::map<std::int64_t, std::size_t> by_ticket;
    for (const auto i : which) by_ticket[writes_[i].ticket] = i;
    for (const auto& r : query(tx_.alone(), end, array_literal(c.tickets), array_literal(c.agents),
                               array_literal(c.details), array_literal(c.reasons))) {
        auto t = summary_of(r);
        if (t.state == "offered" && !get<bool>(r["others"])) { // and nobody else has an offer of it
            t.state = "waiting";
            ++t.version;
        }
        tell_end(by_ticket.at(t.id), get<std::int64_t>(r["offer_id"]), t);
    }
}

void routing_sets::singly(std::size_t which) {
    const auto& w = writes_[which];
    if (w.what == write_kind::offer) {
        const auto id = value_of<std::optional<std::int64_t>>(query(tx_.alone(), statement{"make_offer", R"(
            SELECT max(make_offer($1, $2, $3, $4, $5, $6, $7, $8, $9, $10))
            FROM presence
            WHERE agent_id = $3 AND state = 'ready' AND NOT absent)"},
                                                                    w.ticket, w.version, w.agent, w.channel, w.weight,
                                                                    std::to_string(w.ring_s), w.detail, epoch_,
                                                                    w.sibling, w.alone));
        if (id) tell_offer(which, read_offer(tx_.alone(), *id));
    } else if (w.what == write_kind::end) {
        const auto id = value_of<std::optional<std::int64_t>>(query(tx_.alone(), statement{"end_offer", R"(
            SELECT end_offer($1, $2, $3, $4))"},
                                                                    w.ticket, w.agent, w.detail, w.reason));
        if (id) tell_end(which, *id, read_summary(tx_.alone(), w.ticket));
    } else if (w.what == write_kind::step) {
        steps({which});
    } else {
        alone(which);
    }
}

void routing_sets::steps(const std::vector<std::size_t>& which) {
    if (which.empty()) return;
    const write_columns c{writes_, which};
    std::map<std::int64_t, std::size_t> by_ticket;
    for (const auto i : which) by_ticket[writes_[i].ticket] = i;
    for (const auto& r : query(tx_.alone(), steps_taken, array_literal(c.tickets), array_literal(c.steps)))
        decided(by_ticket.at(get<std::int64_t>(r["id"])), get<std::int64_t>(r["queue_id"]), std::nullopt);
}

void routing_sets::alone(std::size_t which) {
    switch (writes_[which].what) {
    case write_kind::park:
    case write_kind::resume:
        return park(which);
    case write_kind::not_ready:
        return not_ready(which);
    case write_kind::overflow:
    case write_kind::put_off:
    case write_kind::message:
        return move(which);
    case write_kind::offer:
    case write_kind::end:
    case write_kind::step:
        break;
    }
}

void routing_sets::park(std::size_t which) {
    const auto& w = writes_[which];
    const bool parks = w.what == write_kind::park;
    const auto offer = value_of<std::optional<std::int64_t>>(
        query(tx_.alone(), statement{"park_offer", "SELECT park_offer($1, $2, $3)"}, w.ticket, w.agent, parks));
    if (offer) changed(which, parks ? events::ticket_change::parked : events::ticket_change::unparked);
}

void routing_sets::not_ready(std::size_t which) {
    const auto& w = writes_[which];
    const auto rows = query(tx_.alone(),
                            fmt::format(R"(
            UPDATE presence
            SET state = 'not_ready', reason = $2, since = now()
            WHERE agent_id = $1 AND state = 'ready'
            RETURNING {})",
                                        presence_columns),
                            w.agent, w.reason);
    made_true_[which] = !rows.empty();
    if (rows.empty()) return;
    append_event(tx_.alone(), events::presence_changed{presence_of(rows[0])}, {.agent = w.agent});
}

// A ticket asks for the same in the queue that it overflows to. A caller who left a message waits on, as work that can
// wait. What finds no place at all is put off: it comes back by itself, since nothing that was received is ever
// dropped.
void routing_sets::move(std::size_t which) {
    const auto& w = writes_[which];
    const auto rows = w.what == write_kind::overflow  ? query(tx_.alone(), R"(
        UPDATE ticket
        SET queue_id = $3, overflowed = true, version = version + 1
        WHERE id = $1 AND state = 'waiting' AND version = $2
        RETURNING id)",
                                                              w.ticket, w.version, w.queue)
                      : w.what == write_kind::message ? query(tx_.alone(), R"(
        UPDATE ticket
        SET left_message = true, version = version + 1
        WHERE id = $1 AND state = 'waiting' AND version = $2
        RETURNING id)",
                                                              w.ticket, w.version)
                                                      : query(tx_.alone(), R"(
        UPDATE ticket
        SET state = 'held', held_until = now() + make_interval(secs => $3), version = version + 1
        WHERE id = $1 AND state = 'waiting' AND version = $2
        RETURNING id)",
                                                              w.ticket, w.version, std::to_string(w.ring_s));
    if (rows.empty()) return;
    if (w.what == write_kind::overflow) promise_follows(tx_.alone(), w.ticket, "overflowed");
    if (w.what == write_kind::put_off && w.detail == "callback") query(tx_.alone(), promise_callback, w.ticket);
    changed(which, named_value<events::ticket_change>(w.detail).value());
}

void routing_sets::changed(std::size_t which, events::ticket_change change) {
    const events::ticket_changed told{.change = change, .ticket = read_summary(tx_.alone(), writes_[which].ticket)};
    tell(which, told, told.ticket.queue.id);
    decided(which, told.ticket.queue.id, std::nullopt);
}

void routing_sets::tell_offer(std::size_t which, const offer& o) {
    tell(which, events::offer_created{o}, o.ticket.queue.id);
    decided(which, o.ticket.queue.id, o.id);
}

void routing_sets::tell_end(std::size_t which, std::int64_t offer, const ticket_summary& after) {
    const auto& w = writes_[which];
    const events::offer_end end{offer, w.ticket, w.agent, w.reason, std::nullopt, after};
    if (w.detail == "timed_out")
        tell(which, events::offer_timed_out{end}, after.queue.id);
    else
        tell(which, events::offer_rescinded{end}, after.queue.id);
    decided(which, after.queue.id, offer);
}

template <events::one_of_them E>
void routing_sets::tell(std::size_t which, const E& e, std::int64_t queue) {
    events_.row(E::type, writes_[which].ticket, queue, agent_of(writes_[which]), data_of(e));
}

void routing_sets::decided(std::size_t which, std::int64_t queue, std::optional<std::int64_t> offer) {
    const auto& w = writes_[which];
    made_true_[which] = true;
    if (const auto kind = decision_of(w.what); !kind.empty())
        reasons_.row(w.ticket, queue, kind, agent_of(w), offer, w.step, facts_of(w), epoch_);
}

void routing_sets::tell() {
    reasons_.done();
    events_.done();
}

} // namespace switchboard::store

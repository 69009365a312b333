#include "store/routing_sets.hpp"

#include "store/desk_act.hpp"

#include <nlohmann/json.hpp>

#include <map>

namespace switchboard::store {

using nlohmann::json;
using kind = routing_write::kind;

namespace {

/// What a write of this kind may stand beside in one pass: 0 gives back, 1 is by itself, 2 takes.
int rank_of(kind k) {
    if (k == kind::end) return 0;
    return k == kind::offer ? 2 : 1;
}

std::string facts_of(const routing_write& w) {
    if (w.what == kind::end) return json{{"state", w.detail}, {"reason", w.reason}}.dump();
    return w.facts;
}

std::string_view decision_of(kind k) {
    switch (k) {
    case kind::offer:
        return "offered";
    case kind::end:
        return "ended";
    case kind::step:
        return "step";
    case kind::overflow:
        return "overflowed";
    case kind::put_off:
        return "put_off";
    case kind::message:
        return "message";
    case kind::park:
    case kind::resume:
    case kind::not_ready:
        break;
    }
    return ""; // told by its event alone
}

/// Columns of a set of writes, as arrays to unnest.
struct columns {
    std::vector<std::int64_t> tickets, versions, agents, weights, steps;
    std::vector<std::string> channels, rings, details, reasons, siblings, alone;

    columns(const std::vector<routing_write>& writes, const std::vector<std::size_t>& which) {
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

// Tickets by id, then loads by agent with the units first: the order in which everybody locks. An agent who has no room
// for all that he is offered here, or has just gone, gets nothing from the set; the caller asks again for one after the
// other. The names in `why` are there for the agent's eyes.
const std::string offers_sql =
    "WITH wanted AS MATERIALIZED (SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], "
    "$5::integer[], "
    "$6::float8[], $7::text[], $9::boolean[], $10::boolean[]) AS w(ticket_id, version, agent_id, channel, weight, "
    "ring_s, "
    "why, sibling, alone)), "
    "free AS MATERIALIZED (SELECT t.id, t.queue_id, t.skills, t.licences, w.agent_id, w.channel, w.weight, w.ring_s, "
    "w.why, w.alone "
    "FROM wanted w JOIN ticket t ON t.id = w.ticket_id JOIN presence p ON p.agent_id = w.agent_id "
    "WHERE t.state = CASE WHEN w.sibling THEN 'offered' ELSE 'waiting' END AND t.version = w.version AND p.state = "
    "'ready' ORDER BY t.id FOR UPDATE OF t), "
    "needed AS (SELECT agent_id, '*' AS channel, sum(weight) AS n FROM free GROUP BY agent_id UNION ALL "
    "SELECT agent_id, channel, count(*) FROM free GROUP BY agent_id, channel), "
    "room AS MATERIALIZED (SELECT l.agent_id, l.channel, l.used + k.n <= l.capacity + l.extra AS fits FROM needed k "
    "JOIN agent_load l ON l.agent_id = k.agent_id AND l.channel = k.channel "
    "ORDER BY l.agent_id, l.channel COLLATE \"C\" FOR UPDATE OF l), "
    "made AS MATERIALIZED (SELECT f.* FROM free f "
    "JOIN room u ON u.agent_id = f.agent_id AND u.channel = '*' AND u.fits "
    "JOIN room c ON c.agent_id = f.agent_id AND c.channel = f.channel AND c.fits), "
    "taken AS (SELECT agent_id, '*' AS channel, sum(weight) AS n FROM made GROUP BY agent_id UNION ALL "
    "SELECT agent_id, channel, count(*) FROM made GROUP BY agent_id, channel), "
    "load AS (UPDATE agent_load l SET used = l.used + k.n FROM taken k "
    "WHERE l.agent_id = k.agent_id AND l.channel = k.channel), "
    "tickets AS (UPDATE ticket t SET state = 'offered', version = t.version + 1 FROM made m WHERE t.id = m.id), "
    "offers AS (INSERT INTO offer (ticket_id, agent_id, queue_id, channel, weight, exclusive, why, epoch, expires_at) "
    "SELECT m.id, m.agent_id, m.queue_id, m.channel, m.weight, m.alone, (m.why::jsonb || jsonb_build_object("
    "'skills', CASE WHEN m.skills = '[]' THEN '[]' ELSE (SELECT coalesce(jsonb_agg(s.name ORDER BY s.name), '[]') "
    "FROM jsonb_array_elements(m.skills) term JOIN skill s ON s.id = (term->>'skill_id')::bigint) END, "
    "'licences', CASE WHEN m.licences = '[]' THEN '[]' ELSE (SELECT coalesce(jsonb_agg(l.name ORDER BY l.name), '[]') "
    "FROM jsonb_array_elements(m.licences) term JOIN licence l ON l.id = (term->>'licence_id')::bigint) END))::json, "
    "$8, now() + make_interval(secs => m.ring_s) FROM made m "
    "RETURNING id, ticket_id, agent_id, channel, state, created_at, expires_at, why) " +
    summary_select("o.id, o.agent_id, o.channel, o.state, o.created_at, o.expires_at, "
                   "greatest(0, extract(epoch from o.created_at - t.enqueue_at))::bigint, o.why",
                   "JOIN offers o ON o.ticket_id = t.id");

const std::string ends_sql =
    "WITH wanted AS MATERIALIZED (SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[]) "
    "AS w(ticket_id, agent_id, state, reason)), "
    "open AS MATERIALIZED (SELECT o.id, o.ticket_id, o.agent_id, o.channel, o.weight, w.state, w.reason FROM wanted w "
    "JOIN offer o ON o.ticket_id = w.ticket_id AND o.agent_id = w.agent_id AND o.state = 'offered' "
    "ORDER BY o.ticket_id, o.id FOR UPDATE OF o), "
    "ended AS (UPDATE offer o SET state = p.state, reason = p.reason, ended_at = now() FROM open p WHERE o.id = p.id), "
    "back AS (SELECT agent_id, '*' AS channel, sum(weight) AS n FROM open GROUP BY agent_id UNION ALL "
    "SELECT agent_id, channel, count(*) FROM open GROUP BY agent_id, channel), "
    "held AS MATERIALIZED (SELECT l.agent_id, l.channel, k.n FROM back k JOIN agent_load l ON l.agent_id = k.agent_id "
    "AND l.channel = k.channel ORDER BY l.agent_id, l.channel COLLATE \"C\" FOR UPDATE OF l), "
    "load AS (UPDATE agent_load l SET used = l.used - k.n, extra = greatest(0, least(l.extra, l.used - k.n - "
    "l.capacity)) "
    "FROM held k WHERE l.agent_id = k.agent_id AND l.channel = k.channel), "
    "again AS (UPDATE ticket t SET state = 'waiting', version = t.version + 1 FROM open p WHERE t.id = p.ticket_id AND "
    "t.state = 'offered' AND NOT EXISTS (SELECT FROM offer s WHERE s.ticket_id = t.id AND s.state = 'offered' AND "
    "s.id <> p.id)) " +
    summary_select(
        "p.id, EXISTS (SELECT FROM offer s WHERE s.ticket_id = t.id AND s.state = 'offered' AND s.id <> p.id)",
        "JOIN open p ON p.ticket_id = t.id");

constexpr statement steps_taken{
    "routing_steps",
    "UPDATE ticket t SET routing_step = k.step FROM unnest($1::bigint[], $2::integer[]) AS k(id, step) "
    "WHERE t.id = k.id AND t.state IN ('waiting', 'offered') RETURNING t.id, t.queue_id"};

// Who has called is called back when the ticket comes back, if the number is known. A callback that was promised
// already is then, unless that is too late for it.
constexpr statement promise_callback{
    "promise_callback",
    "INSERT INTO callback (ticket_id, phone, not_before, requested_by) SELECT id, callback_number(id), held_until, "
    "'queue' FROM ticket WHERE id = $1 AND callback_number(id) IS NOT NULL ON CONFLICT (ticket_id) WHERE ended_at IS "
    "NULL DO UPDATE SET not_before = EXCLUDED.not_before WHERE callback.not_after IS NULL OR callback.not_after > "
    "EXCLUDED.not_before"};

constexpr statement keep_told{
    "routing_tell",
    "WITH why AS (INSERT INTO routing_decision (ticket_id, queue_id, kind, agent_id, offer_id, step, facts, epoch) "
    "SELECT k.ticket_id, k.queue_id, k.kind, k.agent_id, k.offer_id, k.step, k.facts::json, $10 FROM "
    "unnest($2::bigint[], "
    "$3::bigint[], $4::bigint[], $6::text[], $7::bigint[], $8::integer[], $9::text[]) AS k(ticket_id, queue_id, "
    "agent_id, "
    "kind, offer_id, step, facts) WHERE k.kind <> '') "
    "INSERT INTO event (type, ticket_id, queue_id, agent_id, data) SELECT k.type, k.ticket_id, k.queue_id, k.agent_id, "
    "k.data::json FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[]) AS k(type, ticket_id, "
    "queue_id, agent_id, data) WHERE k.type <> ''"};

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
        (w.what == kind::end     ? here.ends
         : w.what == kind::step  ? here.steps
         : w.what == kind::offer ? here.offers
                                 : here.alone)
            .push_back(i);
        last_of_ticket[w.ticket] = {pass, rank};
        auto& of_agent = last_of_agent[w.agent];
        of_agent = std::max(of_agent, pass);
    }
    return out;
}

void lock_tickets(pqxx::transaction_base& tx, const std::vector<routing_write>& writes) {
    std::vector<std::int64_t> ids;
    for (const auto& w : writes)
        if (w.ticket != 0) ids.push_back(w.ticket);
    query(tx, statement{"lock_tickets", "SELECT FROM ticket WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE"},
          array_literal(ids));
}

void routing_sets::offers(const std::vector<std::size_t>& which) {
    if (which.empty()) return;
    const columns c{writes_, which};
    static const statement make{"routing_offers", offers_sql.c_str()};
    std::map<std::int64_t, std::size_t> by_ticket; // one offer of a ticket in a pass
    for (const auto i : which) by_ticket[writes_[i].ticket] = i;
    for (const auto& r : query(tx_, make, array_literal(c.tickets), array_literal(c.versions), array_literal(c.agents),
                               array_literal(c.channels), array_literal(c.weights), array_literal(c.rings),
                               array_literal(c.details), epoch_, array_literal(c.siblings), array_literal(c.alone))) {
        auto o = offer_of(r); // with the ticket as it was before this statement
        o.ticket.state = "offered";
        ++o.ticket.version;
        tell_offer(by_ticket.at(o.ticket.id), o);
    }
    std::map<std::int64_t, std::size_t> asked; // offers to an agent
    for (const auto i : which) ++asked[writes_[i].agent];
    for (const auto i : which)
        if (!made_true_[i] && asked[writes_[i].agent] > 1) singly(i);
}

void routing_sets::ends(const std::vector<std::size_t>& which) {
    if (which.empty()) return;
    const columns c{writes_, which};
    static const statement end{"routing_ends", ends_sql.c_str()};
    std::map<std::int64_t, std::size_t> by_ticket;
    for (const auto i : which) by_ticket[writes_[i].ticket] = i;
    for (const auto& r : query(tx_, end, array_literal(c.tickets), array_literal(c.agents), array_literal(c.details),
                               array_literal(c.reasons))) {
        auto t = summary_of(r);
        if (t.state == "offered" && !get<bool>(r[23])) { // and nobody else has an offer of it
            t.state = "waiting";
            ++t.version;
        }
        tell_end(by_ticket.at(t.id), get<std::int64_t>(r[22]), t);
    }
}

void routing_sets::singly(std::size_t which) {
    const auto& w = writes_[which];
    if (w.what == kind::offer) {
        const auto id = get<std::optional<std::int64_t>>(
            query(tx_,
                  statement{"make_offer", "SELECT max(make_offer($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)) FROM "
                                          "presence WHERE agent_id = $3 AND state = 'ready'"},
                  w.ticket, w.version, w.agent, w.channel, w.weight, std::to_string(w.ring_s), w.detail, epoch_,
                  w.sibling, w.alone)[0][0]);
        if (id) tell_offer(which, read_offer(tx_, *id));
    } else if (w.what == kind::end) {
        const auto id =
            get<std::optional<std::int64_t>>(query(tx_, statement{"end_offer", "SELECT end_offer($1, $2, $3, $4)"},
                                                   w.ticket, w.agent, w.detail, w.reason)[0][0]);
        if (id) tell_end(which, *id, read_summary(tx_, w.ticket));
    } else if (w.what == kind::step) {
        steps({which});
    } else {
        alone(which);
    }
}

void routing_sets::steps(const std::vector<std::size_t>& which) {
    if (which.empty()) return;
    const columns c{writes_, which};
    std::map<std::int64_t, std::size_t> by_ticket;
    for (const auto i : which) by_ticket[writes_[i].ticket] = i;
    for (const auto& r : query(tx_, steps_taken, array_literal(c.tickets), array_literal(c.steps)))
        append(by_ticket.at(get<std::int64_t>(r[0])), "", "{}", get<std::int64_t>(r[1]), std::nullopt);
}

void routing_sets::alone(std::size_t which) {
    switch (writes_[which].what) {
    case kind::park:
    case kind::resume:
        return park(which);
    case kind::not_ready:
        return not_ready(which);
    case kind::overflow:
    case kind::put_off:
    case kind::message:
        return move(which);
    case kind::offer:
    case kind::end:
    case kind::step:
        break;
    }
}

void routing_sets::park(std::size_t which) {
    const auto& w = writes_[which];
    const bool parks = w.what == kind::park;
    const auto done = query(tx_, statement{"park_offer", "SELECT park_offer($1, $2, $3)"}, w.ticket, w.agent, parks);
    if (!done[0][0].is_null()) changed(which, parks ? "parked" : "unparked");
}

void routing_sets::not_ready(std::size_t which) {
    const auto& w = writes_[which];
    const auto rows =
        query(tx_,
              "UPDATE presence SET state = 'not_ready', reason = $2, since = now() WHERE agent_id = $1 AND "
              "state = 'ready' RETURNING " +
                  presence_columns,
              w.agent, w.reason);
    made_true_[which] = !rows.empty();
    if (rows.empty()) return;
    append_event(tx_, "presence.changed", std::nullopt, std::nullopt, w.agent, std::nullopt,
                 json{{"presence", to_json(presence_of(rows[0]))}}.dump());
}

// A ticket asks for the same in the queue that it overflows to. A caller who left a message waits on, as work that can
// wait. What finds no place at all is put off: it comes back by itself, since nothing that was received is ever
// dropped.
void routing_sets::move(std::size_t which) {
    const auto& w = writes_[which];
    const auto rows =
        w.what == kind::overflow
            ? query(tx_,
                    "UPDATE ticket SET queue_id = $3, overflowed = true, version = version + 1 WHERE id = $1 AND "
                    "state = 'waiting' AND version = $2 RETURNING id",
                    w.ticket, w.version, w.queue)
        : w.what == kind::message
            ? query(tx_,
                    "UPDATE ticket SET left_message = true, version = version + 1 WHERE id = $1 AND state = 'waiting' "
                    "AND version = $2 RETURNING id",
                    w.ticket, w.version)
            : query(tx_,
                    "UPDATE ticket SET state = 'held', held_until = now() + make_interval(secs => $3), "
                    "version = version + 1 WHERE id = $1 AND state = 'waiting' AND version = $2 RETURNING id",
                    w.ticket, w.version, std::to_string(w.ring_s));
    if (rows.empty()) return;
    if (w.what == kind::put_off && w.detail == "callback") query(tx_, promise_callback, w.ticket);
    changed(which, w.detail);
}

void routing_sets::changed(std::size_t which, std::string_view change) {
    const auto now_is = read_summary(tx_, writes_[which].ticket);
    append(which, "ticket.changed",
           json{{"ticket", to_json(now_is)},
                {"change", change},
                {"by", nullptr},
                {"in_place_of", nullptr},
                {"released", nullptr}}
               .dump(),
           now_is.queue.id, std::nullopt);
}

void routing_sets::tell_offer(std::size_t which, const offer& o) {
    append(which, "offer.created", json{{"offer", to_json(o)}}.dump(), o.ticket.queue.id, o.id);
}

void routing_sets::tell_end(std::size_t which, std::int64_t offer, const ticket_summary& after) {
    const auto& w = writes_[which];
    append(which, "offer." + w.detail,
           json{{"offer_id", offer},
                {"ticket_id", w.ticket},
                {"agent_id", w.agent},
                {"reason", w.reason},
                {"by", nullptr},
                {"ticket", to_json(after)}}
               .dump(),
           after.queue.id, offer);
}

void routing_sets::append(std::size_t which, std::string_view type, const std::string& data, std::int64_t queue,
                          std::optional<std::int64_t> offer) {
    const auto& w = writes_[which];
    made_true_[which] = true;
    told_.types.emplace_back(type);
    told_.data.push_back(data);
    told_.kinds.emplace_back(decision_of(w.what));
    told_.facts.push_back(facts_of(w));
    told_.tickets.push_back(w.ticket);
    told_.queues.push_back(queue);
    told_.steps.push_back(w.step);
    told_.agents.push_back(w.agent == 0 ? std::nullopt : std::optional{w.agent});
    told_.offers.push_back(offer);
}

void routing_sets::tell() {
    if (told_.types.empty()) return;
    query(tx_, keep_told, array_literal(told_.types), array_literal(told_.tickets), array_literal(told_.queues),
          array_literal(told_.agents), array_literal(told_.data), array_literal(told_.kinds),
          array_literal(told_.offers), array_literal(told_.steps), array_literal(told_.facts), epoch_);
}

} // namespace switchboard::store

#include "store/offer_set.hpp"

#include <switchboard/util/json.hpp>

#include "store/insert_rows.hpp"
#include "store/locks.hpp"
#include "store/ticket_rows.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace switchboard::store {

using nlohmann::json;

namespace {

using load_key = std::pair<std::int64_t, std::string>; // agent and channel; '*' counts units

struct locked {
    struct ticket {
        ticket_summary summary;
        std::string skills, licences; // what it asks for, as JSON
    };
    std::map<std::int64_t, ticket> tickets;
    std::map<load_key, std::int64_t> room;                // of agents who are ready
    std::map<std::int64_t, std::string> skills, licences; // names of those that the tickets ask for
    std::vector<std::int64_t> ids;                        // for new offers
    timestamp now{};
};

void ask_for_tickets(pipeline& from, const std::vector<std::int64_t>& ids, locked& to) {
    static const auto sql = summary_select("t.skills, t.licences") + R"(
        WHERE t.id = ANY($1::bigint[])
        ORDER BY t.id FOR UPDATE OF t)";
    static const statement lock{"offer_tickets", sql.c_str()};
    const auto read = [&to](const pqxx::result& rows) {
        const column<std::string> skills{rows, "skills"}, licences{rows, "licences"};
        for (const auto& r : rows) {
            auto summary = summary_of(r);
            const auto id = summary.id;
            to.tickets[id] = {std::move(summary), skills(r), licences(r)};
        }
    };
    from.ask(lock, read, array_literal(ids));
}

void ask_for_loads(pipeline& from, const std::set<load_key>& loads, locked& to) {
    static constexpr statement room{"offer_room", R"(
        SELECT l.agent_id, l.channel, l.capacity + l.extra - l.used AS room
        FROM unnest($1::bigint[], $2::text[]) AS k(agent_id, channel)
        JOIN agent_load l ON l.agent_id = k.agent_id AND l.channel = k.channel
        JOIN presence p ON p.agent_id = l.agent_id WHERE p.state = 'ready' AND NOT p.absent)"};
    std::vector<std::int64_t> agents;
    std::vector<std::string> channels;
    for (const auto& [agent, channel] : loads) {
        agents.push_back(agent);
        channels.push_back(channel);
    }
    const auto read = [&to](const pqxx::result& rows) {
        const column<std::int64_t> agent{rows, "agent_id"}, left{rows, "room"};
        const column<std::string> channel{rows, "channel"};
        for (const auto& r : rows) to.room[{agent(r), channel(r)}] = left(r);
    };
    lock_loads(from, agents);
    from.ask(room, read, array_literal(agents), array_literal(channels));
}

void ask_for_ids(pipeline& from, std::size_t count, locked& to) {
    static constexpr statement ids{"offer_ids", R"(
        SELECT nextval('offer_id_seq') AS id, now() AS now
        FROM generate_series(1, $1))"};
    const auto read = [&to](const pqxx::result& rows) {
        for (const auto& r : rows) {
            to.ids.push_back(get<std::int64_t>(r["id"]));
            to.now = get<timestamp>(r["now"]);
        }
    };
    from.ask(ids, read, count);
}

/// Most tickets ask for nothing by name.
void ask_for_names(pipeline& from, locked& to) {
    static constexpr statement skills{"offer_skills", R"(
        SELECT s.id, s.name
        FROM skill s
        WHERE s.id IN (
            SELECT (term->>'skill_id')::bigint
            FROM unnest($1::jsonb[]) list, jsonb_array_elements(list) term))"};
    static constexpr statement licences{"offer_licences", R"(
        SELECT l.id, l.name
        FROM licence l
        WHERE l.id IN (
            SELECT (term->>'licence_id')::bigint
            FROM unnest($1::jsonb[]) list, jsonb_array_elements(list) term))"};
    const auto ask = [&from, &to](const statement& s, std::string locked::ticket::* terms,
                                  std::map<std::int64_t, std::string>& names) {
        std::vector<std::string> lists;
        for (const auto& [id, t] : to.tickets)
            if (t.*terms != "[]") lists.push_back(t.*terms);
        if (lists.empty()) return;
        const auto read = [&names](const pqxx::result& rows) {
            for (const auto& r : rows) names[get<std::int64_t>(r["id"])] = get<std::string>(r["name"]);
        };
        from.ask(s, read, array_literal(lists));
    };
    ask(skills, &locked::ticket::skills, to.skills);
    ask(licences, &locked::ticket::licences, to.licences);
    from.run();
}

/// The names of the skills or licences that a ticket asks for, sorted, for the agent to read.
std::vector<std::string> names_in(const std::string& terms, const char* key,
                                  const std::map<std::int64_t, std::string>& names) {
    std::vector<std::string> out;
    if (terms == "[]") return out;
    for (const auto& term : own_json(terms))
        if (const auto it = names.find(term.at(key).get<std::int64_t>()); it != names.end()) out.push_back(it->second);
    std::ranges::sort(out);
    return out;
}

locked lock(pipeline& from, const std::vector<routing_write>& writes, const std::vector<std::size_t>& which) {
    locked out;
    std::vector<std::int64_t> tickets;
    std::set<load_key> loads;
    for (const auto i : which) {
        tickets.push_back(writes[i].ticket);
        loads.emplace(writes[i].agent, "*");
        loads.emplace(writes[i].agent, writes[i].channel);
    }
    ask_for_tickets(from, tickets, out);
    ask_for_loads(from, loads, out);
    ask_for_ids(from, which.size(), out);
    from.run();
    ask_for_names(from, out);
    return out;
}

bool still_free(const routing_write& w, const locked& l) {
    const auto t = l.tickets.find(w.ticket);
    return t != l.tickets.end() && t->second.summary.version == w.version &&
           t->second.summary.state == (w.sibling ? "offered" : "waiting");
}

/// What the offers that are still possible take, without those to agents who have no room for all of theirs.
std::vector<std::size_t> that_fit(const std::vector<routing_write>& writes, const std::vector<std::size_t>& which,
                                  const locked& l, std::map<load_key, std::int64_t>& taken) {
    std::vector<std::size_t> possible, out;
    for (const auto i : which)
        if (still_free(writes[i], l)) possible.push_back(i);
    for (const auto i : possible) {
        taken[{writes[i].agent, "*"}] += writes[i].weight;
        taken[{writes[i].agent, writes[i].channel}] += 1;
    }
    std::set<std::int64_t> full;
    for (const auto& [key, n] : taken)
        if (const auto room = l.room.find(key); room == l.room.end() || room->second < n) full.insert(key.first);
    std::erase_if(taken, [&](const auto& load) { return full.contains(load.first.first); });
    for (const auto i : possible)
        if (!full.contains(writes[i].agent)) out.push_back(i);
    return out;
}

offer offer_from(const routing_write& w, const locked& l, std::int64_t id) {
    const auto& t = l.tickets.at(w.ticket);
    using seconds = std::chrono::duration<double>;
    offer o;
    o.id = id;
    o.ticket = t.summary;
    o.ticket.state = "offered";
    ++o.ticket.version;
    o.agent_id = w.agent;
    o.channel = w.channel;
    o.state = "offered";
    o.created_at = l.now;
    o.expires_at = l.now + std::chrono::duration_cast<timestamp::duration>(seconds{w.ring_s});
    o.waited_s = std::max(0L, std::lround(seconds{l.now - t.summary.enqueue_at}.count()));
    auto why = own_json(w.detail);
    why["skills"] = names_in(t.skills, "skill_id", l.skills);
    why["licences"] = names_in(t.licences, "licence_id", l.licences);
    o.why = from_own_json(why.dump());
    return o;
}

void write_loads(pipeline& to, const std::map<load_key, std::int64_t>& taken) {
    static constexpr statement take{"offer_take_loads", R"(
        UPDATE agent_load l
        SET used = l.used + k.n
        FROM unnest($1::bigint[], $2::text[], $3::integer[]) AS k(agent_id, channel, n)
        WHERE l.agent_id = k.agent_id AND l.channel = k.channel)"};
    std::vector<std::int64_t> agents, counts;
    std::vector<std::string> channels;
    for (const auto& [key, n] : taken) {
        agents.push_back(key.first);
        channels.push_back(key.second);
        counts.push_back(n);
    }
    to.tell(take, array_literal(agents), array_literal(channels), array_literal(counts));
}

void write_tickets(pipeline& to, const std::vector<std::pair<std::size_t, offer>>& made) {
    static constexpr statement ring{
        "offer_ring", "UPDATE ticket SET state = 'offered', version = version + 1 WHERE id = ANY($1::bigint[])"};
    std::vector<std::int64_t> tickets;
    for (const auto& [i, o] : made) tickets.push_back(o.ticket.id);
    to.tell(ring, array_literal(tickets));
}

} // namespace

std::vector<std::pair<std::size_t, offer>> make_offers(pipeline& to, std::int64_t epoch,
                                                       const std::vector<routing_write>& writes,
                                                       const std::vector<std::size_t>& which) {
    const auto known = lock(to, writes, which);
    std::map<load_key, std::int64_t> taken;
    std::vector<std::pair<std::size_t, offer>> made;
    auto id = known.ids.begin();
    for (const auto i : that_fit(writes, which, known, taken))
        made.emplace_back(i, offer_from(writes[i], known, *id++));
    if (made.empty()) return made;
    write_loads(to, taken);
    write_tickets(to, made);
    insert_rows rows{to,
                     "insert_offers",
                     "offer",
                     {"id", "ticket_id", "agent_id", "queue_id", "channel", "weight", "exclusive", "why", "epoch",
                      "created_at", "expires_at"}};
    for (const auto& [i, o] : made)
        rows.row(o.id, o.ticket.id, o.agent_id, o.ticket.queue.id, o.channel, writes[i].weight, writes[i].alone,
                 to_json(o.why), epoch, o.created_at, o.expires_at);
    rows.done();
    return made;
}

} // namespace switchboard::store

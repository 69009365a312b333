#include <switchboard/store/tickets.hpp>

#include "store/availability.hpp"
#include "store/run.hpp"
#include "store/sql.hpp"
#include "store/ticket_rows.hpp"
#include "store/whole_ticket.hpp"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <map>

namespace switchboard::store {

namespace {

std::string like_pattern(std::string_view words) {
    std::string out = "%";
    for (const char c : words) {
        if (c == '%' || c == '_' || c == '\\') out += '\\';
        out += c;
    }
    return out + "%";
}

struct sort_order {
    std::string_view column; // with a NOT NULL value, as a number
    std::string_view key;
};

sort_order order_of(ticket_sort s) {
    switch (s) {
    case ticket_sort::last_contact:
        return {"t.last_contact_at", "(extract(epoch from t.last_contact_at) * 1000000)::bigint"};
    case ticket_sort::enqueued:
        return {"t.enqueue_at", "(extract(epoch from t.enqueue_at) * 1000000)::bigint"};
    case ticket_sort::id:
        break;
    }
    return {"t.id", "t.id"};
}

/// A place in a sorted list: "<key>.<id>". Empty text = the beginning.
struct list_place {
    std::optional<std::int64_t> key, id;
};
std::optional<list_place> parse_place(std::string_view text) {
    if (text.empty()) return list_place{};
    std::int64_t key = 0, id = 0;
    const char* const end = text.data() + text.size();
    const auto [dot, bad_key] = std::from_chars(text.data(), end, key);
    if (bad_key != std::errc{} || dot == end || *dot != '.') return std::nullopt;
    const auto [rest, bad_id] = std::from_chars(dot + 1, end, id);
    if (bad_id != std::errc{} || rest != end) return std::nullopt;
    return list_place{key, id};
}

} // namespace

boost::asio::awaitable<std::optional<ticket>> tickets::get(std::int64_t id, viewer who) {
    return run(db_, [id, who = std::move(who)](pqxx::connection& c) {
        pqxx::transaction<pqxx::repeatable_read> tx{c};
        return read_ticket(tx, id, who);
    });
}

boost::asio::awaitable<std::optional<page<listed_ticket>>> tickets::list(ticket_filter f, viewer who) {
    return run(
        db_, [f = std::move(f), who = std::move(who)](pqxx::connection& c) -> std::optional<page<listed_ticket>> {
            const auto place = parse_place(f.after);
            if (!place) return std::nullopt;
            pqxx::nontransaction tx{c};
            const bool numeric =
                !f.words.empty() && f.words.size() < 18 && f.words.find_first_not_of("0123456789") == std::string::npos;
            const auto order = order_of(f.sort);
            const auto only = [&](std::initializer_list<std::string_view> states) {
                return !f.states.empty() && std::ranges::all_of(f.states, [&](const std::string& state) {
                    return std::ranges::find(states, state) != states.end();
                });
            };
            // What the states mean for the columns that indexes name.
            std::string open;
            if (only({"waiting", "offered", "active", "parked", "held"})) open = "AND t.solved_at IS NULL ";
            if (only({"waiting", "offered"})) open += "AND t.owner_id IS NULL ";
            if (f.late) open += "AND t.due_at < now() AND t.solved_at IS NULL ";
            if (f.solved_today) open += "AND t.solved_at >= date_trunc('day', now()) ";
            const std::string direction = f.descending ? " DESC" : "";
            const auto rows = query(
                tx,
                summary_select(unread_column("$2") + ", " + std::string{order.key}) + "WHERE " +
                    std::string{ticket_is_visible} + open +
                    "AND ($3::text[] IS NULL OR t.state = ANY($3::text[])) AND ($4::bigint IS NULL OR t.queue_id = $4) "
                    "AND ($5::bigint IS NULL OR t.owner_id = $5) AND ($6::bigint IS NULL OR t.customer_id = $6) "
                    "AND ($7::text IS NULL OR t.channel = $7) AND ($8::text IS NULL OR t.subject ILIKE $8 OR c.name "
                    "ILIKE $8 "
                    "OR t.id = $9::bigint) AND ($10::bigint IS NULL OR (" +
                    std::string{order.key} + ", t.id) " + (f.descending ? "<" : ">") +
                    " ($10, $11::bigint)) ORDER BY " + std::string{order.column} + direction + ", t.id" + direction +
                    " LIMIT $12",
                sees_all(who), who.user_id, f.states.empty() ? std::nullopt : std::optional{array_literal(f.states)},
                f.queue_id, f.owner_id, f.customer_id, f.channel.empty() ? std::nullopt : std::optional{f.channel},
                f.words.empty() ? std::nullopt : std::optional{like_pattern(f.words)},
                numeric ? std::optional{f.words} : std::nullopt, place->key, place->id, f.limit + 1);
            page<listed_ticket> out;
            for (const auto& r : rows) {
                if (out.items.size() == static_cast<std::size_t>(f.limit)) {
                    const auto& last = rows[static_cast<pqxx::result::size_type>(f.limit) - 1];
                    out.next =
                        store::get<std::string>(last[last.size() - 1]) + "." + std::to_string(out.items.back().id);
                    break;
                }
                listed_ticket t;
                static_cast<ticket_summary&>(t) = summary_of(r);
                t.unread = store::get<std::int64_t>(r[r.size() - 2]);
                out.items.push_back(std::move(t));
            }
            return out;
        });
}

boost::asio::awaitable<std::optional<std::vector<timeline_row>>>
tickets::timeline(std::int64_t ticket, std::int64_t limit, std::string before) {
    return run(
        db_,
        [ticket, limit, before = std::move(before)](pqxx::connection& c) -> std::optional<std::vector<timeline_row>> {
            const auto place = parse_place(before);
            if (!place) return std::nullopt;
            pqxx::nontransaction tx{c};
            // What contacts, notes and the change that gave a ticket back say needs no event line beside it. At one
            // moment contacts come before notes and notes before events, each kind by id: `nth` is that order as one
            // number.
            const auto rows = query(
                tx,
                "SELECT *, (extract(epoch from at) * 1000000)::bigint || '.' || nth FROM ("
                "SELECT 'contact' AS kind, received_at AS at, id, NULL::bigint AS who, NULL::text AS name, '' AS type, "
                "'{}'::text AS body, id AS nth FROM contact WHERE ticket_id = $1 UNION ALL "
                "SELECT 'note', n.created_at, n.id, n.author_id, u.name, '', n.text, 3000000000000000000 + n.id FROM "
                "note n "
                "LEFT JOIN users u ON u.id = n.author_id WHERE n.ticket_id = $1 UNION ALL "
                "SELECT 'event', e.at, e.id, e.actor_id, u.name, e.type, e.data::text, 6000000000000000000 + e.id FROM "
                "event e "
                "LEFT JOIN users u ON u.id = e.actor_id WHERE e.ticket_id = $1 AND e.type NOT IN ('contact.received', "
                "'contact.changed', 'contact.sent', 'note.added', 'contact.delivery', 'draft.changed') AND NOT (e.type "
                "= "
                "'offer.accepted' AND coalesce(e.data->>'how', '') = 'given_back')) entries WHERE "
                "($2::bigint IS "
                "NULL OR "
                "((extract(epoch from at) * 1000000)::bigint, nth) < ($2, $3::bigint)) ORDER BY at DESC, nth DESC "
                "LIMIT $4",
                ticket, place->key, place->id, limit);
            std::vector<timeline_row> out;
            for (auto i = rows.size(); i-- > 0;) {
                const auto r = rows[i];
                timeline_row e;
                e.kind = store::get<std::string>(r[0]);
                e.at = store::get<timestamp>(r[1]);
                e.id = store::get<std::int64_t>(r[2]);
                e.place = store::get<std::string>(r[8]);
                std::optional<named> who;
                if (!r[3].is_null()) who = named{store::get<std::int64_t>(r[3]), store::get<std::string>(r[4])};
                if (e.kind == "note") e.as_note = note{e.id, ticket, who, store::get<std::string>(r[6]), e.at};
                if (e.kind == "event")
                    e.as_event =
                        timeline_event{e.id, store::get<std::string>(r[5]), who, store::get<std::string>(r[6])};
                out.push_back(std::move(e));
            }
            return out;
        });
}

boost::asio::awaitable<work> tickets::desk_of(std::int64_t agent_id) {
    return run(db_, [agent_id](pqxx::connection& c) {
        pqxx::transaction<pqxx::repeatable_read> tx{c}; // one picture, not four moments
        work w;
        const auto moment = query(tx, "SELECT pg_snapshot_xmin(pg_current_snapshot())::text || '-0', now()").front();
        w.cursor = store::get<std::string>(moment[0]);
        w.server_time = store::get<timestamp>(moment[1]);
        w.presence.agent_id = agent_id;
        w.presence.state = "offline";
        const auto p = query(tx, "SELECT " + presence_columns + " FROM presence WHERE agent_id = $1", agent_id);
        if (!p.empty()) w.presence = presence_of(p[0]);
        w.availability = availability_of(read_desk_load(tx, w.presence));
        for (const auto& r :
             query(tx,
                   offer_select() + "WHERE o.agent_id = $1 AND o.state = 'offered' AND o.expires_at > now() "
                                    "ORDER BY o.id",
                   agent_id))
            w.offers.push_back(offer_of(r));
        const auto add = [&](std::vector<work_ticket>& list, const pqxx::row& r) {
            work_ticket t;
            static_cast<ticket_summary&>(t) = summary_of(r);
            t.offer_state = store::get<std::optional<std::string>>(r[r.size() - 1]).value_or("");
            t.live = store::get<bool>(r[r.size() - 2]);
            t.unread = store::get<std::int64_t>(r[r.size() - 3]);
            list.push_back(std::move(t));
        };
        for (const auto& r : query(tx,
                                   summary_select(unread_column("$1") + ", is_live(t), o.state",
                                                  "LEFT JOIN offer o ON o.ticket_id = t.id AND o.agent_id = $1 AND "
                                                  "o.state IN ('active', 'parked')") +
                                       "WHERE t.owner_id = $1 AND t.solved_at IS NULL ORDER BY t.id",
                                   agent_id))
            add(w.tickets, r);
        for (const auto& r : query(tx,
                                   summary_select("o.expires_at, " + unread_column("$1") + ", is_live(t), o.state",
                                                  "JOIN offer o ON o.ticket_id = t.id") +
                                       "WHERE o.agent_id = $1 AND o.state = 'wrapup' ORDER BY o.id",
                                   agent_id)) {
            add(w.wrapup, r);
            w.wrapup.back().wrapup_until = store::get<timestamp>(r[r.size() - 4]);
        }
        for (const auto& r : query(tx, "SELECT queue_id FROM queue_member WHERE agent_id = $1 ORDER BY 1", agent_id))
            w.queues.push_back(store::get<std::int64_t>(r[0]));
        for (const auto& r :
             query(tx, "SELECT channel FROM agent_channel WHERE agent_id = $1 AND capacity > 0 ORDER BY 1", agent_id))
            w.channels.push_back(store::get<std::string>(r[0]));
        return w;
    });
}

boost::asio::awaitable<std::optional<ticket_place>> tickets::place_of(std::int64_t ticket, viewer who) {
    return run(db_, [ticket, who = std::move(who)](pqxx::connection& c) -> std::optional<ticket_place> {
        pqxx::nontransaction tx{c};
        const auto rows = query(
            tx, "SELECT t.queue_id, t.owner_id FROM ticket t WHERE " + std::string{ticket_is_visible} + "AND t.id = $3",
            sees_all(who), who.user_id, ticket);
        if (rows.empty()) return std::nullopt;
        return ticket_place{store::get<std::int64_t>(rows[0][0]), store::get<std::optional<std::int64_t>>(rows[0][1])};
    });
}

boost::asio::awaitable<std::vector<queue_state>> tickets::queues() {
    return run(db_, [](pqxx::connection& c) {
        pqxx::nontransaction tx{c};
        const auto rows = query(
            tx,
            "SELECT q.id, q.name, w.waiting, w.oldest, w.offered, a.active, m.ready, m.busy, m.not_ready, s.solved, "
            "w.late, a.late FROM queue q "
            "LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting, count(*) FILTER (WHERE "
            "state "
            "= 'offered') AS offered, extract(epoch from now() - min(enqueue_at))::bigint AS oldest, "
            "count(*) FILTER (WHERE due_at < now()) AS late FROM ticket WHERE queue_id = q.id AND owner_id IS "
            "NULL AND solved_at IS NULL AND state IN ('waiting', 'offered')) w ON true "
            "LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE state IN ('active', 'parked')) AS active, count(*) "
            "FILTER "
            "(WHERE due_at < now()) AS late FROM ticket WHERE queue_id = q.id AND owner_id IS NOT NULL "
            "AND solved_at IS NULL AND state IN ('active', 'parked', 'held')) a ON true "
            "LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE p.state = 'ready' AND NOT p.absent AND NOT b.busy) AS "
            "ready, "
            "count(*) FILTER (WHERE p.state = 'ready' AND NOT p.absent AND b.busy) AS busy, count(*) FILTER (WHERE "
            "p.state = 'not_ready' AND NOT p.absent) AS "
            "not_ready FROM queue_member qm JOIN presence p ON p.agent_id = qm.agent_id CROSS JOIN LATERAL (SELECT "
            "EXISTS "
            "(SELECT FROM offer o WHERE o.agent_id = qm.agent_id AND o.state IN ('active', 'wrapup')) AS busy) b "
            "WHERE qm.queue_id = q.id) m ON true "
            "LEFT JOIN LATERAL (SELECT count(*) AS solved FROM ticket WHERE queue_id = q.id AND solved_at >= "
            "date_trunc('day', now())) s ON true WHERE q.active ORDER BY q.name");
        std::vector<queue_state> out;
        for (const auto& r : rows) {
            const auto n = [&](int column) { return store::get<std::int64_t>(r[column]); };
            out.push_back({{n(0), store::get<std::string>(r[1])},
                           n(2),
                           store::get<std::optional<std::int64_t>>(r[3]),
                           n(4),
                           n(5),
                           n(6),
                           n(7),
                           n(8),
                           n(9),
                           n(10),
                           n(11)});
        }
        return out;
    });
}

boost::asio::awaitable<std::vector<agent_state>> tickets::agents() {
    return run(db_, [](pqxx::connection& c) {
        pqxx::transaction<pqxx::repeatable_read> tx{c};
        std::vector<agent_state> out;
        std::map<std::int64_t, std::size_t> place;
        for (const auto& r : query(
                 tx,
                 "SELECT " + presence_columns +
                     ", u.name, CASE WHEN p.absent THEN 'offline' WHEN p.state = 'ready' AND EXISTS (SELECT FROM "
                     "offer o WHERE o.agent_id = u.id AND o.state IN ('active', 'wrapup')) THEN 'busy' ELSE "
                     "p.state END FROM users u JOIN presence p ON p.agent_id = u.id WHERE u.active ORDER BY u.name")) {
            agent_state a;
            a.presence = presence_of(r);
            a.agent = {a.presence.agent_id, store::get<std::string>(r[6])};
            a.state = store::get<std::string>(r[7]);
            place[a.agent.id] = out.size();
            out.push_back(std::move(a));
        }
        for (const auto& r :
             query(tx, "SELECT agent_id, channel, used, capacity FROM agent_load ORDER BY agent_id, channel"))
            if (const auto at = place.find(store::get<std::int64_t>(r[0])); at != place.end())
                out[at->second].load.push_back(
                    {store::get<std::string>(r[1]), store::get<std::int64_t>(r[2]), store::get<std::int64_t>(r[3])});
        for (const auto& r :
             query(tx, summary_select() + "WHERE t.owner_id IS NOT NULL AND t.solved_at IS NULL ORDER BY t.id")) {
            const auto t = summary_of(r);
            if (const auto at = place.find(t.owner->id); at != place.end())
                out[at->second].tickets.push_back({t.id, t.number, t.channel, t.state});
        }
        return out;
    });
}

boost::asio::awaitable<bool> tickets::may_see_contact(std::int64_t contact, viewer who) {
    return run(db_, [contact, who = std::move(who)](pqxx::connection& c) {
        pqxx::nontransaction tx{c};
        return !query(tx,
                      "SELECT FROM contact k LEFT JOIN ticket t ON t.id = k.ticket_id WHERE k.id = $3 AND "
                      "($1 OR (t.id IS NOT NULL AND " +
                          std::string{ticket_is_visible} + "))",
                      sees_all(who), who.user_id, contact)
                    .empty();
    });
}

} // namespace switchboard::store

#include <switchboard/store/tickets.hpp>

#include "store/availability.hpp"
#include "store/event_rows.hpp"
#include "store/follow_up_lists.hpp"
#include "store/list_cursor.hpp"
#include "store/run.hpp"
#include "store/sql.hpp"
#include "store/ticket_rows.hpp"
#include "store/whole_ticket.hpp"

#include <fmt/format.h>

#include <map>

namespace switchboard::store {

boost::asio::awaitable<std::optional<ticket>> tickets::get(std::int64_t id, viewer who) {
    return run(db_, [id, who = std::move(who)](pqxx::connection& c) {
        pqxx::transaction<pqxx::repeatable_read> tx{c};
        return read_ticket(tx, id, who);
    });
}

boost::asio::awaitable<std::optional<std::vector<timeline_row>>>
tickets::timeline(std::int64_t ticket, std::int64_t limit, std::string before) {
    return run(
        db_,
        [ticket, limit, before = std::move(before)](pqxx::connection& c) -> std::optional<std::vector<timeline_row>> {
            const auto place = parse_list_cursor(before);
            if (!place && !before.empty()) return std::nullopt;
            pqxx::nontransaction tx{c};
            // What contacts, notes and the change that gave a ticket back say needs no event line beside it. At one
            // moment contacts come before notes and notes before events, each kind by id: `nth` is that order as one
            // number. The words are read of the page alone.
            const auto sql = fmt::format(
                R"(
                SELECT p.kind, p.at, p.id, (extract(epoch from p.at) * 1000000)::bigint || '.' || p.nth AS place,
                    u.id AS who, u.name, coalesce(e.type, '') AS type, coalesce(n.text, e.data::text) AS body
                FROM (
                    SELECT * FROM (
                        SELECT 'contact' AS kind, received_at AS at, id, id AS nth FROM contact WHERE ticket_id = $1
                        UNION ALL
                        SELECT 'note', created_at, id, 3000000000000000000 + id FROM note WHERE ticket_id = $1
                        UNION ALL
                        SELECT 'event', at, id, 6000000000000000000 + id FROM event
                        WHERE ticket_id = $1 AND type NOT IN ('contact.received', 'contact.changed', 'contact.sent',
                            'note.added', 'contact.delivery', 'draft.changed', 'object.changed')
                            AND NOT (type = 'offer.accepted' AND coalesce(data->>'how', '') = 'given_back')) AS entry
                    WHERE {} ORDER BY at DESC, nth DESC LIMIT $2) AS p
                LEFT JOIN note n ON p.kind = 'note' AND n.id = p.id
                LEFT JOIN event e ON p.kind = 'event' AND e.ticket_id = $1 AND e.id = p.id
                LEFT JOIN users u ON u.id = coalesce(n.author_id, e.actor_id)
                ORDER BY p.at, p.nth)",
                place ? "((extract(epoch from at) * 1000000)::bigint, nth) < ($3::bigint, $4::bigint)" : "true");
            const auto rows =
                place ? query(tx, sql, ticket, limit, place->key, place->id) : query(tx, sql, ticket, limit);
            std::vector<timeline_row> out;
            for (const auto& r : rows) {
                timeline_row e;
                e.kind = store::get<std::string>(r["kind"]);
                e.at = store::get<timestamp>(r["at"]);
                e.id = store::get<std::int64_t>(r["id"]);
                e.place = store::get<std::string>(r["place"]);
                std::optional<named> who;
                if (!r["who"].is_null())
                    who = named{store::get<std::int64_t>(r["who"]), store::get<std::string>(r["name"])};
                if (e.kind == "note") e.as_note = note{e.id, ticket, who, store::get<std::string>(r["body"]), e.at};
                if (e.kind == "event")
                    e.as_event = timeline_event{e.id, store::get<std::string>(r["type"]), who,
                                                store::get<std::string>(r["body"])};
                out.push_back(std::move(e));
            }
            return out;
        });
}

boost::asio::awaitable<work> tickets::desk_of(viewer who) {
    return run(db_, [who = std::move(who)](pqxx::connection& c) {
        const auto agent_id = who.user_id;
        pqxx::transaction<pqxx::repeatable_read> tx{c}; // one picture, not four moments
        work w;
        w.cursor = to_string(readable_end(tx));
        w.server_time = value_of<timestamp>(query(tx, "SELECT now()"));
        w.presence.agent_id = agent_id;
        w.presence.state = "offline";
        const auto p =
            query(tx, fmt::format("SELECT {} FROM presence WHERE agent_id = $1", presence_columns), agent_id);
        if (!p.empty()) w.presence = presence_of(p.front());
        w.availability = availability_of(read_desk_load(tx, w.presence));
        const auto offered = fmt::format(R"({}
            WHERE o.agent_id = $1 AND o.state = 'offered' AND o.expires_at > now() ORDER BY o.id)",
                                         offer_select());
        for (const auto& r : query(tx, offered, agent_id)) w.offers.push_back(offer_of(r));
        const auto add = [&](std::vector<work_ticket>& list, const pqxx::row& r) {
            work_ticket t;
            static_cast<ticket_summary&>(t) = summary_of(r);
            t.offer_state = store::get<std::optional<std::string>>(r["offer_state"]).value_or("");
            t.live = store::get<bool>(r["live"]);
            t.unread = store::get<std::int64_t>(r["unread"]);
            list.push_back(std::move(t));
        };
        const auto columns = fmt::format(R"({} AS unread, is_live(t) AS live, o.state AS offer_state, o.expires_at)",
                                         unread_column("$1"));
        const auto owned = summary_select(columns, R"(
            LEFT JOIN offer o ON o.ticket_id = t.id AND o.agent_id = $1 AND o.state IN ('active', 'parked')
            WHERE t.owner_id = $1 AND t.solved_at IS NULL ORDER BY t.id)");
        for (const auto& r : query(tx, owned, agent_id)) add(w.tickets, r);
        const auto wrapped_up = summary_select(columns, R"(
            JOIN offer o ON o.ticket_id = t.id
            WHERE o.agent_id = $1 AND o.state = 'wrapup' ORDER BY o.id)");
        for (const auto& r : query(tx, wrapped_up, agent_id)) {
            add(w.wrapup, r);
            w.wrapup.back().wrapup_until = store::get<timestamp>(r["expires_at"]);
        }
        w.follow_ups = coming_follow_ups(tx, who);
        w.queues = values_of<std::int64_t>(
            query(tx, "SELECT queue_id FROM queue_member WHERE agent_id = $1 ORDER BY 1", agent_id));
        w.channels = values_of<std::string>(
            query(tx, "SELECT channel FROM agent_channel WHERE agent_id = $1 AND capacity > 0 ORDER BY 1", agent_id));
        return w;
    });
}

boost::asio::awaitable<std::optional<ticket_place>> tickets::place_of(std::int64_t ticket, viewer who) {
    return run(db_, [ticket, who = std::move(who)](pqxx::connection& c) -> std::optional<ticket_place> {
        pqxx::nontransaction tx{c};
        const auto rows = query(
            tx, fmt::format("SELECT t.queue_id, t.owner_id FROM ticket t WHERE t.id = $3 AND {}", ticket_is_visible),
            sight_of(who), who.user_id, ticket);
        if (rows.empty()) return std::nullopt;
        return ticket_place{store::get<std::int64_t>(rows.front()["queue_id"]),
                            store::get<std::optional<std::int64_t>>(rows.front()["owner_id"])};
    });
}

boost::asio::awaitable<std::vector<queue_state>> tickets::queues() {
    return run(db_, [](pqxx::connection& c) {
        pqxx::nontransaction tx{c};
        const auto rows = query(tx, R"(
            SELECT q.id, q.name, w.queued - o.offered AS waiting, w.oldest, o.offered, a.active, m.ready, m.busy,
                m.not_ready, s.solved, w.late_waiting, w.late_in_hand
            FROM queue q
            LEFT JOIN LATERAL (
                SELECT count(*) FILTER (WHERE queued) AS queued,
                    extract(epoch from now() - min(enqueue_at) FILTER (WHERE queued))::bigint AS oldest,
                    count(*) FILTER (WHERE queued AND due_at < now()) AS late_waiting,
                    count(*) FILTER (WHERE owner_id IS NOT NULL AND due_at < now()) AS late_in_hand
                FROM ticket CROSS JOIN LATERAL (SELECT owner_id IS NULL AND held_until IS NULL AS queued) AS its
                WHERE queue_id = q.id AND solved_at IS NULL) w ON true
            LEFT JOIN (
                SELECT queue_id, count(*) FILTER (WHERE state = 'offered') AS offered FROM ticket
                WHERE id IN (SELECT ticket_id FROM offer WHERE state = 'offered') GROUP BY queue_id) f ON f.queue_id = q.id
            CROSS JOIN LATERAL (SELECT coalesce(f.offered, 0) AS offered) o
            LEFT JOIN (
                SELECT queue_id, count(*) FILTER (WHERE state IN ('active', 'parked')) AS active FROM ticket
                WHERE owner_id IS NOT NULL AND solved_at IS NULL GROUP BY queue_id) held ON held.queue_id = q.id
            CROSS JOIN LATERAL (SELECT coalesce(held.active, 0) AS active) a
            LEFT JOIN LATERAL (
                SELECT count(*) FILTER (WHERE p.state = 'ready' AND NOT p.absent AND NOT b.busy) AS ready,
                    count(*) FILTER (WHERE p.state = 'ready' AND NOT p.absent AND b.busy) AS busy,
                    count(*) FILTER (WHERE p.state = 'not_ready' AND NOT p.absent) AS not_ready
                FROM queue_member qm JOIN presence p ON p.agent_id = qm.agent_id
                CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM offer o WHERE o.agent_id = qm.agent_id
                    AND o.state IN ('active', 'wrapup')) AS busy) b
                WHERE qm.queue_id = q.id) m ON true
            LEFT JOIN LATERAL (
                SELECT count(*) AS solved FROM ticket
                WHERE queue_id = q.id AND solved_at >= date_trunc('day', now())) s ON true
            WHERE q.active OR w.queued > 0 OR a.active > 0 ORDER BY q.name)");
        std::vector<queue_state> out;
        for (const auto& r : rows) {
            const auto n = [&](const char* column) { return store::get<std::int64_t>(r[column]); };
            out.push_back({{n("id"), store::get<std::string>(r["name"])},
                           n("waiting"),
                           store::get<std::optional<std::int64_t>>(r["oldest"]),
                           n("offered"),
                           n("active"),
                           n("ready"),
                           n("busy"),
                           n("not_ready"),
                           n("solved"),
                           n("late_waiting"),
                           n("late_in_hand")});
        }
        return out;
    });
}

boost::asio::awaitable<std::vector<agent_state>> tickets::agents() {
    return run(db_, [](pqxx::connection& c) {
        pqxx::transaction<pqxx::repeatable_read> tx{c};
        std::vector<agent_state> out;
        std::map<std::int64_t, std::size_t> place;
        const auto standings = fmt::format(R"(
            SELECT {}, u.name AS agent,
                CASE WHEN p.absent THEN 'offline'
                    WHEN p.state = 'ready' AND EXISTS (SELECT FROM offer o
                        WHERE o.agent_id = u.id AND o.state IN ('active', 'wrapup')) THEN 'busy'
                    ELSE p.state END AS shown
            FROM users u
            JOIN presence p ON p.agent_id = u.id
            WHERE u.active ORDER BY u.name)",
                                           presence_columns);
        for (const auto& r : query(tx, standings)) {
            agent_state a;
            a.presence = presence_of(r);
            a.agent = {a.presence.agent_id, store::get<std::string>(r["agent"])};
            a.state = store::get<std::string>(r["shown"]);
            place[a.agent.id] = out.size();
            out.push_back(std::move(a));
        }
        for (const auto& r :
             query(tx, "SELECT agent_id, channel, used, capacity FROM agent_load ORDER BY agent_id, channel"))
            if (const auto at = place.find(store::get<std::int64_t>(r["agent_id"])); at != place.end())
                out[at->second].load.push_back({store::get<std::string>(r["channel"]),
                                                store::get<std::int64_t>(r["used"]),
                                                store::get<std::int64_t>(r["capacity"])});
        const auto in_hand = summary_select("", "WHERE t.owner_id IS NOT NULL AND t.solved_at IS NULL ORDER BY t.id");
        for (const auto& r : query(tx, in_hand)) {
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
        const auto visible = fmt::format(R"(
            SELECT FROM contact k LEFT JOIN ticket t ON t.id = k.ticket_id
            WHERE k.id = $3 AND CASE WHEN t.id IS NULL THEN $4 ELSE {} END)",
                                         ticket_is_visible);
        return !query(tx, visible, sight_of(who), who.user_id, contact, who.granted.may(permission::quarantine_read))
                    .empty();
    });
}

} // namespace switchboard::store

#include <switchboard/store/routing.hpp>

#include "store/desk_act.hpp"

#include <map>

#include <nlohmann/json.hpp>

/// What routing writes: leases, decisions, ends of wrap-up and hold.
namespace switchboard::store {

using nlohmann::json;

namespace {

/// Locks the lease's row against a take-over until this transaction ends. False: somebody has taken it over.
bool holds_lease(pqxx::transaction_base& tx, std::int64_t epoch) {
    return !query(tx, statement{"holds_lease", "SELECT FROM shard_lease WHERE shard = 0 AND epoch = $1 FOR SHARE"}, epoch)
                .empty();
}

std::vector<std::int64_t> ticket_ids(const std::vector<routing_write>& writes) {
    std::vector<std::int64_t> ids;
    for (const auto& w : writes)
        if (w.ticket != 0) ids.push_back(w.ticket);
    return ids;
}

constexpr statement make_offer{"make_offer", "SELECT make_offer($1, $2, $3, $4, $5, $6, $7, $8)"};
constexpr statement end_offer{"end_offer", "SELECT end_offer($1, $2, $3, $4)"};
constexpr statement park_offer{"park_offer", "SELECT park_offer($1, $2, $3)"};

/// The offer's id, if the write could be made true.
std::optional<std::int64_t> write(pqxx::transaction_base& tx, const routing_write& w, std::int64_t epoch) {
    using kind = routing_write::kind;
    const auto id = [](const pqxx::result& r) { return get<std::optional<std::int64_t>>(r[0][0]); };
    switch (w.what) {
    case kind::offer:
        return id(query(tx, make_offer, w.ticket, w.version, w.agent, w.channel, w.weight, std::to_string(w.ring_s),
                        w.detail, epoch));
    case kind::end: return id(query(tx, end_offer, w.ticket, w.agent, w.detail, w.reason));
    case kind::park: return id(query(tx, park_offer, w.ticket, w.agent, true));
    case kind::resume: return id(query(tx, park_offer, w.ticket, w.agent, false));
    case kind::not_ready: break;
    }
    const auto rows = query(tx,
                            "UPDATE presence SET state = 'not_ready', reason = $2, since = now() WHERE agent_id = $1 AND "
                            "state = 'ready' RETURNING " +
                                presence_columns,
                            w.agent, w.reason);
    if (rows.empty()) return std::nullopt;
    append_event(tx, "presence.changed", std::nullopt, std::nullopt, w.agent, std::nullopt,
                 json{{"presence", to_json(presence_of(rows[0]))}}.dump());
    return w.agent;
}

void tell(pqxx::transaction_base& tx, const routing_write& w, const offer& o) {
    using kind = routing_write::kind;
    const auto& t = o.ticket;
    const auto append = [&](std::string_view type, const json& data) {
        append_event(tx, type, t.id, t.queue.id, o.agent_id, std::nullopt, data.dump());
    };
    switch (w.what) {
    case kind::offer: return append("offer.created", {{"offer", to_json(o)}});
    case kind::end:
        return append("offer." + w.detail, {{"offer_id", o.id},
                                            {"ticket_id", t.id},
                                            {"agent_id", o.agent_id},
                                            {"reason", w.reason},
                                            {"by", nullptr},
                                            {"ticket", to_json(t)}});
    case kind::park:
    case kind::resume:
        return append("ticket.changed", {{"ticket", to_json(t)},
                                         {"change", w.what == kind::park ? "parked" : "unparked"},
                                         {"by", nullptr},
                                         {"in_place_of", nullptr},
                                         {"released", nullptr}});
    case kind::not_ready: return;
    }
}

} // namespace

boost::asio::awaitable<std::optional<std::int64_t>> routing::take_lease(std::string holder, double seconds) {
    return run(db_, [holder = std::move(holder), seconds](pqxx::connection& c) -> std::optional<std::int64_t> {
        pqxx::work tx{c};
        const auto rows = query(tx,
                                "UPDATE shard_lease SET holder = $1, epoch = epoch + 1, expires_at = clock_timestamp() + "
                                "make_interval(secs => $2) WHERE shard = 0 AND expires_at < clock_timestamp() RETURNING epoch",
                                holder, std::to_string(seconds));
        tx.commit();
        if (rows.empty()) return std::nullopt;
        return get<std::int64_t>(rows[0][0]);
    });
}

boost::asio::awaitable<bool> routing::renew_lease(std::int64_t epoch, double seconds) {
    return run(db_, [epoch, seconds](pqxx::connection& c) {
        pqxx::work tx{c};
        const auto rows = query(tx,
                                "UPDATE shard_lease SET expires_at = clock_timestamp() + make_interval(secs => $2) "
                                "WHERE shard = 0 AND epoch = $1 RETURNING epoch",
                                epoch, std::to_string(seconds));
        tx.commit();
        return !rows.empty();
    });
}

boost::asio::awaitable<void> routing::give_up_lease(std::int64_t epoch) {
    return run(db_, [epoch](pqxx::connection& c) {
        pqxx::work tx{c};
        query(tx, "UPDATE shard_lease SET expires_at = '-infinity' WHERE shard = 0 AND epoch = $1", epoch);
        tx.commit();
    });
}

boost::asio::awaitable<routing_commit> routing::commit(std::int64_t epoch, std::vector<routing_write> writes) {
    return run(db_, [epoch, writes = std::move(writes)](pqxx::connection& c) {
        pqxx::work tx{c};
        routing_commit done;
        if (!holds_lease(tx, epoch)) {
            done.fenced = true;
            return done;
        }
        // Tickets by id, then loads agent by agent as the writes come: the order in which everybody locks.
        query(tx, statement{"lock_tickets", "SELECT FROM ticket WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE"},
              array_literal(ticket_ids(writes)));
        std::vector<std::pair<std::int64_t, std::size_t>> offers; // id, which write
        for (std::size_t i = 0; i < writes.size(); ++i) {
            const auto id = write(tx, writes[i], epoch);
            done.made_true.push_back(id.has_value());
            if (id && writes[i].what != routing_write::kind::not_ready) offers.emplace_back(*id, i);
        }
        for (const auto& [id, i] : offers) tell(tx, writes[i], read_offer(tx, id));
        tx.commit();
        return done;
    });
}

boost::asio::awaitable<swept> routing::sweep(std::int64_t epoch) {
    return run(db_, [epoch](pqxx::connection& c) {
        swept done;
        pqxx::work tx{c};
        if (!holds_lease(tx, epoch)) return done;
        const viewer system{0, role::admin, {}};
        for (const auto& r : query(tx, "SELECT t.id, o.agent_id FROM ticket t JOIN offer o ON o.ticket_id = t.id WHERE o.state = "
                                       "'wrapup' AND o.expires_at <= now() ORDER BY t.id LIMIT 500 FOR UPDATE OF t")) {
            const auto t = lock_ticket(tx, get<std::int64_t>(r[0]));
            const auto agent = get<std::int64_t>(r[1]);
            if (!t || end_wrapup_of(tx, t->id, agent) == 0) continue;
            tell_change(tx, "wrapup_done", system, *t, agent);
            ++done.wrapups;
        }
        for (const auto& r : query(tx, "SELECT id FROM ticket WHERE state = 'held' AND held_until <= now() ORDER BY id LIMIT "
                                       "500 FOR UPDATE")) {
            const auto t = lock_ticket(tx, get<std::int64_t>(r[0]));
            query(tx, "UPDATE ticket SET state = 'waiting', preferred_agent_id = owner_id, owner_id = NULL, held_until = NULL, "
                      "version = version + 1 WHERE id = $1",
                  t->id);
            tell_change(tx, "resumed", system, *t);
            ++done.holds;
        }
        tx.commit();
        return done;
    });
}

} // namespace switchboard::store

#include <switchboard/store/routing.hpp>

#include "store/callback_rows.hpp"
#include "store/routing_sets.hpp"

#include <switchboard/util/log.hpp>

/// What routing writes: leases, decisions, ends of wrap-up and hold.
namespace switchboard::store {

namespace {

/// Locks the lease's row against a take-over until this transaction ends; no row: somebody has taken it over.
/// A leader that is stopped here would keep its heir waiting: PostgreSQL then ends the transaction after a second.
constexpr statement hold_lease{"hold_lease", "SELECT set_config('idle_in_transaction_session_timeout', '1s', true), "
                                             "set_config('plan_cache_mode', 'force_generic_plan', true) "
                                             "FROM shard_lease WHERE shard = 0 AND epoch = $1 FOR SHARE"};

/// Whether the lease is held is known with the first answers: without it nothing of what was written is committed.
void write_sets(pipelined_work& tx, std::int64_t epoch, const std::vector<routing_write>& writes,
                routing_commit& done) {
    const auto passes = passes_of(writes);
    // A set of offers locks its own tickets in order; where more follows, all are locked first.
    if (passes.size() != 1 || passes[0].offers.size() != writes.size()) lock_tickets(tx.statements, writes);
    routing_sets sets{tx, epoch, writes};
    for (const auto& p : passes) {
        sets.ends(p.ends);
        sets.steps(p.steps);
        for (const auto i : p.alone) sets.alone(i);
        sets.offers(p.offers);
    }
    sets.tell();
    done.made_true = std::move(sets).made_true();
}

/// The same, one after the other, each behind a savepoint: what a constraint refuses takes nobody with it.
void write_singly(pipelined_work& tx, std::int64_t epoch, const std::vector<routing_write>& writes,
                  routing_commit& done) {
    lock_tickets(tx.statements, writes);
    for (const auto& w : writes) {
        const std::vector<routing_write> just_this{w};
        tx.alone().exec0("SAVEPOINT one");
        try {
            routing_sets one{tx, epoch, just_this};
            one.singly(0);
            one.tell();
            tx.statements.run();
            done.made_true.push_back(std::move(one).made_true()[0]);
        } catch (const pqxx::integrity_constraint_violation& e) {
            tx.alone().exec0("ROLLBACK TO SAVEPOINT one");
            log::warn("decision_refused", {{"ticket", w.ticket}, {"agent", w.agent}, {"error", e.what()}});
            done.made_true.push_back(false);
        }
    }
}

} // namespace

boost::asio::awaitable<std::optional<std::int64_t>> routing::take_lease(std::string holder, double seconds) {
    return run(db_, [holder = std::move(holder), seconds](pqxx::connection& c) -> std::optional<std::int64_t> {
        pqxx::work tx{c};
        const auto rows =
            query(tx,
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
        const auto attempt = [&](auto write) {
            pipelined_work tx{c};
            routing_commit done;
            done.fenced = true;
            tx.statements.ask(hold_lease, [&done](const pqxx::row&) { done.fenced = false; }, epoch);
            write(tx, epoch, writes, done);
            if (!done.fenced) tx.commit();
            return done;
        };
        try {
            return attempt(write_sets);
        } catch (const pqxx::integrity_constraint_violation&) {
            return attempt(write_singly);
        }
    });
}

boost::asio::awaitable<swept> routing::sweep(std::int64_t epoch) {
    return run(db_, [epoch](pqxx::connection& c) {
        swept done;
        pqxx::work tx{c};
        if (query(tx, hold_lease, epoch).empty()) return done;
        const viewer system{0, role::admin, {}};
        for (const auto& r :
             query(tx, "SELECT t.id, o.agent_id FROM ticket t JOIN offer o ON o.ticket_id = t.id WHERE o.state = "
                       "'wrapup' AND o.expires_at <= now() ORDER BY t.id LIMIT 500 FOR UPDATE OF t")) {
            const auto t = lock_ticket(tx, get<std::int64_t>(r[0]));
            const auto agent = get<std::int64_t>(r[1]);
            if (!t || end_wrapup_of(tx, t->id, agent) == 0) continue;
            tell_change(tx, "wrapup_done", system, *t, agent);
            ++done.wrapups;
        }
        done.callbacks = sweep_callbacks(tx);
        for (const auto& r : query(tx, "SELECT id FROM ticket WHERE state = 'held' AND held_until <= now() AND NOT "
                                       "EXISTS (SELECT FROM callback c WHERE c.ticket_id = ticket.id AND c.mode = "
                                       "'customer_first' AND c.ended_at IS NULL) ORDER BY id LIMIT 500 FOR UPDATE")) {
            const auto t = lock_ticket(tx, get<std::int64_t>(r[0]));
            wait_again(tx, t->id);
            tell_change(tx, "resumed", system, *t);
            ++done.holds;
        }
        // A little each time, so that it never takes long.
        query(
            tx,
            "DELETE FROM routing_decision WHERE id IN (SELECT id FROM routing_decision WHERE id < (SELECT min(id) FROM "
            "routing_decision) + 2000 AND at < now() - interval '30 days')");
        tx.commit();
        return done;
    });
}

} // namespace switchboard::store

#include <switchboard/store/routing.hpp>

#include <switchboard/store/objects.hpp>

#include "store/callback_sweep.hpp"
#include "store/due_times.hpp"
#include "store/follow_up_sweep.hpp"
#include "store/holds.hpp"
#include "store/locks.hpp"
#include "store/routing_rows.hpp"
#include "store/routing_sets.hpp"
#include "store/run.hpp"
#include "store/ticket_changes.hpp"
#include "store/ticket_rows.hpp"

#include <switchboard/util/log.hpp>

/// What routing writes: leases, decisions, ends of wrap-up and hold.
namespace switchboard::store {

namespace {

constexpr std::string_view lock_not_available = "55P03";

std::vector<std::int64_t> tickets_of(const std::vector<routing_write>& writes) {
    std::vector<std::int64_t> out;
    for (const auto& w : writes)
        if (w.ticket != 0) out.push_back(w.ticket);
    return out;
}

std::vector<std::int64_t> agents_of(const std::vector<routing_write>& writes) {
    std::vector<std::int64_t> out;
    for (const auto& w : writes)
        if (w.agent != 0) out.push_back(w.agent);
    return out;
}

/// Whether the lease is held is known with the first answers: without it nothing of what was written is committed.
void write_sets(pipelined_work& tx, std::int64_t epoch, const std::vector<routing_write>& writes,
                routing_commit& done) {
    const auto passes = passes_of(writes);
    // A set of offers locks its own tickets and loads; where more follows, all are locked first.
    if (passes.size() != 1 || passes[0].offers.size() != writes.size()) {
        lock_tickets(tx.statements, tickets_of(writes));
        lock_loads(tx.statements, agents_of(writes));
    }
    routing_sets sets{tx, epoch, writes};
    for (const auto& p : passes) {
        sets.ends(p.ends);
        sets.steps(p.steps);
        for (const auto i : p.alone) sets.alone(i);
        sets.offers(p.offers);
    }
    sets.tell();
    done.made_true = std::move(sets).made_true();
    done.busy.assign(writes.size(), false);
}

/// The same without waiting for anybody: one after the other, each behind a savepoint, so that what a constraint
/// refuses takes nobody with it. Left out is whose ticket or agent somebody holds, and what follows it on that ticket.
void write_singly(pipelined_work& tx, std::int64_t epoch, const std::vector<routing_write>& writes,
                  routing_commit& done) {
    auto held_tickets = lock_free_tickets(tx.alone(), tickets_of(writes));
    const auto held_agents = lock_free_loads(tx.alone(), agents_of(writes));
    for (const auto& w : writes) {
        bool made_true = false, busy = held_tickets.contains(w.ticket) || held_agents.contains(w.agent);
        if (!busy) {
            const std::vector<routing_write> just_this{w};
            tx.alone().exec0("SAVEPOINT one");
            try {
                routing_sets one{tx, epoch, just_this};
                one.singly(0);
                one.tell();
                tx.statements.run();
                made_true = std::move(one).made_true()[0];
            } catch (const pqxx::integrity_constraint_violation& e) {
                tx.alone().exec0("ROLLBACK TO SAVEPOINT one");
                log::warn("decision_refused", {{"ticket", w.ticket}, {"agent", w.agent}, {"error", e.what()}});
            } catch (const pqxx::sql_error& e) {
                if (e.sqlstate() != lock_not_available) throw;
                tx.alone().exec0("ROLLBACK TO SAVEPOINT one");
                busy = true;
            }
        }
        if (busy && w.ticket != 0) held_tickets.insert(w.ticket);
        done.made_true.push_back(made_true);
        done.busy.push_back(busy);
    }
}

std::size_t end_wrapups(pqxx::transaction_base& tx) {
    static constexpr statement find{"wrapups_over", R"(
        SELECT t.id, o.agent_id FROM ticket t JOIN offer o ON o.ticket_id = t.id
        WHERE o.state = 'wrapup' AND o.expires_at <= now() ORDER BY t.id LIMIT 500 FOR UPDATE OF t SKIP LOCKED)"};
    const auto due = query(tx, find);
    std::vector<std::int64_t> agents;
    for (const auto& r : due) agents.push_back(get<std::int64_t>(r["agent_id"]));
    const auto held = lock_free_loads(tx, agents);
    std::size_t ended = 0;
    for (const auto& r : due) {
        const auto agent = get<std::int64_t>(r["agent_id"]);
        if (held.contains(agent)) continue;
        const auto t = lock_ticket(tx, get<std::int64_t>(r["id"]));
        if (!t || !t->is_wrapped_up_by(agent)) continue;
        write_changes(
            tx, *t,
            {.row = *t,
             .ends_wrapup_of = agent,
             .told = events::ticket_changed{.change = events::ticket_change::wrapup_done, .released = agent}});
        ++ended;
    }
    return ended;
}

/// A little each time, so that it never takes long.
void forget_a_little(pqxx::transaction_base& tx) {
    static constexpr statement decisions{"forget_decisions", R"(
        DELETE FROM routing_decision
        WHERE id IN (SELECT id FROM routing_decision WHERE id < (SELECT min(id) FROM routing_decision) + 2000
                     AND at < now() - interval '30 days'))"};
    static constexpr statement answers{"forget_answers", R"(
        DELETE FROM idempotency
        WHERE (actor, key) IN (SELECT actor, key FROM idempotency WHERE created_at < now() - interval '1 day'
                               ORDER BY created_at LIMIT 500 FOR UPDATE SKIP LOCKED))"};
    static constexpr statement removals{"forget_removals", R"(
        DELETE FROM customer_object
        WHERE id IN (SELECT id FROM customer_object
                     WHERE customer_id IS NULL AND received_at < now() - make_interval(days => $1)
                     ORDER BY received_at LIMIT 500 FOR UPDATE SKIP LOCKED))"};
    query(tx, decisions);
    query(tx, answers);
    query(tx, removals, removal_is_known.count());
}

} // namespace

boost::asio::awaitable<std::optional<std::int64_t>> routing::take_lease(std::string holder, double seconds) {
    return run(db_, [holder = std::move(holder), seconds](pqxx::connection& c) -> std::optional<std::int64_t> {
        pqxx::work tx{c};
        const auto rows = query(tx, R"(
            UPDATE shard_lease
            SET holder = $1, epoch = epoch + 1, lasts = make_interval(secs => $2),
                expires_at = clock_timestamp() + make_interval(secs => $2)
            WHERE shard = 0
              AND (holder = $1
                   OR expires_at NOT BETWEEN clock_timestamp() AND clock_timestamp() + lasts + interval '1 second')
            RETURNING epoch)",
                                holder, std::to_string(seconds));
        tx.commit();
        if (rows.empty()) return std::nullopt;
        return get<std::int64_t>(rows[0]["epoch"]);
    });
}

boost::asio::awaitable<bool> routing::renew_lease(std::int64_t epoch, double seconds) {
    return run(db_, [epoch, seconds](pqxx::connection& c) {
        pqxx::work tx{c};
        const auto rows = query(tx, R"(
            UPDATE shard_lease
            SET expires_at = clock_timestamp() + make_interval(secs => $2)
            WHERE shard = 0 AND epoch = $1
            RETURNING epoch)",
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

boost::asio::awaitable<routing_commit> routing::commit(std::int64_t epoch, std::vector<routing_write> writes,
                                                       bool may_wait) {
    return run(db_, [epoch, writes = std::move(writes), may_wait](pqxx::connection& c) {
        const auto attempt = [&](auto write) {
            pipelined_work tx{c};
            routing_commit done;
            done.fenced = true;
            tx.statements.ask(hold_lease, [&done](const pqxx::result& held) { done.fenced = held.empty(); }, epoch);
            write(tx, epoch, writes, done);
            if (!done.fenced) tx.commit();
            return done;
        };
        if (!may_wait) return attempt(write_singly);
        try {
            return attempt(write_sets);
        } catch (const pqxx::integrity_constraint_violation&) {
            return attempt(write_singly);
        } catch (const pqxx::sql_error& e) {
            if (e.sqlstate() != lock_not_available) throw;
            return attempt(write_singly);
        }
    });
}

boost::asio::awaitable<bool> routing::keep_time(std::int64_t epoch, bool after_a_gap) {
    return run(db_, [epoch, after_a_gap](pqxx::connection& c) {
        pqxx::work tx{c};
        if (query(tx, hold_lease, epoch).empty()) return false;
        auto moved = move_into_the_present(tx);
        if (moved > 0) log::warn("due_times_moved", {{"rows", moved}});
        if (after_a_gap) moved += forgive_the_gap(tx);
        if (moved > 0) tx.commit();
        return true;
    });
}

boost::asio::awaitable<swept> routing::sweep(std::int64_t epoch, clock_rules rules, std::int64_t licence_lasts_s) {
    return run(db_, [epoch, rules = std::move(rules), licence_lasts_s](pqxx::connection& c) {
        try {
            swept done;
            pqxx::work tx{c};
            if (query(tx, hold_lease, epoch).empty()) return done;
            done.wrapups = end_wrapups(tx);
            done.callbacks = sweep_callbacks(tx, rules);
            done.follow_ups = sweep_follow_ups(tx, rules, licence_lasts_s);
            done.holds = end_holds(tx, rules, licence_lasts_s);
            forget_a_little(tx);
            tx.commit();
            return done;
        } catch (const pqxx::sql_error& e) {
            if (e.sqlstate() != lock_not_available) throw;
            return swept{}; // somebody holds what is none of these: the next time
        }
    });
}

} // namespace switchboard::store

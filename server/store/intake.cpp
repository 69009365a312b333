#include <switchboard/store/intake.hpp>

#include <switchboard/store/configuration.hpp>

#include <switchboard/util/json.hpp>
#include <switchboard/util/log.hpp>

#include "store/intake_calls.hpp"
#include "store/intake_lookup.hpp"
#include "store/intake_write.hpp"
#include "store/noun_table.hpp"
#include "store/promises.hpp"
#include "store/run.hpp"
#include "store/secret_rows.hpp"
#include "store/sql.hpp"

#include <nlohmann/json.hpp>

#include <set>

namespace switchboard::store {
namespace {

constexpr int attempts = 6; // each time another node wrote one of our keys first

/// As routing would read it.
routing_ticket opened_by(const ticket_row& row) {
    const auto& s = row.summary;
    routing_ticket t;
    t.id = s.id;
    t.queue = s.queue.id;
    t.tier = s.tier;
    t.priority = s.priority;
    t.difficulty = row.difficulty;
    t.version = s.version;
    t.channel = s.channel;
    t.state = s.state;
    t.enqueue_at = s.enqueue_at;
    t.due_at = s.due_at;
    for (const auto& n : row.skills) t.skills.emplace_back(n.skill_id, n.min);
    for (const auto& n : row.licences) t.licences.emplace_back(n.licence_id, n.jurisdiction);
    return t;
}

intake_done done_with(intake_writes&& w) {
    intake_done out{std::move(w.receipts), {}, {}};
    std::set<std::int64_t> opened;
    for (const auto& row : w.tickets) {
        if (w.ended_calls.contains(row.summary.id)) continue; // no longer as it was opened
        opened.insert(row.summary.id);
        if (row.summary.state == "waiting") out.opened.push_back(opened_by(row));
    }
    for (const auto id : w.to_route)
        if (!opened.contains(id)) out.requeued.push_back(id);
    return out;
}

intake_done commit_once(pqxx::connection& c, const intake_questions& questions, const intake_store::planner& plan,
                        const customer_rules& rules) {
    pipelined_work tx{c};
    const auto answers = look_up(tx.statements, questions);
    auto writes = plan(answers);
    write(tx.statements, writes);
    if (!writes.notes.empty()) add_notes(tx.alone(), writes);
    if (!writes.ended_calls.empty() || !writes.answered_after_all.empty()) end_calls(tx.alone(), writes, rules);
    tx.commit();
    return done_with(std::move(writes));
}

intake_done commit_group(pqxx::connection& c, const intake_questions& questions, const intake_store::planner& plan,
                         const customer_rules& rules) {
    for (int attempt = 1;; ++attempt) {
        try {
            return commit_once(c, questions, plan, rules);
        } catch (const pqxx::unique_violation& e) {
            if (attempt == attempts) throw refused{e.what(), e.sqlstate()};
        } catch (const pqxx::transaction_rollback& e) {
            if (attempt == attempts) throw unavailable{e.what()};
        } catch (const pqxx::broken_connection&) {
            throw;
        } catch (const pqxx::in_doubt_error&) {
            throw;
        } catch (const pqxx::sql_error& e) {
            if (!c.is_open() || means_unavailable(e.sqlstate())) throw;
            throw refused{e.what(), e.sqlstate()};
        } catch (const std::exception& e) {
            if (!c.is_open()) throw unavailable{e.what()};
            throw refused{e.what(), ""};
        }
    }
}

void read_secrets(pqxx::transaction_base& tx, const secret_box& box, intake_rows& out) {
    for (const auto& r : tx.exec("SELECT owner_id, name, key_id, box FROM secret WHERE owner = 'gateway'")) {
        const secret_place at{"gateway", get<std::int64_t>(r["owner_id"]), get<std::string>(r["name"])};
        try {
            out.secrets[at.owner_id].emplace(at.name, open_secret(box, at, r["key_id"], r["box"]));
        } catch (const unreadable_secret& e) {
            if (e.why == unreadable_secret::reason::unknown_key) throw;
            out.damaged.emplace(at.owner_id, e.what());
        }
    }
}

/// One that cannot be read, which somebody wrote past the API, must not stop what comes in.
void read_rules(pqxx::transaction_base& tx, intake_rows& out) {
    for (const auto& r : query(tx, "SELECT * FROM rule WHERE enabled ORDER BY position, id")) try {
            out.rules.push_back(from_row<rule>(r));
        } catch (const std::exception& e) {
            log::error("rule_left_out", {{"rule", get<std::int64_t>(r["id"])}, {"reason", e.what()}});
        }
}

} // namespace

boost::asio::awaitable<intake_done> intake_store::commit(intake_questions questions, planner plan) {
    return run(db_, [questions = std::move(questions), plan = std::move(plan), rules = rules_](pqxx::connection& c) {
        return commit_group(c, questions, plan, rules);
    });
}

boost::asio::awaitable<intake_rows> intake_store::load_rows() {
    return run(db_, [box = box_](pqxx::connection& c) {
        pqxx::work tx{c};
        intake_rows out;
        for (const auto& r : tx.exec("SELECT * FROM gateway ORDER BY id")) out.gateways.push_back(from_row<gateway>(r));
        for (const auto& r : tx.exec("SELECT * FROM queue ORDER BY id")) out.queues.push_back(from_row<queue>(r));
        out.promises = read_promises(tx);
        read_rules(tx, out);
        for (const auto& r : tx.exec("SELECT DISTINCT lower(email) AS email FROM users WHERE active AND email <> ''"))
            out.colleagues.push_back(get<std::string>(r["email"]));
        read_secrets(tx, box, out);
        out.instance_secret = read_instance_secret(tx, box);
        return out;
    });
}

} // namespace switchboard::store

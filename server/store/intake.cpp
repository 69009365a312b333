#include <switchboard/store/intake.hpp>

#include "store/intake_lookup.hpp"
#include "store/intake_write.hpp"
#include "store/promises.hpp"
#include "store/run.hpp"
#include "store/sql.hpp"

#include <nlohmann/json.hpp>

namespace switchboard::store {
namespace {

constexpr int attempts = 6; // each time another node wrote one of our keys first

intake_done commit_once(pqxx::connection& c, const intake_questions& questions, const intake_store::planner& plan) {
    pipelined_work tx{c};
    const auto answers = look_up(tx.statements, questions);
    auto writes = plan(answers);
    write(tx.statements, writes);
    tx.commit();
    return {std::move(writes.receipts), std::move(writes.to_route)};
}

intake_done commit_group(pqxx::connection& c, const intake_questions& questions, const intake_store::planner& plan) {
    for (int attempt = 1;; ++attempt) {
        try {
            return commit_once(c, questions, plan);
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

} // namespace

boost::asio::awaitable<intake_done> intake_store::commit(intake_questions questions, planner plan) {
    return run(db_, [questions = std::move(questions), plan = std::move(plan)](pqxx::connection& c) {
        return commit_group(c, questions, plan);
    });
}

boost::asio::awaitable<intake_rows> intake_store::load_rows() {
    return run(db_, [](pqxx::connection& c) {
        pqxx::work tx{c};
        intake_rows out;
        for (const auto& r : tx.exec("SELECT id, name, kind, queue_id, settings, from_name, from_address, enabled, "
                                     "version, created_at FROM gateway ORDER BY id"))
            out.gateways.push_back({get<std::int64_t>(r[0]), get<std::string>(r[1]), get<std::string>(r[2]),
                                    get<std::int64_t>(r[3]), get<std::string>(r[4]), get<std::string>(r[5]),
                                    get<std::string>(r[6]), get<bool>(r[7]), get<std::int64_t>(r[8]),
                                    get<timestamp>(r[9])});
        for (const auto& r : tx.exec("SELECT id, name, thread_window_s, sla_target_s, skills, licences, active, "
                                     "sender_name, acknowledgement "
                                     "FROM queue ORDER BY id")) {
            switchboard::queue q;
            q.id = get<std::int64_t>(r[0]);
            q.name = get<std::string>(r[1]);
            q.thread_window_s = get<std::int64_t>(r[2]);
            q.sla_target_s = get<std::int64_t>(r[3]);
            for (const auto& s : nlohmann::json::parse(get<std::string>(r[4])))
                q.skills.push_back({s.at("skill_id").get<std::int64_t>(), s.value("min", std::int64_t{1})});
            for (const auto& l : nlohmann::json::parse(get<std::string>(r[5])))
                q.licences.push_back({l.at("licence_id").get<std::int64_t>(), l.at("jurisdiction").get<std::string>()});
            q.active = get<bool>(r[6]);
            q.sender_name = get<std::string>(r[7]);
            q.acknowledgement = get<std::string>(r[8]);
            out.queues.push_back(std::move(q));
        }
        out.promises = read_promises(tx);
        for (const auto& r : tx.exec("SELECT id, position, name, conditions, actions, enabled, version FROM rule "
                                     "WHERE enabled ORDER BY position, id"))
            out.rules.push_back({get<std::int64_t>(r[0]), get<std::int64_t>(r[1]), get<std::string>(r[2]),
                                 get<std::string>(r[3]), get<std::string>(r[4]), get<bool>(r[5]),
                                 get<std::int64_t>(r[6])});
        for (const auto& r : tx.exec("SELECT value FROM setting WHERE key = 'instance_secret'"))
            out.instance_secret = get<std::string>(r[0]);
        return out;
    });
}

} // namespace switchboard::store

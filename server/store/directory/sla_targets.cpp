#include <switchboard/store/sla_targets.hpp>

#include "store/directory/rows.hpp"
#include "store/once.hpp"
#include "store/run.hpp"

namespace switchboard::store {
namespace {

const std::string target_columns = "id, queue_id, priority, first_answer_s, solution_s, version";

sla_target target_of(const pqxx::row& r) {
    return {get<std::int64_t>(r[0]),
            get<std::int64_t>(r[1]),
            get<std::optional<std::int64_t>>(r[2]),
            get<std::int64_t>(r[3]),
            get<std::optional<std::int64_t>>(r[4]),
            get<std::int64_t>(r[5])};
}

std::optional<sla_target> read_target(pqxx::transaction_base& tx, std::int64_t id, const char* lock = "") {
    const auto rows = query(tx, "SELECT " + target_columns + " FROM sla_target WHERE id = $1" + lock, id);
    if (rows.empty()) return std::nullopt;
    return target_of(rows[0]);
}

sla_target with_terms(sla_target t, const sla_target_change& terms) {
    if (terms.queue_id) t.queue_id = *terms.queue_id;
    if (terms.priority) t.priority = *terms.priority;
    if (terms.first_answer_s) t.first_answer_s = *terms.first_answer_s;
    if (terms.solution_s) t.solution_s = *terms.solution_s;
    return t;
}

bool is_backwards(const sla_target& t) {
    return t.solution_s && *t.solution_s < t.first_answer_s;
}
constexpr auto backwards = "must not be before the first answer";

} // namespace

boost::asio::awaitable<page<sla_target>> sla_targets::list(page_request part) {
    return run(db_, [part](pqxx::connection& c) {
        pqxx::work tx{c};
        const auto rows = query(tx, "SELECT " + target_columns + " FROM sla_target WHERE id > $1 ORDER BY id LIMIT $2",
                                part.after, part.limit + 1);
        return page_of<sla_target>(rows, part.limit, target_of);
    });
}

boost::asio::awaitable<std::optional<sla_target>> sla_targets::get(std::int64_t id) {
    return run(db_, [id](pqxx::connection& c) {
        pqxx::work tx{c};
        return read_target(tx, id);
    });
}

boost::asio::awaitable<sla_targets::changed> sla_targets::create(sla_target_change terms, actor by,
                                                                 keep<sla_target> kept) {
    return run(db_, [=](pqxx::connection& c) {
        return told<sla_target>([&]() -> changed {
            once<sla_target> work{c, kept};
            auto& tx = work.tx;
            const auto wanted = with_terms({}, terms);
            if (is_backwards(wanted)) return wrong<sla_target>("solution_s", backwards);
            auto made = target_of(query(tx,
                                        "INSERT INTO sla_target (queue_id, priority, first_answer_s, solution_s) "
                                        "VALUES ($1, $2, $3, $4) RETURNING " +
                                            target_columns,
                                        wanted.queue_id, wanted.priority, wanted.first_answer_s, wanted.solution_s)[0]);
            config_changed(tx, "sla_target", made.id, by);
            work.commit(made);
            return made;
        });
    });
}

boost::asio::awaitable<sla_targets::changed>
sla_targets::change(std::int64_t id, sla_target_change terms, std::optional<std::int64_t> expected_version, actor by) {
    return run(db_, [=](pqxx::connection& c) {
        return told<sla_target>([&]() -> changed {
            pqxx::work tx{c};
            auto before = read_target(tx, id, " FOR NO KEY UPDATE");
            if (!before) return missing<sla_target>();
            if (expected_version && *expected_version != before->version) return stale(*before);
            const auto wanted = with_terms(*before, terms);
            if (is_backwards(wanted)) return wrong<sla_target>("solution_s", backwards);
            auto after =
                target_of(query(tx,
                                "UPDATE sla_target SET queue_id = $2, priority = $3, first_answer_s = $4, "
                                "solution_s = $5, version = version + 1 WHERE id = $1 RETURNING " +
                                    target_columns,
                                id, wanted.queue_id, wanted.priority, wanted.first_answer_s, wanted.solution_s)[0]);
            config_changed(tx, "sla_target", id, by);
            tx.commit();
            return after;
        });
    });
}

boost::asio::awaitable<sla_targets::changed> sla_targets::remove(std::int64_t id, actor by) {
    return run(db_,
               [id, by](pqxx::connection& c) { return remove_row<sla_target>(c, "sla_target", "sla_target", id, by); });
}

} // namespace switchboard::store

#include "store/promises.hpp"

#include "store/insert_rows.hpp"
#include "store/noun_table.hpp"
#include "store/sql.hpp"
#include "store/ticket_rows.hpp"

#include <switchboard/store/configuration.hpp>
#include <switchboard/util/form.hpp>
#include <switchboard/util/log.hpp>

#include <fmt/format.h>

namespace switchboard::store {

namespace {

/// What a ticket's queue promises now to its priority.
struct terms {
    sla::target target;
    sla::business_hours hours;
    bool solved = false;
};

terms terms_of(pqxx::transaction_base& tx, std::int64_t ticket) {
    static constexpr statement find{"ticket_terms",
                                    "SELECT queue_id, priority, state = 'solved' AS solved FROM ticket WHERE id = $1"};
    const auto row = query(tx, find, ticket).front();
    const auto queue = get<std::int64_t>(row["queue_id"]);
    const auto q = read_promises(tx, queue).at(queue);
    return {q.by_priority.at(static_cast<std::size_t>(get<std::int64_t>(row["priority"]))), q.hours,
            get<bool>(row["solved"])};
}

} // namespace

sla::business_hours hours_from(const pqxx::row& r) {
    if (r["timezone"].is_null()) return {};
    calendar c;
    put(c.timezone, get<std::string>(r["timezone"]));
    put(c.hours, from_own_json(r["hours"].c_str()));
    put(c.special_days, from_own_json(r["special_days"].c_str()));
    auto hours = sla::business_hours::read(c);
    if (hours) return std::move(*hours);
    // It was judged when it was written: this machine does not know its time zone.
    log::error("calendar_unreadable", {{"field", hours.error().field}, {"reason", hours.error().message}});
    return {};
}

std::map<std::int64_t, sla::queue_promises> read_promises(pqxx::transaction_base& tx,
                                                          std::optional<std::int64_t> queue) {
    std::map<std::int64_t, std::vector<sla_target>> targets;
    const auto ask = [&tx, queue](const std::string& sql, std::string_view id) {
        return queue ? query(tx, fmt::format("{} WHERE {} = $1", sql, id), *queue) : query(tx, sql);
    };
    for (const auto& r : ask("SELECT * FROM sla_target", "queue_id")) {
        const auto target = from_row<sla_target>(r);
        targets[target.queue_id].push_back(target);
    }
    std::map<std::int64_t, sla::queue_promises> out;
    for (const auto& r : ask(fmt::format(R"(
            SELECT q.id, q.version, q.sla_target_s, c.id AS calendar_id, c.version AS calendar_version, {}
            FROM queue q
            LEFT JOIN calendar c ON c.id = q.calendar_id)",
                                         hours_columns),
                             "q.id")) {
        const auto id = get<std::int64_t>(r["id"]);
        const auto policy = fmt::format("queue {} v{}", id, get<std::int64_t>(r["version"]));
        const auto calendar = get<std::optional<std::int64_t>>(r["calendar_id"]);
        const auto by =
            calendar ? sla::hours_policy(*calendar, get<std::int64_t>(r["calendar_version"])) : std::string{};
        out.emplace(
            id, sla::queue_promises{hours_from(r),
                                    sla::promises_of(policy, get<std::int64_t>(r["sla_target_s"]), targets[id], by)});
    }
    return out;
}

ticket_promise read_promise(pqxx::transaction_base& tx, std::int64_t ticket) {
    static const auto sql = fmt::format(R"(
        SELECT t.sla, now() AS now, {}
        FROM ticket t {}
        WHERE t.id = $1)",
                                        promised_hours_columns, promised_hours_join);
    static const statement find{"ticket_promise", sql.c_str()};
    const auto row = query(tx, find, ticket).front();
    ticket_promise p{ticket, sla::promise::read(get<std::string>(row["sla"])), {}, get<timestamp>(row["now"])};
    if (!p.promise.empty()) p.hours = hours_from(row);
    return p;
}

void write_promise(pqxx::transaction_base& tx, const ticket_promise& p, const sla::promise::lines& lines) {
    static constexpr statement write{"write_promise",
                                     "UPDATE ticket SET sla = $2, due_at = $3, sla_check_at = $4 WHERE id = $1"};
    query(tx, write, p.ticket, p.promise.text(), p.promise.due_at(), p.promise.check_at());
    std::vector<told_line> told;
    for (const auto& l : lines) told.emplace_back(p.ticket, l);
    append_lines(tx, told);
}

void tell_promise_changed(pqxx::transaction_base& tx, std::int64_t ticket, events::ticket_change change) {
    const events::ticket_changed told{.change = change, .ticket = read_summary(tx, ticket)};
    append_event(tx, told, about(told.ticket));
}

void append_lines(pqxx::transaction_base& tx, const std::vector<told_line>& lines) {
    pipeline to{tx.conn()};
    append_lines(to, lines);
    to.run();
}

void append_lines(pipeline& to, const std::vector<told_line>& lines) {
    insert_rows out{to,
                    "insert_sla_lines",
                    "sla_entry",
                    {"ticket_id", "clock", "kind", "at", "reason", "policy", "target_s", "remaining_s", "due_at"}};
    for (const auto& [ticket, e] : lines)
        out.row(ticket, e.clock, e.kind, e.at, e.reason, e.policy, e.target_s, e.remaining_s, e.due_at);
    out.done();
}

void promise_follows(pqxx::transaction_base& tx, std::int64_t ticket, std::string_view reason) {
    const auto now_is = terms_of(tx, ticket);
    auto p = read_promise(tx, ticket);
    if (now_is.solved || p.promise.empty() || p.promise.policy() == now_is.target.policy) return;
    const auto lines = p.promise.reprice(now_is.target, p.hours, now_is.hours, p.now, reason);
    write_promise(tx, p, lines);
}

} // namespace switchboard::store

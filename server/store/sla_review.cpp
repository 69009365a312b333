#include <switchboard/store/sla_clocks.hpp>

#include "store/callback_rows.hpp"
#include "store/promises.hpp"
#include "store/run.hpp"
#include "store/sql.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

/// Open tickets follow what their queue promises now.
namespace switchboard::store {

namespace {

// Bounds of one transaction: tickets written, and ids among which they are looked for.
constexpr std::int64_t most_tickets = 200, most_ids = 20'000;
// By then every node has read the new terms, and no ticket comes by the old ones any more.
constexpr int second_look_s = 10;

struct review {
    std::int64_t queue = 0, after = 0;
    bool again = false;
};

std::optional<review> take_review(pqxx::transaction_base& tx) {
    static constexpr statement take{"take_review", R"(
        SELECT queue_id, after_id, again
        FROM promise_review
        WHERE at <= clock_timestamp()
        ORDER BY at LIMIT 1 FOR UPDATE SKIP LOCKED)"};
    const auto rows = query(tx, take);
    if (rows.empty()) return std::nullopt;
    return review{get<std::int64_t>(rows[0]["queue_id"]), get<std::int64_t>(rows[0]["after_id"]),
                  get<bool>(rows[0]["again"])};
}

void put_review(pqxx::transaction_base& tx, const review& r, std::int64_t after) {
    const auto next =
        value_of<std::optional<std::int64_t>>(query(tx, "SELECT min(id) FROM ticket WHERE id > $1", after));
    if (next)
        query(tx, "UPDATE promise_review SET after_id = $2 WHERE queue_id = $1", r.queue, *next - 1);
    else if (r.again)
        query(tx, R"(
        UPDATE promise_review
        SET after_id = 0, again = false, at = clock_timestamp() + make_interval(secs => $2)
        WHERE queue_id = $1)",
              r.queue, second_look_s);
    else
        query(tx, "DELETE FROM promise_review WHERE queue_id = $1", r.queue);
}

/// What is known of a ticket that was here before promises were.
struct past {
    timestamp enqueued{}, last_contact{};
    std::optional<timestamp> replied, taken_up;
};

/// As if it had been promised at the beginning of its wait.
sla::promise::lines start_late(ticket_promise& p, const sla::target& t, const past& was, bool customers_turn) {
    p.promise = sla::promise::start(t, p.hours, was.enqueued);
    sla::promise::lines lines;
    const auto add = [&](sla::promise::lines more) { std::ranges::move(more, std::back_inserter(lines)); };
    const bool replied = was.replied && *was.replied >= was.enqueued;
    if (const auto answered = replied ? was.replied : was.taken_up)
        add(p.promise.answered(p.hours, *answered, replied ? "replied" : "taken up"));
    if (customers_turn)
        add(p.promise.pause(p.hours, std::max({was.enqueued, was.last_contact, was.replied.value_or(was.enqueued)}),
                            "customer"));
    return lines;
}

/// Whether routing put it off until its queue was to open: its callback says so; without one, since no number is known,
/// nobody has it, and that is when it comes back.
bool is_called_back(pqxx::transaction_base& tx, const ticket_promise& p, std::optional<timestamp> held_until,
                    bool owned) {
    constexpr std::chrono::minutes about{1}; // it was reckoned by another clock
    if (!held_until) return false;
    if (const auto c = read_open_callback(tx, p.ticket))
        return c->requested_by == "queue" && c->attempts.empty() && c->not_before == *held_until;
    if (owned || p.promise.waits()) return false;
    const auto opening = p.hours.next_change(*held_until - about);
    return opening && *opening <= *held_until + about && p.hours.open_at(*opening);
}

/// When the queue opens by the hours of now. False: that is when it is called back already, or it never opens.
bool move_callback(pqxx::transaction_base& tx, std::int64_t ticket, const sla::business_hours& hours, timestamp now) {
    const auto opens = hours.open_at(now) ? std::optional{now} : hours.next_change(now);
    if (!opens) return false;
    const auto moved =
        query(tx, "UPDATE ticket SET held_until = $2 WHERE id = $1 AND held_until <> $2", ticket, *opens);
    query(tx, "UPDATE callback SET not_before = $2 WHERE ticket_id = $1 AND ended_at IS NULL", ticket, *opens);
    return moved.affected_rows() > 0;
}

/// The next open tickets whose promise was made by other terms than those of now, or never.
pqxx::result candidates(pqxx::transaction_base& tx, const review& r, const sla::queue_promises& now_is) {
    std::vector<std::int64_t> priorities;
    std::vector<std::string> begin;
    for (std::size_t p = 0; p < now_is.by_priority.size(); ++p) {
        priorities.push_back(static_cast<std::int64_t>(p));
        begin.push_back(fmt::format(R"({{"policy":"{}",)", now_is.by_priority[p].policy));
    }
    static constexpr statement find{"promises_to_review", R"(
        SELECT t.id, t.priority, t.held_until, t.owner_id IS NOT NULL AS owned, t.due_at, t.enqueue_at,
               t.last_contact_at, t.first_reply_at,
               CASE WHEN t.channel IN ('phone', 'walkin') THEN (
                   SELECT min(o.answered_at)
                   FROM offer o
                   WHERE o.ticket_id = t.id AND o.answered_at >= t.enqueue_at) END AS taken_up_at
        FROM ticket t
        JOIN unnest($3::smallint[], $4::text[]) AS want(priority, begins) ON want.priority = t.priority
        WHERE t.queue_id = $1
          AND t.id > $2
          AND t.id <= $2 + $5
          AND t.state <> 'solved'
          AND NOT starts_with(t.sla, want.begins)
          AND (t.sla <> '' OR EXISTS (
              SELECT FROM contact c
              WHERE c.ticket_id = t.id AND c.direction = 'in' AND NOT c.flags && '{machine,auto_reply,bounce}'))
        ORDER BY t.id LIMIT $6 FOR UPDATE OF t)"};
    return query(tx, find, r.queue, r.after, array_literal(priorities), array_literal(begin), most_ids, most_tickets);
}

void follow(pqxx::transaction_base& tx, const pqxx::row& r, const sla::queue_promises& now_is) {
    const auto ticket = get<std::int64_t>(r["id"]);
    auto p = read_promise(tx, ticket);
    const auto held_until = get<std::optional<timestamp>>(r["held_until"]);
    const bool moved =
        is_called_back(tx, p, held_until, get<bool>(r["owned"])) && move_callback(tx, ticket, now_is.hours, p.now);
    const auto& target = now_is.by_priority.at(static_cast<std::size_t>(get<std::int64_t>(r["priority"])));
    sla::promise::lines lines;
    if (p.promise.empty()) {
        p.hours = now_is.hours;
        lines = start_late(p, target,
                           {get<timestamp>(r["enqueue_at"]), get<timestamp>(r["last_contact_at"]),
                            get<std::optional<timestamp>>(r["first_reply_at"]),
                            get<std::optional<timestamp>>(r["taken_up_at"])},
                           held_until.has_value());
    } else {
        lines = p.promise.reprice(target, p.hours, now_is.hours, p.now, "policy changed");
    }
    write_promise(tx, p, lines);
    if (!moved && p.promise.due_at() == get<std::optional<timestamp>>(r["due_at"])) return; // nothing that anybody sees
    query(tx, statement{"ticket_moved_on", "UPDATE ticket SET version = version + 1 WHERE id = $1"}, ticket);
    tell_promise_changed(tx, ticket,
                         moved ? events::ticket_change::callback_moved : events::ticket_change::sla_repriced);
}

} // namespace

boost::asio::awaitable<bool> sla_clocks::follow_policies() {
    return run(db_, [](pqxx::connection& c) {
        pqxx::work tx{c};
        const auto r = take_review(tx);
        if (!r) return false;
        const auto promises = read_promises(tx, r->queue);
        if (const auto now_is = promises.find(r->queue); now_is == promises.end()) {
            query(tx, "DELETE FROM promise_review WHERE queue_id = $1", r->queue);
        } else {
            const auto rows = candidates(tx, *r, now_is->second);
            for (const auto& row : rows) follow(tx, row, now_is->second);
            const bool full = std::ssize(rows) == most_tickets;
            put_review(tx, *r, full ? get<std::int64_t>(rows.back()["id"]) : r->after + most_ids);
        }
        tx.commit();
        return true;
    });
}

} // namespace switchboard::store

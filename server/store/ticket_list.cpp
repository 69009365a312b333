#include <switchboard/store/tickets.hpp>

#include "store/list_place.hpp"
#include "store/parameters.hpp"
#include "store/run.hpp"
#include "store/sql.hpp"
#include "store/ticket_rows.hpp"
#include "store/words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <initializer_list>

/// A list of tickets is merged from lanes: the open and the solved ones of each queue that the viewer may see, and, for
/// an agent, what is in hand or was. Each lane is an index in the order of the list (migration 0028) that is read no
/// further than the page, whatever lies behind it; only the page's tickets are then read whole.
namespace switchboard::store {

namespace {

using strings = std::vector<std::string>;

std::string_view column_of(ticket_sort s) {
    switch (s) {
    case ticket_sort::last_contact:
        return "last_contact_at";
    case ticket_sort::enqueued:
        return "enqueue_at";
    case ticket_sort::id:
        break;
    }
    return "id";
}

std::string place_behind(const listed_ticket& t, ticket_sort s) {
    const auto at = [](timestamp moment) { return moment.time_since_epoch() / std::chrono::microseconds{1}; };
    const std::int64_t key = s == ticket_sort::last_contact ? at(t.last_contact_at)
                             : s == ticket_sort::enqueued   ? at(t.enqueue_at)
                                                            : t.id;
    return fmt::format("{}.{}", key, t.id);
}
bool only(const strings& states, std::initializer_list<std::string_view> of) {
    return !states.empty() && std::ranges::all_of(states, [&](const std::string& state) {
        return std::ranges::find(of, state) != of.end();
    });
}

std::vector<std::int64_t> queues_of(pqxx::transaction_base& tx, const viewer& who) {
    std::vector<std::int64_t> out;
    const auto rows =
        sees_all(who)
            ? query(tx, "SELECT id FROM queue ORDER BY id")
            : query(tx, "SELECT queue_id AS id FROM queue_member WHERE agent_id = $1 ORDER BY queue_id", who.user_id);
    for (const auto& r : rows) out.push_back(get<std::int64_t>(r["id"]));
    return out;
}

constexpr std::size_t few = 5000;

/// The tickets that have these words, by the indexes of words; nothing if they are so many that the list soon meets
/// them, or if the words have nothing to look up.
std::optional<std::vector<std::int64_t>> tickets_with(pqxx::transaction_base& tx, const std::string& words) {
    if (!can_be_looked_up(words)) return std::nullopt;
    tx.exec("SET LOCAL enable_seqscan = off"); // it would count on meeting that many soon
    const auto rows = query(tx, R"(
        WITH named AS MATERIALIZED (
            SELECT id FROM customer WHERE name ILIKE $1 LIMIT $2),
        reached AS MATERIALIZED (
            SELECT customer_id AS id FROM customer_identity WHERE value ILIKE $1 LIMIT $2),
        meant AS MATERIALIZED (
            SELECT id FROM ticket WHERE subject ILIKE $1 LIMIT $2)
        SELECT id FROM meant
        UNION ALL
        (SELECT t.id FROM (SELECT id FROM named UNION SELECT id FROM reached) AS c JOIN ticket t ON t.customer_id = c.id
         LIMIT $2)
        LIMIT $2)",
                            like_pattern(words), few);
    tx.exec("SET LOCAL enable_seqscan = on");
    if (rows.size() == few) return std::nullopt;
    std::vector<std::int64_t> out;
    for (const auto& r : rows) out.push_back(get<std::int64_t>(r["id"]));
    return out;
}

bool is_number(std::string_view words) {
    return words.size() < 18 && words.find_first_not_of("0123456789") == words.npos;
}

class lanes {
public:
    lanes(pqxx::transaction_base& tx, const ticket_filter& f, const viewer& who, const std::optional<list_place>& after)
        : f_{f}, who_{who} {
        const bool all = sees_all(who);
        const bool of_all = f.sort == ticket_sort::last_contact && f.channel.empty() && !f.late; // is in an index
        if (!all || !(f.queue_id || f.owner_id || of_all)) queues_ = queues_of(tx, who);
        add_filter(tx);
        if (after) add_place(*after);
        if (few_.empty())
            add_orders();
        else
            add_few();
    }

    const strings& all() const { return lanes_; }
    parameters& given() { return given_; }

private:
    void add_filter(pqxx::transaction_base& tx) {
        if (f_.queue_id) both_.push_back("t.queue_id = " + given_(f_.queue_id));
        if (f_.owner_id) both_.push_back("t.owner_id = " + given_(f_.owner_id));
        if (f_.customer_id) both_.push_back("t.customer_id = " + given_(f_.customer_id));
        if (!f_.channel.empty()) both_.push_back("t.channel = " + given_(f_.channel));
        if (!f_.words.empty()) add_words(tx);
        if (f_.solved_today) both_.push_back("t.solved_at >= date_trunc('day', now())");
        if (f_.late) both_.push_back("t.due_at < now()");

        open_ = !f_.solved_today && (f_.states.empty() || std::ranges::any_of(f_.states, [](const std::string& state) {
                                         return state != "solved";
                                     }));
        solved_ = !f_.late && (f_.states.empty() || std::ranges::find(f_.states, "solved") != f_.states.end());
        open_filter_ = both_;
        if (open_ && !f_.states.empty() && f_.states.size() < 5)
            open_filter_.push_back(fmt::format("t.state = ANY({}::text[])", given_(array_literal(f_.states))));
        // No more than people can have at once.
        if (few_.empty() && only(f_.states, {"active", "parked"}))
            few_ = "SELECT * FROM ticket WHERE owner_id IS NOT NULL AND solved_at IS NULL";
        if (few_.empty() && only(f_.states, {"offered"}))
            few_ = "SELECT * FROM ticket WHERE id IN (SELECT ticket_id FROM offer WHERE state = 'offered')";
    }

    void add_words(pqxx::transaction_base& tx) {
        if (auto found = tickets_with(tx, f_.words)) {
            if (is_number(f_.words)) found->push_back(std::stoll(f_.words));
            few_ = fmt::format("SELECT * FROM ticket WHERE id = ANY({}::bigint[])", given_(array_literal(*found)));
            return;
        }
        auto sql = fmt::format(R"((t.subject ILIKE {0}
            OR (SELECT c.name FROM customer c WHERE c.id = t.customer_id) ILIKE {0}
            OR (SELECT bool_or(i.value ILIKE {0}) FROM customer_identity i WHERE i.customer_id = t.customer_id))",
                               given_(like_pattern(f_.words)));
        if (is_number(f_.words)) sql += " OR t.id = " + given_(f_.words) + "::bigint";
        both_.push_back(sql + ")");
    }

    void add_place(const list_place& after) {
        const auto less = f_.descending ? "<" : ">";
        const auto id = given_(after.id) + "::bigint";
        auto sql = fmt::format("t.id {} {}", less, id);
        if (f_.sort != ticket_sort::id)
            sql = fmt::format("(t.{}, t.id) {} ({}::timestamptz, {})", column_of(f_.sort), less,
                              given_(timestamp{std::chrono::microseconds{after.key}}), id);
        both_.push_back(sql);
        open_filter_.push_back(sql);
    }

    /// What is so little that it is looked through, whatever the order.
    void add_few() {
        strings conditions;
        if (!sees_all(who_))
            conditions.push_back(fmt::format(R"((t.owner_id = {0} OR t.queue_id = ANY({1}::bigint[]) OR t.id IN (
                SELECT ticket_id FROM offer WHERE agent_id = {0} AND state = 'offered')))",
                                             me(), given_(array_literal(queues_))));
        add("(" + few_ + " OFFSET 0)", conditions, {});
    }

    void add_orders() {
        if (f_.owner_id && (sees_all(who_) || *f_.owner_id == who_.user_id)) return add("ticket", {}, {});
        if (sees_all(who_) && queues_.empty()) return add("ticket", {}, {});
        for (const auto queue : queues_)
            if (!f_.queue_id || *f_.queue_id == queue) add("ticket", {fmt::format("t.queue_id = {}", queue)}, {});
        if (sees_all(who_)) return;
        add("ticket", {"t.owner_id = " + me()}, {});
        add("ticket", {},
            {fmt::format("t.id IN (SELECT ticket_id FROM offer WHERE agent_id = {} AND state = 'offered')", me())});
    }

    /// Open ones and solved ones, as far as they are asked for; with `open` only the open.
    void add(std::string_view source, const strings& conditions, const strings& open) {
        const auto lane = [&](strings all, const strings& filter, std::string_view half) {
            all.insert(all.end(), filter.begin(), filter.end());
            all.insert(all.end(), open.begin(), open.end());
            all.emplace_back(half);
            lanes_.push_back(fmt::format(R"(
            (SELECT t.{0} AS place, t.id FROM {1} AS t WHERE {2}
             ORDER BY t.{0}{3}, t.id{3} LIMIT {4}))",
                                         column_of(f_.sort), source, fmt::join(all, " AND "), direction(),
                                         f_.limit + 1));
        };
        if (open_) lane(conditions, open_filter_, "t.solved_at IS NULL");
        if (solved_ && open.empty()) lane(conditions, both_, "t.solved_at IS NOT NULL");
    }

    std::string_view direction() const { return f_.descending ? " DESC" : ""; }
    std::string me() {
        if (me_.empty()) me_ = given_(who_.user_id) + "::bigint";
        return me_;
    }

    const ticket_filter& f_;
    const viewer& who_;
    std::vector<std::int64_t> queues_;
    bool open_ = true, solved_ = true;
    strings both_, open_filter_, lanes_;
    std::string few_, me_; // few_: a statement of few tickets that has all that are asked for
    parameters given_;
};

} // namespace

boost::asio::awaitable<std::optional<page<listed_ticket>>> tickets::list(ticket_filter f, viewer who) {
    return run(db_,
               [f = std::move(f), who = std::move(who)](pqxx::connection& c) -> std::optional<page<listed_ticket>> {
                   std::optional<list_place> after;
                   if (!f.after.empty()) {
                       after = parse_place(f.after);
                       if (!after || (f.sort != ticket_sort::id && !is_time(after->key))) return std::nullopt;
                   }
                   pqxx::work tx{c};
                   lanes merged{tx, f, who, after};
                   const std::string_view direction = f.descending ? " DESC" : "";
                   const auto listed = fmt::format(R"(JOIN (
            SELECT DISTINCT place, id FROM ({0}) AS lane
            ORDER BY place{1}, id{1} LIMIT {2}) AS listed ON listed.id = t.id
            ORDER BY listed.place{1}, t.id{1})",
                                                   fmt::join(merged.all(), " UNION ALL "), direction, f.limit + 1);
                   page<listed_ticket> out;
                   if (merged.all().empty()) return out;
                   const auto unread = unread_column(merged.given()(who.user_id) + "::bigint") + " AS unread";
                   for (const auto& r : merged.given().run(tx, summary_select(unread, listed))) {
                       if (std::ssize(out.items) == f.limit) {
                           out.next = place_behind(out.items.back(), f.sort);
                           break;
                       }
                       listed_ticket t;
                       static_cast<ticket_summary&>(t) = summary_of(r);
                       t.unread = store::get<std::int64_t>(r["unread"]);
                       out.items.push_back(std::move(t));
                   }
                   return out;
               });
}

} // namespace switchboard::store

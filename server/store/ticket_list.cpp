#include <switchboard/store/tickets.hpp>

#include "store/list_cursor.hpp"
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
#include <optional>

/// A list of tickets is merged from lanes, each an index in the order of the list (migration 0028) that is read no
/// further than the page, whatever lies behind it: the open and the solved ones of all, or of each queue that an agent
/// may see, and what he has or had in hand. What a filter leaves few of is one lane, through that filter's own index.
/// Only the page's tickets are then read whole.
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
    const auto far = who.granted.reach_of(permission::ticket_read);
    if (far == reach::all) return values_of<std::int64_t>(query(tx, "SELECT id FROM queue ORDER BY id"));
    if (far != reach::queues) return {};
    return values_of<std::int64_t>(
        query(tx, "SELECT queue_id FROM queue_member WHERE agent_id = $1 ORDER BY queue_id", who.user_id));
}

/// Where words stand: the tickets that have them there by an index of words, and whether a ticket t has them there.
struct word_place {
    const char *tickets, *condition;
};
constexpr word_place word_places[]{
    {R"(SELECT id FROM ticket WHERE subject ILIKE ANY ($1::text[]) AND solved_at IS NOT NULL
        UNION ALL SELECT id FROM ticket WHERE subject ILIKE ANY ($1::text[]) AND solved_at IS NULL)",
     "t.subject ILIKE ANY ({}::text[])"},
    {R"(SELECT t.id FROM customer c
        CROSS JOIN LATERAL (SELECT id FROM ticket WHERE customer_id = c.id OFFSET 0) AS t
        WHERE c.name ILIKE ANY ($1::text[]))",
     "(SELECT c.name FROM customer c WHERE c.id = t.customer_id) ILIKE ANY ({}::text[])"},
    {R"(SELECT t.id FROM customer_identity i
        CROSS JOIN LATERAL (SELECT id FROM ticket WHERE customer_id = i.customer_id OFFSET 0) AS t
        WHERE i.value ILIKE ANY ($1::text[]))",
     "(SELECT bool_or(i.value ILIKE ANY ({}::text[])) FROM customer_identity i WHERE i.customer_id = t.customer_id)"},
};

/// The tickets that have a part where few have it, and where else it may stand.
struct part_found {
    std::vector<std::int64_t> tickets;
    std::vector<const word_place*> elsewhere; // empty = `tickets` are all
};

class lanes {
public:
    lanes(pqxx::transaction_base& tx, const ticket_filter& f, const viewer& who,
          const std::optional<list_cursor>& after)
        : f_{f}, who_{who}, order_{fmt::format("ORDER BY t.{0}{1}, t.id{1} LIMIT {2}", column_of(f.sort),
                                               f.descending ? " DESC" : "", f.limit + 1)} {
        add_filter();
        if (after) add_cursor(*after);
        const bool walk = f.words.empty() || add_words(tx);
        if (!walk) return;
        if (const auto source = few_by_filter(); !source.empty())
            add_visible(source);
        else if (f.owner_id)
            add_owner(given_(f.owner_id), visible());
        else
            add_orders(tx);
    }

    const strings& all() const { return lanes_; }
    parameters& given() { return given_; }

private:
    void add_filter() {
        const auto is_solved = [](const std::string& state) { return state == "solved"; };
        open_ = !f_.solved_today && !(!f_.states.empty() && std::ranges::all_of(f_.states, is_solved));
        solved_ = !f_.late && (f_.states.empty() || std::ranges::any_of(f_.states, is_solved));
        if (open_ && !f_.states.empty())
            filter_.push_back(fmt::format("t.state = ANY({}::text[])", given_(array_literal(f_.states))));
        if (f_.solved_today) filter_.push_back("t.solved_at >= date_trunc('day', now())");
        if (f_.late) filter_.push_back("t.due_at < now()");
        if (f_.queue_id) filter_.push_back("t.queue_id = " + given_(f_.queue_id));
        if (f_.customer_id) filter_.push_back("t.customer_id = " + given_(f_.customer_id));
        if (f_.owner_id) filter_.push_back("t.owner_id = " + given_(f_.owner_id));
        if (!f_.channel.empty()) filter_.push_back("t.channel = " + given_(f_.channel));
    }

    void add_cursor(const list_cursor& after) {
        const auto less = f_.descending ? "<" : ">";
        const auto id = given_(after.id) + "::bigint";
        if (f_.sort == ticket_sort::id) return filter_.push_back(fmt::format("t.id {} {}", less, id));
        filter_.push_back(fmt::format("(t.{}, t.id) {} ({}::timestamptz, {})", column_of(f_.sort), less,
                                      given_(timestamp{std::chrono::microseconds{after.key}}), id));
    }

    /// No more than people can have at once, a day or a customer brings, or should be late.
    std::string few_by_filter() {
        if (f_.customer_id) return "ticket";
        if (only(f_.states, {"offered"}))
            return "(SELECT * FROM ticket WHERE id IN (SELECT ticket_id FROM offer WHERE state = 'offered') OFFSET 0)";
        if (only(f_.states, {"active", "parked"}))
            return "(SELECT * FROM ticket WHERE owner_id IS NOT NULL AND solved_at IS NULL OFFSET 0)";
        if (f_.late) // by an index that has due_at
            return R"((SELECT t.* FROM queue q CROSS JOIN LATERAL
                (SELECT id FROM ticket WHERE queue_id = q.id AND solved_at IS NULL AND due_at < now() OFFSET 0) AS late
                JOIN ticket t ON t.id = late.id OFFSET 0))";
        if (f_.solved_today)
            return R"((SELECT t.* FROM queue q CROSS JOIN LATERAL
                (SELECT * FROM ticket WHERE queue_id = q.id AND solved_at >= date_trunc('day', now()) OFFSET 0) AS t))";
        return {};
    }

    /// A lane of the tickets that have the words where few have them. True if they may stand elsewhere, too: then each
    /// ticket that the other lanes meet is asked.
    bool add_words(pqxx::transaction_base& tx) {
        const auto wanted = read_words(f_.words);
        if (!wanted.numbers.empty()) add_found(wanted.numbers, {});
        if (wanted.parts.empty()) return wanted.numbers.empty(); // blanks alone ask for nothing
        if (wanted.parts.size() == 1) return add_part(tx, wanted.parts.front());
        std::optional<std::vector<std::int64_t>> have_all; // of those parts that few have
        std::vector<const wanted_part*> others;
        for (const auto& part : wanted.parts) {
            auto found = find(tx, part);
            if (!found.elsewhere.empty()) {
                others.push_back(&part);
            } else {
                keep_common(have_all, std::move(found.tickets));
            }
        }
        if (have_all && have_all->empty()) return false;
        strings conditions;
        for (const auto* part : others) conditions.push_back(stands_in(*part, every_place()));
        if (have_all) return add_found(*have_all, conditions), false;
        filter_.insert(filter_.end(), conditions.begin(), conditions.end());
        return true;
    }

    bool add_part(pqxx::transaction_base& tx, const wanted_part& part) {
        const auto found = find(tx, part);
        if (!found.tickets.empty()) add_found(found.tickets, {});
        if (found.elsewhere.empty()) return false;
        filter_.push_back(stands_in(part, found.elsewhere));
        return true;
    }

    static part_found find(pqxx::transaction_base& tx, const wanted_part& part) {
        part_found out;
        const bool can = can_be_looked_up(part);
        for (const auto& place : word_places)
            if (const auto here = can ? all_if_few(tx, place.tickets, array_literal(part)) : std::nullopt)
                out.tickets.insert(out.tickets.end(), here->begin(), here->end());
            else
                out.elsewhere.push_back(&place);
        return out;
    }

    static std::vector<const word_place*> every_place() {
        std::vector<const word_place*> out;
        for (const auto& place : word_places) out.push_back(&place);
        return out;
    }

    std::string stands_in(const wanted_part& part, const std::vector<const word_place*>& places) {
        const auto spellings = given_(array_literal(part));
        strings conditions;
        for (const auto* place : places) conditions.push_back(fmt::format(fmt::runtime(place->condition), spellings));
        return fmt::format("({})", fmt::join(conditions, " OR "));
    }

    void add_found(const std::vector<std::int64_t>& tickets, const strings& conditions) {
        add_visible(
            fmt::format("(SELECT * FROM ticket WHERE id = ANY({}::bigint[]) OFFSET 0)", given_(array_literal(tickets))),
            conditions);
    }

    /// The rule of may_see_ticket().
    strings visible() {
        const auto far = who_.granted.reach_of(permission::ticket_read);
        if (!far) return {"false"};
        if (*far == reach::all) return {};
        return {fmt::format(
            R"((t.owner_id = {0}
            OR t.id IN (SELECT ticket_id FROM offer WHERE agent_id = {0} AND state = 'offered'){1}))",
            me(),
            *far == reach::queues
                ? fmt::format(" OR t.queue_id IN (SELECT queue_id FROM queue_member WHERE agent_id = {})", me())
                : "")};
    }

    void add_visible(std::string_view source, const strings& more = {}) {
        auto conditions = visible();
        conditions.insert(conditions.end(), more.begin(), more.end());
        if (!open_) conditions.emplace_back("t.solved_at IS NOT NULL");
        if (!solved_) conditions.emplace_back("t.solved_at IS NULL");
        add(source, std::move(conditions));
    }

    void add_orders(pqxx::transaction_base& tx) {
        if (!who_.granted.may(permission::ticket_read)) return;
        const bool all = who_.granted.reaches_all(permission::ticket_read),
                   by_contact = f_.sort == ticket_sort::last_contact;
        const bool all_open = all && !f_.queue_id && by_contact;
        const bool all_solved =
            all && !f_.queue_id && !(by_contact && !f_.channel.empty()); // which has an index by queue
        auto queues = queues_of(tx, who_);
        const bool in_his = f_.queue_id && std::ranges::find(queues, *f_.queue_id) != queues.end();
        if (f_.queue_id) queues = in_his ? std::vector{*f_.queue_id} : std::vector<std::int64_t>{};
        if (open_) add_half("t.solved_at IS NULL", all_open, queues);
        if (solved_) add_half("t.solved_at IS NOT NULL", all_solved, queues);
        if (all || in_his) return;
        add_owner(me(), {});
        if (open_)
            add(fmt::format(R"((SELECT * FROM ticket WHERE id IN
                (SELECT ticket_id FROM offer WHERE agent_id = {} AND state = 'offered') OFFSET 0))",
                            me()),
                {});
    }

    /// The open or the solved ones: of all in one order, or of each queue in its own.
    void add_half(std::string_view half, bool of_all, const std::vector<std::int64_t>& queues) {
        if (of_all) return add("ticket", {std::string{half}});
        lanes_.push_back(fmt::format(R"(
            (SELECT t.place, t.id FROM unnest({}::bigint[]) AS its (queue) CROSS JOIN LATERAL (
                SELECT t.{} AS place, t.id FROM ticket t WHERE t.queue_id = its.queue AND {} {}) AS t))",
                                     given_(array_literal(queues)), column_of(f_.sort),
                                     fmt::join(with_filter({std::string{half}}), " AND "), order_));
    }

    void add_owner(const std::string& owner, const strings& conditions) {
        if (open_)
            add(fmt::format("(SELECT * FROM ticket WHERE owner_id = {}::bigint AND solved_at IS NULL OFFSET 0)", owner),
                conditions);
        if (!solved_) return;
        auto his = conditions;
        his.push_back(fmt::format("t.owner_id = {}::bigint AND t.solved_at IS NOT NULL", owner));
        add("ticket", std::move(his));
    }

    void add(std::string_view source, strings conditions) {
        const auto all = with_filter(std::move(conditions));
        lanes_.push_back(fmt::format(R"(
            (SELECT t.{} AS place, t.id FROM {} AS t WHERE {} {}))",
                                     column_of(f_.sort), source,
                                     all.empty() ? "true" : fmt::to_string(fmt::join(all, " AND ")), order_));
    }

    strings with_filter(strings conditions) const {
        conditions.insert(conditions.end(), filter_.begin(), filter_.end());
        return conditions;
    }

    std::string me() {
        if (me_.empty()) me_ = given_(who_.user_id) + "::bigint";
        return me_;
    }

    const ticket_filter& f_;
    const viewer& who_;
    std::string order_, me_;
    bool open_ = true, solved_ = true;
    strings filter_, lanes_;
    parameters given_;
};

} // namespace

boost::asio::awaitable<std::optional<page<listed_ticket>>> tickets::list(ticket_filter f, viewer who) {
    const bool searches = !f.words.empty();
    auto job = [f = std::move(f), who = std::move(who)](pqxx::connection& c) -> std::optional<page<listed_ticket>> {
        std::optional<list_cursor> after;
        if (!f.after.empty()) {
            after = parse_list_cursor(f.after);
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
    };
    return searches ? run_search(db_, std::move(job)) : run(db_, std::move(job));
}

} // namespace switchboard::store

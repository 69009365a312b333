#include <switchboard/store/follow_ups.hpp>

#include "store/follow_up_lists.hpp"
#include "store/follow_up_rows.hpp"
#include "store/list_cursor.hpp"
#include "store/parameters.hpp"
#include "store/run.hpp"
#include "store/ticket_rows.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

namespace switchboard::store {

namespace {

std::int64_t microseconds_of(timestamp t) {
    return t.time_since_epoch().count();
}

std::vector<listed_follow_up> with_tickets(pqxx::transaction_base& tx, const pqxx::result& rows) {
    std::vector<std::int64_t> ids;
    for (const auto& r : rows) ids.push_back(get<std::int64_t>(r["ticket_id"]));
    std::map<std::int64_t, ticket_summary> tickets;
    for (const auto& r : query(tx, summary_select("", R"(WHERE t.id = ANY($1::bigint[]))"), array_literal(ids)))
        tickets.emplace(get<std::int64_t>(r["id"]), summary_of(r));
    std::vector<listed_follow_up> out;
    for (const auto& r : rows) {
        listed_follow_up one{follow_up_of(r), {}};
        one.ticket = tickets.at(one.ticket_id);
        out.push_back(std::move(one));
    }
    return out;
}

} // namespace

std::vector<listed_follow_up> coming_follow_ups(pqxx::transaction_base& tx, const viewer& who) {
    static const auto coming = select_follow_ups(fmt::format(R"(
        JOIN ticket t ON t.id = f.ticket_id
        WHERE f.ended_at IS NULL AND f.due_at <= now() + make_interval(secs => f.remind_s) AND
              f.due_at <= now() + interval '7 days' AND -- the longest remind_s
              (f.owner_id = $2 OR t.owner_id = $2) AND {}
        ORDER BY f.due_at, f.id LIMIT 50)",
                                                             ticket_is_visible));
    return with_tickets(tx, query(tx, coming, sight_of(who), who.user_id));
}

boost::asio::awaitable<std::optional<page<listed_follow_up>>> follow_ups::list(follow_up_filter f, viewer who) {
    return run(
        db_, [f = std::move(f), who = std::move(who)](pqxx::connection& c) -> std::optional<page<listed_follow_up>> {
            const auto from = f.after.empty() ? std::optional{list_cursor{}} : parse_list_cursor(f.after);
            if (!from || !is_time(from->key)) return std::nullopt;
            parameters given;
            given(sight_of(who));
            given(who.user_id);
            std::vector<std::string> conditions{std::string{ticket_is_visible}};
            const auto also = [&](const std::string& condition) { conditions.push_back(condition); };
            if (f.states.empty()) also("f.ended_at IS NULL");
            if (!f.states.empty()) also(fmt::format("f.state = ANY({}::text[])", given(array_literal(f.states))));
            if (f.owner) also(fmt::format("{0} IN (f.owner_id, t.owner_id)", given(*f.owner) + "::bigint"));
            if (f.queue) also(fmt::format("t.queue_id = {}", given(*f.queue)));
            if (!f.after.empty())
                also(fmt::format("(f.due_at, f.id) > ({}::timestamptz, {}::bigint)",
                                 given(timestamp{timestamp::duration{from->key}}), given(from->id)));
            pqxx::transaction<pqxx::repeatable_read> tx{c};
            const auto rows =
                given.run(tx, select_follow_ups(fmt::format(R"(
            JOIN ticket t ON t.id = f.ticket_id
            WHERE {}
            ORDER BY f.due_at, f.id LIMIT {})",
                                                            fmt::join(conditions, " AND "), given(f.limit + 1))));
            page<listed_follow_up> out{with_tickets(tx, rows), {}};
            if (std::ssize(out.items) > f.limit) {
                out.items.pop_back();
                const auto& last = out.items.back();
                out.next = fmt::format("{}.{}", microseconds_of(last.due_at), last.id);
            }
            return out;
        });
}

} // namespace switchboard::store

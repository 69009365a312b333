#include "store/follow_up_rows.hpp"

#include "store/sql.hpp"

#include <fmt/format.h>

namespace switchboard::store {

std::string select_follow_ups(std::string_view rest) {
    return fmt::format(R"(
        SELECT f.*, u.name AS owner_name, e.name AS ended_by_name
        FROM follow_up f
        JOIN users u ON u.id = f.owner_id
        LEFT JOIN users e ON e.id = f.ended_by {})",
                       rest);
}

follow_up follow_up_of(const pqxx::row& r) {
    follow_up f;
    f.id = get<std::int64_t>(r["id"]);
    f.ticket_id = get<std::int64_t>(r["ticket_id"]);
    f.owner = {get<std::int64_t>(r["owner_id"]), get<std::string>(r["owner_name"])};
    f.state = get<std::string>(r["state"]);
    f.outcome = get<std::optional<std::string>>(r["outcome"]);
    f.due_at = get<timestamp>(r["due_at"]);
    f.remind_s = get<std::int64_t>(r["remind_s"]);
    f.channel = get<std::string>(r["channel"]);
    f.reason = get<std::string>(r["reason"]);
    f.said_to = get<std::string>(r["said_to"]);
    f.time_zone = get<std::string>(r["time_zone"]);
    f.repeats = get<std::string>(r["repeats"]);
    f.repeat_days = get<std::optional<std::int64_t>>(r["repeat_days"]);
    f.series_from = get<timestamp>(r["series_from"]);
    f.missed = get<bool>(r["missed"]);
    f.version = get<std::int64_t>(r["version"]);
    f.created_at = get<timestamp>(r["created_at"]);
    f.ended_at = get<std::optional<timestamp>>(r["ended_at"]);
    if (!r["ended_by"].is_null())
        f.ended_by = named{get<std::int64_t>(r["ended_by"]), get<std::string>(r["ended_by_name"])};
    f.ended_note = get<std::string>(r["ended_note"]);
    f.contact_id = get<std::optional<std::int64_t>>(r["contact_id"]);
    return f;
}

std::optional<follow_up> read_follow_up(pqxx::transaction_base& tx, std::int64_t id) {
    static const auto one = select_follow_ups(R"(WHERE f.id = $1)");
    const auto rows = query(tx, one, id);
    return rows.empty() ? std::nullopt : std::optional{follow_up_of(rows[0])};
}

std::vector<follow_up> read_follow_ups(pqxx::transaction_base& tx, std::int64_t ticket) {
    static const auto to_keep = select_follow_ups(R"(
        WHERE f.ticket_id = $1 AND f.ended_at IS NULL
        ORDER BY f.due_at, f.id)");
    static const auto ended = select_follow_ups(R"(
        WHERE f.ticket_id = $1 AND f.ended_at IS NOT NULL
        ORDER BY f.id DESC LIMIT 10)");
    std::vector<follow_up> out;
    for (const auto& r : query(tx, to_keep, ticket)) out.push_back(follow_up_of(r));
    for (const auto& r : query(tx, ended, ticket)) out.push_back(follow_up_of(r));
    return out;
}

follow_ups_at_hand read_around_follow_ups(pqxx::transaction_base& tx, std::int64_t ticket, std::int64_t contact) {
    static constexpr statement around{"around_follow_ups", R"(
        SELECT (SELECT count(*) FROM follow_up f WHERE f.ticket_id = t.id AND f.ended_at IS NULL) AS to_keep,
               coalesce(c.timezone, '') AS time_zone,
               (SELECT k.received_at FROM contact k
                WHERE k.id = $2 AND k.ticket_id = t.id AND k.direction = 'out'
                  AND k.delivery IS DISTINCT FROM 'cancelled') AS kept_by,
               u.id AS owner_id, u.name AS owner_name
        FROM ticket t
        LEFT JOIN customer c ON c.id = t.customer_id
        LEFT JOIN users u ON u.id = t.owner_id AND u.active
        WHERE t.id = $1)"};
    const auto r = query(tx, around, ticket, contact).front();
    follow_ups_at_hand out{.to_keep = get<std::int64_t>(r["to_keep"]),
                           .time_zone = get<std::string>(r["time_zone"]),
                           .kept_by = get<std::optional<timestamp>>(r["kept_by"])};
    if (!r["owner_id"].is_null())
        out.owner = named{get<std::int64_t>(r["owner_id"]), get<std::string>(r["owner_name"])};
    return out;
}

std::vector<kept_follow_up> follow_ups_kept_by(pqxx::transaction_base& tx, std::int64_t ticket, std::int64_t reply) {
    static const auto kept = select_follow_ups(R"(
        WHERE f.ticket_id = $1 AND f.contact_id = $2 AND f.state = 'done'
        ORDER BY f.id)");
    // Made by the transaction that ended the one before it.
    static const auto following = select_follow_ups(R"(
        WHERE f.ticket_id = $1 AND f.series_from = $2 AND f.created_at = $3 AND f.id > $4 AND f.ended_at IS NULL)");
    std::vector<kept_follow_up> out;
    for (const auto& r : query(tx, kept, ticket, reply)) out.push_back({follow_up_of(r), {}});
    for (auto& [f, next] : out)
        for (const auto& r : query(tx, following, ticket, f.series_from, f.ended_at, f.id)) next = follow_up_of(r);
    return out;
}

follow_up write_follow_up(pqxx::transaction_base& tx, std::int64_t ticket, const follow_up& f) {
    static constexpr statement insert{"insert_follow_up", R"(
        INSERT INTO follow_up (ticket_id, owner_id, due_at, remind_s, channel, reason, said_to, time_zone, repeats,
                               repeat_days, series_from)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        RETURNING id)"};
    static constexpr statement update{"update_follow_up", R"(
        UPDATE follow_up
        SET state = $2, outcome = $3, due_at = $4, missed = $5, version = $6, ended_at = $7, ended_by = $8,
            ended_note = $9, contact_id = $10
        WHERE id = $1)"};
    auto id = f.id;
    if (id == 0)
        id = value_of<std::int64_t>(query(tx, insert, ticket, f.owner.id, f.due_at, f.remind_s, f.channel, f.reason,
                                          f.said_to, f.time_zone, f.repeats, f.repeat_days, f.series_from));
    else
        query(tx, update, id, f.state, f.outcome, f.due_at, f.missed, f.version, f.ended_at,
              f.ended_by ? std::optional{f.ended_by->id} : std::nullopt, f.ended_note, f.contact_id);
    return read_follow_up(tx, id).value();
}

void tell_follow_up(pqxx::transaction_base& tx, const follow_up_change& c, const follow_up& now_is,
                    const event_about& whom) {
    const events::told_follow_up told{now_is.ticket_id, now_is, whom.actor};
    switch (c.what) {
    case follow_up_change::kind::promised:
        append_event(tx, events::follow_up_promised{told}, whom);
        break;
    case follow_up_change::kind::moved:
        append_event(tx, events::follow_up_moved{told, c.was_due_at, c.reason}, whom);
        break;
    case follow_up_change::kind::due:
        append_event(tx, events::follow_up_due{told}, whom);
        break;
    case follow_up_change::kind::kept:
        append_event(tx, events::follow_up_kept{told}, whom);
        break;
    case follow_up_change::kind::dropped:
        append_event(tx, events::follow_up_dropped{told}, whom);
        break;
    case follow_up_change::kind::reopened:
        append_event(tx, events::follow_up_reopened{told}, whom);
        break;
    }
}

} // namespace switchboard::store

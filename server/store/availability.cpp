#include "store/availability.hpp"

#include "store/run.hpp"

#include <switchboard/model/blending.hpp>

namespace switchboard::store {

namespace {

constexpr statement channels{"desk_channels", R"(
    SELECT c.channel, c.capacity, c.weight, u.units
    FROM users u
    JOIN agent_channel c ON c.agent_id = u.id
    WHERE u.id = $1 AND c.capacity > 0
    ORDER BY c.channel)"};

constexpr statement items{"desk_items", R"(
    SELECT o.channel, t.left_message, q.interruptible AND o.weight = 0 AS interruptible,
           CASE o.state WHEN 'wrapup' THEN o.expires_at END AS wrapup_until
    FROM offer o
    JOIN ticket t ON t.id = o.ticket_id
    JOIN queue q ON q.id = o.queue_id
    WHERE o.agent_id = $1 AND o.state IN ('offered', 'active', 'parked', 'wrapup')
    ORDER BY o.id)"};

// No queue's cool-down is longer than a day.
constexpr statement asked_again{"desk_asked_again", R"(
    SELECT min(o.ended_at + make_interval(secs => q.cool_s))
    FROM offer o
    JOIN ticket t ON t.id = o.ticket_id
    JOIN queue q ON q.id = t.queue_id
    WHERE o.agent_id = $1
      AND o.state IN ('declined', 'timed_out')
      AND o.ended_at > now() - interval '1 day'
      AND o.ended_at + make_interval(secs => q.cool_s) > now()
      AND t.state = 'waiting')"};

} // namespace

desk_load read_desk_load(pqxx::transaction_base& tx, const presence& p) {
    desk_load out;
    out.presence = p.state;
    out.accepts = p.channels;
    if (p.state != "ready") return out; // that is all there is to know
    for (const auto& r : query(tx, channels, p.agent_id)) {
        out.channels.push_back(
            {get<std::string>(r["channel"]), get<std::int64_t>(r["capacity"]), get<std::int64_t>(r["weight"])});
        out.units = get<std::int64_t>(r["units"]);
    }
    for (const auto& r : query(tx, items, p.agent_id)) {
        desk_load::item i{get<std::string>(r["channel"]), get<bool>(r["left_message"]), get<bool>(r["interruptible"]),
                          get<std::optional<timestamp>>(r["wrapup_until"])};
        i.interruptible = i.interruptible && (i.left_message || can_wait(i.channel));
        out.items.push_back(std::move(i));
    }
    out.asked_again_at = value_of<std::optional<timestamp>>(query(tx, asked_again, p.agent_id));
    return out;
}

} // namespace switchboard::store

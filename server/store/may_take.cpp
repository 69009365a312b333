#include "store/may_take.hpp"

#include "store/sql.hpp"

#include <switchboard/model/blending.hpp>

#include <fmt/format.h>

namespace switchboard::store {
namespace {

// All that routing would ask of the agent and he has not, but for licences and room: empty = all is well. $3: it is his
// own, which rests.
constexpr statement find_shortcoming{"agent_shortcoming", R"(SELECT concat_ws(', ',
        CASE WHEN NOT $3 AND NOT EXISTS (SELECT FROM queue_member m WHERE m.agent_id = $2 AND m.queue_id = t.queue_id)
             THEN 'not a member of the queue' END,
        CASE WHEN NOT EXISTS (SELECT FROM agent_channel c WHERE c.agent_id = $2 AND c.channel = t.channel AND
                                                                c.capacity > 0)
             THEN 'the profile does not do this channel' END,
        CASE WHEN NOT $3 AND u.grade < t.difficulty THEN 'the grade is below the difficulty' END,
        (SELECT string_agg('skill ' || s.name, ', ' ORDER BY s.name)
         FROM jsonb_array_elements(t.skills) term JOIN skill s ON s.id = (term->>'skill_id')::bigint
         LEFT JOIN agent_skill a ON a.agent_id = $2 AND a.skill_id = s.id
         WHERE NOT $3 AND coalesce(a.level, 0) < coalesce((term->>'min')::integer, 1)))
       FROM ticket t, users u WHERE t.id = $1 AND u.id = $2)"};

// An item that may be parked takes none of the units (as routing counts). $3: it is written work.
constexpr statement find_weight{"item_weight", R"(
    SELECT CASE WHEN q.interruptible AND $3 THEN 0 ELSE coalesce(c.weight, 0) END
    FROM ticket t
    JOIN queue q ON q.id = t.queue_id
    LEFT JOIN agent_channel c ON c.agent_id = $2 AND c.channel = t.channel
    WHERE t.id = $1)"};

// A term that no valid licence of the agent covers. Nothing relaxes this, at offer or here.
constexpr statement find_uncovered_licence{"uncovered_licence", R"(
    SELECT l.name || ' (' || (term->>'jurisdiction') || ')' AS lacking
    FROM ticket t, jsonb_array_elements(t.licences) term
    JOIN licence l ON l.id = (term->>'licence_id')::bigint
    WHERE t.id = $1
      AND NOT EXISTS (
          SELECT FROM agent_licence a
          WHERE a.agent_id = $2
            AND a.licence_id = l.id
            AND a.state = 'active'
            AND a.valid_from <= clock_timestamp()
            AND a.valid_until > clock_timestamp() + make_interval(secs => $3)
            AND a.jurisdictions && ARRAY[term->>'jurisdiction', '*'])
    LIMIT 1)"};

/// A channel on which the agent has something in hand that nothing of the new channel goes beside. Messages of callers
/// go beside what e-mails go beside.
std::optional<std::string> in_the_way(pqxx::transaction_base& tx, std::int64_t agent, const locked_ticket& t) {
    const std::string_view added = t.left_message ? "email" : std::string_view{t.channel};
    for (const auto& r : query(tx, R"(
                    SELECT DISTINCT CASE WHEN t.left_message AND o.channel = 'phone' THEN 'email' ELSE o.channel END AS channel,
                    q.interruptible AND o.weight = 0 AS interruptible
             FROM offer o
             JOIN queue q ON q.id = o.queue_id
             JOIN ticket t ON t.id = o.ticket_id
             WHERE o.agent_id = $1 AND o.state IN ('active', 'wrapup'))",
                               agent)) {
        auto held = get<std::string>(r["channel"]);
        if (!goes_beside(held, added) && !(get<bool>(r["interruptible"]) && interrupts(added, held))) return held;
    }
    return std::nullopt;
}

// What fills somebody's hands: the channel's places, or the units of all channels together.
constexpr statement room_left{"room_left", R"(
    SELECT ch.used, ch.capacity + ch.extra AS places,
           ch.used < ch.capacity + ch.extra AND al.used + $3 <= al.capacity + al.extra AS has_room
    FROM agent_load ch
    JOIN agent_load al ON al.agent_id = ch.agent_id AND al.channel = '*'
    WHERE ch.agent_id = $1 AND ch.channel = $2)"};

std::optional<std::string> no_room(pqxx::transaction_base& tx, const locked_ticket& t, std::int64_t agent) {
    const auto weight = weight_of(tx, t, agent);
    const auto rows = query(tx, room_left, agent, t.channel, weight);
    if (rows.empty()) return "you have no room for one more";
    const auto used = get<std::int64_t>(rows[0]["used"]), places = get<std::int64_t>(rows[0]["places"]);
    if (get<bool>(rows[0]["has_room"])) return std::nullopt;
    if (used >= places) return fmt::format("you are full: {} of {} on the channel {}", used, places, t.channel);
    return "you are full: what you have in hand leaves no room for one more";
}

} // namespace

std::optional<std::string> uncovered_licence(pqxx::transaction_base& tx, std::int64_t ticket, std::int64_t agent,
                                             std::int64_t min_validity_s) {
    const auto found = query(tx, find_uncovered_licence, ticket, agent, min_validity_s);
    if (found.empty()) return std::nullopt;
    return get<std::string>(found[0]["lacking"]);
}

std::string shortcoming_of(pqxx::transaction_base& tx, std::int64_t ticket, std::int64_t agent, bool rests_with_him) {
    return value_of<std::string>(query(tx, find_shortcoming, ticket, agent, rests_with_him));
}

std::int64_t weight_of(pqxx::transaction_base& tx, const locked_ticket& t, std::int64_t agent) {
    const bool written = t.left_message || can_wait(t.channel);
    return value_of<std::int64_t>(query(tx, find_weight, t.id, agent, written));
}

std::optional<not_for_you> why_not_take(pqxx::transaction_base& tx, const locked_ticket& t, std::int64_t agent,
                                        std::int64_t min_licence_validity_s) {
    if (const auto missing = uncovered_licence(tx, t.id, agent, min_licence_validity_s))
        return not_for_you{"licence: you do not hold a valid " + *missing};
    const bool own = t.state == "held" && t.owner_id == agent; // given to him past what the queue asks for, perhaps
    const auto lacks = shortcoming_of(tx, t.id, agent, own);
    if (!lacks.empty()) return not_for_you{"you cannot take this ticket: " + lacks};
    if (const auto held = in_the_way(tx, agent, t))
        return not_for_you{"you cannot take this ticket beside the " + *held + " that you have", true};
    if (const auto full = no_room(tx, t, agent)) return not_for_you{*full, true};
    return std::nullopt;
}

} // namespace switchboard::store

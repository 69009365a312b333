#include "store/desk_act.hpp"
#include "store/locks.hpp"

#include <switchboard/model/blending.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <stdexcept>

/// Giving a ticket to an agent by hand, and taking one.
namespace switchboard::store {

using nlohmann::json;
using kind = desk_refusal::kind;

namespace {

// All that routing would ask of the agent and he has not, but for licences and room: empty = all is well. $3: it is his
// own, which rests.
constexpr statement shortcoming{"agent_shortcoming", R"(SELECT concat_ws(', ',
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
constexpr statement weight_of{"item_weight", R"(
    SELECT CASE WHEN q.interruptible AND $3 THEN 0 ELSE coalesce(c.weight, 0) END
    FROM ticket t
    JOIN queue q ON q.id = t.queue_id
    LEFT JOIN agent_channel c ON c.agent_id = $2 AND c.channel = t.channel
    WHERE t.id = $1)"};

// The load as it then is, with as much beyond the capacity as that takes.
constexpr statement force_load{"force_load", R"(
    INSERT INTO agent_load AS l (agent_id, channel, used, capacity, extra)
    VALUES ($1, $2, $3, 0, $3)
    ON CONFLICT (agent_id, channel) DO UPDATE
    SET used = l.used + $3, extra = greatest(l.extra, l.used + $3 - l.capacity))"};

bool is_written(const locked_ticket& t) {
    return t.left_message || can_wait(t.channel);
}

/// Of whoever is to have the ticket, and of those who have or are offered it.
void lock_loads_around(pqxx::transaction_base& tx, const locked_ticket& t, std::int64_t agent) {
    std::vector<std::int64_t> agents{agent};
    if (t.offer_agent) agents.push_back(*t.offer_agent);
    for (const auto& s : t.siblings) agents.push_back(s.agent_id);
    lock_loads(tx, agents);
}

struct taking {
    std::int64_t agent_id = 0, by = 0;
    events::taking kind{};
    std::string agent_name{}, by_name{}, reason{};
    std::string past_skill{}; // what was passed over
    bool past_capacity = false;
};

/// The agent has the ticket from now on; the capacity is taken already.
std::int64_t give(pqxx::transaction_base& tx, const locked_ticket& t, const taking& how, std::int64_t weight) {
    const json why{{"trigger", name_of(how.kind)}, {"by", how.by}, {"reason", how.reason}};
    const auto offer = value_of<std::int64_t>(query(tx, R"(
        INSERT INTO offer (
            ticket_id, agent_id, queue_id, channel, weight, state, why, epoch, expires_at, answered_at)
        VALUES ($1, $2, $3, $4, $5, 'active', $6, 0, now(), now())
        RETURNING id)",
                                                    t.id, how.agent_id, t.queue_id, t.channel, weight, why.dump()));
    query(tx, R"(
        UPDATE ticket
        SET state = 'active', owner_id = $2, preferred_agent_id = $2, held_until = NULL, version = version + 1
        WHERE id = $1)",
          t.id, how.agent_id);
    if (t.state == "held") promise_resumed(tx, t.id);
    promise_taken_up(tx, t);
    const json facts{{"by", how.by},
                     {"by_name", how.by_name},
                     {"reason", how.reason},
                     {"past_skill", !how.past_skill.empty()},
                     {"passed_over", how.past_skill},
                     {"past_capacity", how.past_capacity}};
    query(tx, R"(
        INSERT INTO routing_decision (ticket_id, queue_id, kind, agent_id, offer_id, step, epoch, facts)
        SELECT id, queue_id, $2, $3, $4, routing_step, 0, $5
        FROM ticket
        WHERE id = $1)",
          t.id, name_of(how.kind), how.agent_id, offer, facts.dump());
    return offer;
}

void tell_taken(pqxx::transaction_base& tx, const locked_ticket& t, const taking& how, std::int64_t offer) {
    const events::offer_accepted told{
        {offer, t.id, how.agent_id, how.reason, user_or_system(how.by), read_summary(tx, t.id)},
        t.left_message,
        how.kind,
        how.past_skill,
        how.past_capacity};
    append_event(tx, told, {t.id, t.queue_id, how.agent_id, told.by});
}

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

/// Whether that took more than there was room for.
bool take_load_or_force_it(pqxx::transaction_base& tx, const locked_ticket& t, std::int64_t agent,
                           std::int64_t weight) {
    if (value_of<bool>(query(tx, "SELECT take_load($1, $2, $3)", agent, t.channel, weight))) return false;
    query(tx, force_load, agent, "*", weight);
    query(tx, force_load, agent, t.channel, 1);
    return true;
}

std::optional<std::string> name_of_agent(pqxx::transaction_base& tx, std::int64_t agent) {
    const auto found = query(tx, "SELECT name FROM users WHERE id = $1 AND active", agent);
    if (found.empty()) return std::nullopt;
    return get<std::string>(found[0]["name"]);
}

// What fills somebody's hands: the channel's places, or the units of all channels together.
constexpr statement room_left{"room_left", R"(
    SELECT ch.used, ch.capacity + ch.extra AS places,
           ch.used < ch.capacity + ch.extra AND al.used + $3 <= al.capacity + al.extra AS has_room
    FROM agent_load ch
    JOIN agent_load al ON al.agent_id = ch.agent_id AND al.channel = '*'
    WHERE ch.agent_id = $1 AND ch.channel = $2)"};

std::optional<std::string> no_room(pqxx::transaction_base& tx, const locked_ticket& t, std::int64_t agent) {
    const auto weight = value_of<std::int64_t>(query(tx, weight_of, t.id, agent, is_written(t)));
    const auto rows = query(tx, room_left, agent, t.channel, weight);
    if (rows.empty()) return "you have no room for one more";
    const auto used = get<std::int64_t>(rows[0]["used"]), places = get<std::int64_t>(rows[0]["places"]);
    if (get<bool>(rows[0]["has_room"])) return std::nullopt;
    if (used >= places) return fmt::format("you are full: {} of {} on the channel {}", used, places, t.channel);
    return "you are full: what you have in hand leaves no room for one more";
}

} // namespace

std::optional<not_for_you> why_not_take(pqxx::transaction_base& tx, const locked_ticket& t, std::int64_t agent,
                                        std::int64_t min_licence_validity_s) {
    if (const auto missing = uncovered_licence(tx, t.id, agent, min_licence_validity_s))
        return not_for_you{"licence: you do not hold a valid " + *missing};
    const bool own = t.state == "held" && t.owner_id == agent; // given to him past what the queue asks for, perhaps
    const auto lacks = value_of<std::string>(query(tx, shortcoming, t.id, agent, own));
    if (!lacks.empty()) return not_for_you{"you cannot take this ticket: " + lacks};
    if (const auto held = in_the_way(tx, agent, t))
        return not_for_you{"you cannot take this ticket beside the " + *held + " that you have", true};
    if (const auto full = no_room(tx, t, agent)) return not_for_you{*full, true};
    return std::nullopt;
}

ticket_summary take_up(pqxx::transaction_base& tx, const locked_ticket& t, const viewer& me) {
    const taking how{me.user_id, me.user_id, events::taking::claimed};
    const auto weight = value_of<std::int64_t>(query(tx, weight_of, t.id, me.user_id, is_written(t)));
    if (!value_of<bool>(query(tx, "SELECT take_load($1, $2, $3)", me.user_id, t.channel, weight)))
        throw std::logic_error{"whoever takes a ticket up has looked for room before, under the lock of his loads"};
    const auto offer = give(tx, t, how, weight);
    tell_taken(tx, t, how, offer);
    not_ready_after_this_one(tx, me.user_id);
    return read_summary(tx, t.id);
}

ticket_summary give_back(pqxx::transaction_base& tx, const locked_ticket& t, std::int64_t owner, const viewer& who,
                         events::ticket_change change, std::optional<std::int64_t> released, std::string_view cause) {
    taking how{.agent_id = owner, .by = who.user_id, .kind = events::taking::given_back, .reason = std::string{cause}};
    const auto weight = value_of<std::int64_t>(query(tx, weight_of, t.id, owner, is_written(t)));
    how.past_capacity = take_load_or_force_it(tx, t, owner, weight);
    const auto offer = give(tx, t, how, weight);
    tell_change(tx, {.change = change, .released = released, .cause = how.reason, .past_capacity = how.past_capacity},
                who, t);
    tell_taken(tx, t, how, offer);
    not_ready_after_this_one(tx, owner);
    return read_summary(tx, t.id);
}

desk::answer<ticket> desk::assign(std::int64_t ticket, viewer who, std::int64_t agent_id, std::string reason,
                                  keep<whole> kept) {
    return change(
        db_, ticket, std::move(who), ticket_action::assign, std::move(kept),
        [agent_id, reason = std::move(reason), lasts_s = min_licence_validity_s_](
            pqxx::work& tx, const locked_ticket& t, const viewer& me) -> desk_result<ticket_summary> {
            taking how{.agent_id = agent_id,
                       .by = me.user_id,
                       .kind = events::taking::assigned,
                       .by_name = name_of_agent(tx, me.user_id).value_or(""),
                       .reason = reason};
            if (auto name = name_of_agent(tx, agent_id))
                how.agent_name = std::move(*name);
            else
                return refuse(kind::invalid, "there is no such agent", "agent_id");
            if (t.owner_id == agent_id && (t.state == "active" || t.state == "parked"))
                return refuse(kind::conflict, how.agent_name + " has this ticket already");
            if (const auto missing = uncovered_licence(tx, t.id, agent_id, lasts_s))
                return refuse(kind::conflict, "licence: " + how.agent_name + " does not hold a valid " + *missing +
                                                  "; nobody can be assigned past a licence");
            how.past_skill = value_of<std::string>(query(tx, shortcoming, t.id, agent_id, false));
            lock_loads_around(tx, t, agent_id);
            end_open_offers(tx, t, t.offer_state == "offered" ? "rescinded" : "done", "assigned to " + how.agent_name);
            const auto weight = value_of<std::int64_t>(query(tx, weight_of, t.id, agent_id, is_written(t)));
            how.past_capacity = take_load_or_force_it(tx, t, agent_id, weight);
            const auto offer = give(tx, t, how, weight);
            auto now_is =
                tell_change(tx, {.change = events::ticket_change::assigned, .released = t.offer_agent}, me, t);
            tell_taken(tx, t, how, offer);
            return now_is;
        });
}

desk::answer<ticket> desk::claim(std::int64_t ticket, viewer who, keep<whole> kept) {
    return change(db_, ticket, std::move(who), ticket_action::claim, std::move(kept),
                  [lasts_s = min_licence_validity_s_](pqxx::work& tx, const locked_ticket& t,
                                                      const viewer& me) -> desk_result<ticket_summary> {
                      lock_loads(tx, {me.user_id});
                      if (const auto why_not = why_not_take(tx, t, me.user_id, lasts_s))
                          return refuse(kind::conflict, why_not->words);
                      return take_up(tx, t, me);
                  });
}

} // namespace switchboard::store

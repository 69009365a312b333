#include "store/desk_act.hpp"
#include "store/locks.hpp"

#include <nlohmann/json.hpp>

#include <stdexcept>

/// Giving a ticket to an agent by hand, and taking one.
namespace switchboard::store {

using nlohmann::json;
using kind = desk_refusal::kind;

namespace {

// The load as it then is, with as much beyond the capacity as that takes.
constexpr statement force_load{"force_load", R"(
    INSERT INTO agent_load AS l (agent_id, channel, used, capacity, extra)
    VALUES ($1, $2, $3, 0, $3)
    ON CONFLICT (agent_id, channel) DO UPDATE
    SET used = l.used + $3, extra = greatest(l.extra, l.used + $3 - l.capacity))"};

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

} // namespace

ticket_summary take_up(pqxx::transaction_base& tx, const locked_ticket& t, const viewer& me) {
    const taking how{me.user_id, me.user_id, events::taking::claimed};
    const auto weight = weight_of(tx, t, me.user_id);
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
    const auto weight = weight_of(tx, t, owner);
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
            how.past_skill = shortcoming_of(tx, t.id, agent_id, false);
            lock_loads_around(tx, t, agent_id);
            end_open_offers(tx, t, t.offer_state == "offered" ? "rescinded" : "done", "assigned to " + how.agent_name);
            const auto weight = weight_of(tx, t, agent_id);
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

#include "store/callback_rows.hpp"
#include "store/desk_act.hpp"
#include "store/draft_rows.hpp"
#include "store/locks.hpp"

#include <switchboard/util/json.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

/// Notes, transfer, escalation, hold, solve, reopen.
namespace switchboard::store {

using nlohmann::json;
using kind = desk_refusal::kind;

namespace {

/// Back to the waiting, at the old place: enqueue_at stays. `more`: what else is set.
std::string requeue(std::string_view more) {
    return fmt::format(R"(
        UPDATE ticket
        SET state = 'waiting', owner_id = NULL, held_until = NULL, version = version + 1, {}
        WHERE id = $1)",
                       more);
}

struct target_queue {
    std::string name, skills, licences;
};

std::optional<target_queue> active_queue(pqxx::transaction_base& tx, std::int64_t id) {
    const auto rows = query(tx, "SELECT name, skills, licences FROM queue WHERE id = $1 AND active", id);
    if (rows.empty()) return std::nullopt;
    return target_queue{get<std::string>(rows[0]["name"]), get<std::string>(rows[0]["skills"]),
                        get<std::string>(rows[0]["licences"])};
}

/// What a ticket needs in another queue: without the old queue's skills, with the new one's. Licences only add up.
std::pair<std::string, std::string> terms_in(pqxx::transaction_base& tx, std::int64_t ticket, std::int64_t from,
                                             const target_queue& to) {
    const auto row = query(tx, R"(
        SELECT t.skills, t.licences, q.skills AS of_queue
        FROM ticket t, queue q
        WHERE t.id = $1 AND q.id = $2)",
                           ticket, from)
                         .front();
    const auto old_queue = own_json(get<std::string>(row["of_queue"]));
    json skills = own_json(to.skills);
    for (const auto& term : own_json(get<std::string>(row["skills"]))) {
        const auto same_skill = [&](const json& other) { return other.at("skill_id") == term.at("skill_id"); };
        if (std::ranges::none_of(old_queue, same_skill) && std::ranges::none_of(skills, same_skill))
            skills.push_back(term);
    }
    json licences = own_json(get<std::string>(row["licences"]));
    for (const auto& term : own_json(to.licences))
        if (std::ranges::find(licences, term) == licences.end()) licences.push_back(term);
    return {skills.dump(), licences.dump()};
}

/// Moves a ticket to another queue's waiting, whoever had it. One that is to be called back waits for that there.
void move_to_queue(pqxx::transaction_base& tx, const locked_ticket& t, std::int64_t queue_id, const target_queue& to,
                   std::string_view reason) {
    const auto [skills, licences] = terms_in(tx, t.id, t.queue_id, to);
    end_open_offers(tx, t, t.offer_state == "offered" ? "rescinded" : "done", reason);
    query(tx, requeue("queue_id = $2, skills = $3, licences = $4, preferred_agent_id = NULL"), t.id, queue_id, skills,
          licences);
    if (const auto later = callback_ahead(tx, t.id); later && t.state == "held")
        hold_until(tx, t.id, *later);
    else if (t.state == "held")
        promise_resumed(tx, t.id);
    promise_follows(tx, t.id, reason);
}

/// Whether what its owner takes from where it rests is his at once; not if he may not have it any more: then it goes to
/// who may. When he has no room nothing changes.
desk_result<bool> owner_takes_it(pqxx::transaction_base& tx, const locked_ticket& t, const viewer& me,
                                 std::int64_t min_licence_validity_s) {
    if (t.owner_id != me.user_id) return false;
    lock_loads(tx, {me.user_id});
    const auto why_not = why_not_take(tx, t, me.user_id, min_licence_validity_s);
    if (why_not && why_not->full) return refuse(kind::conflict, why_not->words);
    return !why_not;
}

} // namespace

desk::answer<note> desk::add_note(std::int64_t ticket, viewer who, std::string text,
                                  std::optional<std::int64_t> draft_version, keep<note> kept) {
    return act<note>(db_, ticket, std::move(who), ticket_action::note, std::move(kept),
                     [text = std::move(text), draft_version](pqxx::work& tx, const locked_ticket& t,
                                                             const viewer& me) -> desk_result<note> {
                         if (auto stale = changed_draft(tx, t.id, me.user_id, "note", draft_version))
                             return std::unexpected{std::move(*stale)};
                         if (draft_version) end_draft(tx, t.id, me.user_id, "note");
                         return insert_note(tx, t, me.user_id, text);
                     });
}

desk::answer<ticket> desk::edit(std::int64_t ticket, viewer who, ticket_edit e) {
    return change(
        db_, ticket, std::move(who), ticket_action::edit, {},
        [e = std::move(e)](pqxx::work& tx, const locked_ticket& t, const viewer& me) -> desk_result<ticket_summary> {
            if (e.expected_version && *e.expected_version != t.version)
                return refuse(kind::stale, "the ticket has changed since you read it");
            query(tx, R"(
                UPDATE ticket
                SET subject = coalesce($2, subject), language = coalesce($3, language),
                    priority = coalesce($4, priority), tier = coalesce($5, tier),
                    difficulty = coalesce($6, difficulty), version = version + 1
                WHERE id = $1)",
                  t.id, e.subject, e.language, e.priority, e.tier, e.difficulty);
            if (e.priority) promise_follows(tx, t.id, "priority changed");
            return tell_change(tx, {.change = events::ticket_change::edited}, me, t);
        });
}

desk::answer<ticket> desk::transfer(std::int64_t ticket, viewer who, std::int64_t queue_id, std::string note,
                                    keep<whole> kept) {
    return change(db_, ticket, std::move(who), ticket_action::transfer, std::move(kept),
                  [queue_id, note = std::move(note)](pqxx::work& tx, const locked_ticket& t,
                                                     const viewer& me) -> desk_result<ticket_summary> {
                      const auto to = active_queue(tx, queue_id);
                      if (!to) return refuse(kind::invalid, "there is no such queue", "queue_id");
                      if (queue_id == t.queue_id)
                          return refuse(kind::invalid, "the ticket is in this queue already", "queue_id");
                      if (!note.empty()) insert_note(tx, t, me.user_id, note);
                      move_to_queue(tx, t, queue_id, *to, "transferred");
                      return tell_change(tx, {.change = events::ticket_change::transferred, .released = t.offer_agent},
                                         me, t);
                  });
}

desk::answer<ticket> desk::escalate(std::int64_t ticket, viewer who, std::string reason, keep<whole> kept) {
    return change(
        db_, ticket, std::move(who), ticket_action::escalate, std::move(kept),
        [reason = std::move(reason)](pqxx::work& tx, const locked_ticket& t,
                                     const viewer& me) -> desk_result<ticket_summary> {
            const auto found = query(tx, "SELECT escalation_queue_id FROM queue WHERE id = $1", t.queue_id);
            const auto queue_id = get<std::optional<std::int64_t>>(found[0]["escalation_queue_id"]);
            const auto to = queue_id ? active_queue(tx, *queue_id) : std::nullopt;
            if (!to) return refuse(kind::conflict, "this queue has no escalation queue; an admin can set one");
            insert_note(tx, t, me.user_id, "Escalated: " + reason);
            query(tx, "UPDATE ticket SET escalated = true, priority = greatest(priority, 8) WHERE id = $1", t.id);
            move_to_queue(tx, t, *queue_id, *to, "escalated");
            return tell_change(tx, {.change = events::ticket_change::escalated, .released = t.offer_agent}, me, t);
        });
}

desk::answer<ticket> desk::hold(std::int64_t ticket, viewer who, timestamp until, std::string note, keep<whole> kept) {
    return change(db_, ticket, std::move(who), ticket_action::hold, std::move(kept),
                  [until, note = std::move(note)](pqxx::work& tx, const locked_ticket& t,
                                                  const viewer& me) -> desk_result<ticket_summary> {
                      if (!value_of<bool>(query(tx, R"(
                              SELECT $1::timestamptz BETWEEN now() AND now() + interval '1 year')",
                                                until)))
                          return refuse(kind::invalid, "must lie in the future, at most a year ahead", "until");
                      if (!note.empty()) insert_note(tx, t, me.user_id, note);
                      end_open_offers(tx, t, "done", "held");
                      hold_until(tx, t.id, until);
                      promise_paused(tx, t.id);
                      return tell_change(tx, {.change = events::ticket_change::held, .released = t.offer_agent}, me, t);
                  });
}

desk::answer<ticket> desk::resume(std::int64_t ticket, viewer who, keep<whole> kept) {
    return change(db_, ticket, std::move(who), ticket_action::resume, std::move(kept),
                  [lasts_s = min_licence_validity_s_](pqxx::work& tx, const locked_ticket& t,
                                                      const viewer& me) -> desk_result<ticket_summary> {
                      const auto himself = owner_takes_it(tx, t, me, lasts_s);
                      if (!himself) return std::unexpected{himself.error()};
                      if (callback_ahead(tx, t.id)) // is due then
                          query(tx, R"(
                              UPDATE callback
                              SET not_before = now()
                              WHERE ticket_id = $1 AND ended_at IS NULL)",
                                t.id);
                      if (*himself) return give_back(tx, t, me.user_id, me, events::ticket_change::resumed);
                      // Routing gives it to its owner first; if he cannot take it, somebody else can.
                      query(tx, requeue("preferred_agent_id = owner_id"), t.id);
                      promise_resumed(tx, t.id);
                      return tell_change(tx, {.change = events::ticket_change::resumed}, me, t);
                  });
}

desk::answer<ticket> desk::solve(std::int64_t ticket, viewer who, std::string disposition, std::string note,
                                 keep<whole> kept) {
    return change(db_, ticket, std::move(who), ticket_action::solve, std::move(kept),
                  [disposition = std::move(disposition), note = std::move(note)](
                      pqxx::work& tx, const locked_ticket& t, const viewer& me) -> desk_result<ticket_summary> {
                      if (auto wrong = wrong_disposition(tx, t.queue_id, disposition, "disposition"))
                          return std::unexpected{std::move(*wrong)};
                      if (!note.empty()) insert_note(tx, t, me.user_id, note);
                      return solve_locked(tx, t, me, disposition);
                  });
}

std::optional<desk_refusal> wrong_disposition(pqxx::transaction_base& tx, std::int64_t queue,
                                              const std::string& disposition, std::string field) {
    const auto row = query(tx, R"(
        SELECT disposition_name(id, $2) IS NULL AS is_wrong, name,
               (SELECT string_agg(d->>'id', ', ')
                FROM jsonb_array_elements(dispositions) d
                WHERE NOT (d->>'retired')::boolean) AS offered
        FROM queue
        WHERE id = $1)",
                           queue, disposition)[0];
    if (!get<bool>(row["is_wrong"])) return std::nullopt;
    return desk_refusal{desk_refusal::kind::invalid,
                        "must be one of " + get<std::optional<std::string>>(row["offered"]).value_or("none") +
                            ", as tickets of the queue " + get<std::string>(row["name"]) + " are solved",
                        std::move(field)};
}

ticket_summary solve_locked(pqxx::transaction_base& tx, const locked_ticket& t, const viewer& me,
                            const std::string& disposition) {
    // After a live contact the agent has time for wrap-up: the offer keeps the capacity until then.
    const auto wrapup_s = t.offer_state == "active" && t.offer_agent == me.user_id
                              ? value_of<int>(query(tx, R"(
        SELECT CASE WHEN $2 IN ('phone', 'chat', 'walkin') THEN wrapup_s ELSE 0 END
        FROM queue
        WHERE id = $1)",
                                                    t.queue_id, t.channel))
                              : 0;
    if (wrapup_s > 0)
        query(tx, "UPDATE offer SET state = 'wrapup', expires_at = now() + make_interval(secs => $2) WHERE id = $1",
              t.offer_id, wrapup_s);
    else
        end_open_offers(tx, t, t.offer_state == "offered" ? "rescinded" : "done", "solved");
    query(tx, R"(
        UPDATE ticket
        SET state = 'solved', solved_at = now(), held_until = NULL, disposition = $2,
            disposition_name = disposition_name(queue_id, $2), version = version + 1
        WHERE id = $1)",
          t.id, disposition);
    cancel_callback(tx, t.id);
    promise_solved(tx, t.id);
    return tell_change(
        tx, {.change = events::ticket_change::solved, .released = wrapup_s > 0 ? std::nullopt : t.offer_agent}, me, t);
}

desk::answer<ticket> desk::reopen(std::int64_t ticket, viewer who, keep<whole> kept) {
    return change(db_, ticket, std::move(who), ticket_action::reopen, std::move(kept),
                  [lasts_s = min_licence_validity_s_](pqxx::work& tx, const locked_ticket& t,
                                                      const viewer& me) -> desk_result<ticket_summary> {
                      if (t.owner_id == me.user_id) lock_loads(tx, {me.user_id});
                      // Its own wrap-up does not stand in the way of the work that it comes from.
                      const bool freed = t.owner_id == me.user_id && end_wrapup_of(tx, t.id, me.user_id) > 0;
                      const auto released = freed ? t.owner_id : std::nullopt;
                      const auto himself = owner_takes_it(tx, t, me, lasts_s);
                      if (!himself) return std::unexpected{himself.error()};
                      query(tx, requeue(R"(
                                solved_at = NULL, disposition = NULL, enqueue_at = now(),
                                preferred_agent_id = coalesce(owner_id, preferred_agent_id))"),
                            t.id);
                      promise_anew(tx, t.id);
                      if (*himself) return give_back(tx, t, me.user_id, me, events::ticket_change::reopened, released);
                      return tell_change(tx, {.change = events::ticket_change::reopened, .released = released}, me, t);
                  });
}

desk::answer<ticket> desk::end_wrapup(std::int64_t ticket, viewer who, std::optional<std::string> disposition,
                                      keep<whole> kept) {
    return change(db_, ticket, std::move(who), ticket_action::end_wrapup, std::move(kept),
                  [disposition = std::move(disposition)](pqxx::work& tx, const locked_ticket& t,
                                                         const viewer& me) -> desk_result<ticket_summary> {
                      if (end_wrapup_of(tx, t.id, t.owner_id.value_or(0)) == 0)
                          return refuse(kind::conflict, "this ticket is not in wrap-up");
                      events::ticket_changed what{.change = events::ticket_change::wrapup_done, .released = t.owner_id};
                      if (disposition) {
                          if (t.state != "solved")
                              return refuse(kind::conflict, "this ticket is open again, so nothing was its end");
                          if (auto wrong = wrong_disposition(tx, t.queue_id, *disposition, "disposition"))
                              return std::unexpected{std::move(*wrong)};
                          const auto was = read_summary(tx, t.id);
                          query(tx, R"(
                              UPDATE ticket
                              SET disposition = $2, disposition_name = disposition_name(queue_id, $2),
                                  version = version + 1
                              WHERE id = $1)",
                                t.id, *disposition);
                          if (was.disposition != disposition && was.disposition_name)
                              what.disposition_was = was.disposition_name;
                      }
                      return tell_change(tx, std::move(what), me, t);
                  });
}

std::size_t end_wrapup_of(pqxx::transaction_base& tx, std::int64_t ticket, std::int64_t agent) {
    return query(tx, R"(
        WITH ended AS (
            UPDATE offer
            SET state = 'done', ended_at = now()
            WHERE ticket_id = $1 AND agent_id = $2 AND state = 'wrapup'
            RETURNING agent_id, channel, weight)
        SELECT give_load(agent_id, channel, weight)
        FROM ended)",
                 ticket, agent)
        .size();
}

} // namespace switchboard::store

#include "store/ticket_changes.hpp"

#include "store/callback_rows.hpp"
#include "store/customer_rows.hpp"
#include "store/draft_rows.hpp"
#include "store/event_rows.hpp"
#include "store/follow_up_rows.hpp"
#include "store/presence_rows.hpp"
#include "store/promises.hpp"
#include "store/reply_rows.hpp"
#include "store/sql.hpp"
#include "store/ticket_rows.hpp"

#include <nlohmann/json.hpp>

#include <stdexcept>

namespace switchboard::store {

using nlohmann::json;

namespace {

constexpr statement change_row{"change_ticket", R"(
    UPDATE ticket
    SET version = $2, state = $3, queue_id = $4, owner_id = $5, preferred_agent_id = $6, subject = $7, language = $8,
        priority = $9, tier = $10, difficulty = $11, escalated = $12, left_message = $13, enqueue_at = $14,
        last_contact_at = $15, held_until = $16, solved_at = $17, first_reply_at = $18, disposition = $19,
        disposition_name = $20, skills = $21, licences = $22, sla = $23, due_at = $24, sla_check_at = $25
    WHERE id = $1)"};

// The load as it then is, with as much beyond the capacity as that takes.
constexpr statement force_load{"force_load", R"(
    INSERT INTO agent_load AS l (agent_id, channel, used, capacity, extra)
    VALUES ($1, $2, $3, 0, $3)
    ON CONFLICT (agent_id, channel) DO UPDATE
    SET used = l.used + $3, extra = greatest(l.extra, l.used + $3 - l.capacity))"};

constexpr statement add_offer{"hand_over", R"(
    INSERT INTO offer (ticket_id, agent_id, queue_id, channel, weight, state, why, epoch, expires_at, answered_at)
    VALUES ($1, $2, $3, $4, $5, 'active', $6, 0, now(), now())
    RETURNING id)"};

constexpr statement add_decision{"handed_over", R"(
    INSERT INTO routing_decision (ticket_id, queue_id, kind, agent_id, offer_id, step, epoch, facts)
    SELECT id, queue_id, $2, $3, $4, routing_step, 0, $5
    FROM ticket
    WHERE id = $1)"};

constexpr statement accept_offer{"accept_offer", R"(
    UPDATE offer SET state = 'active', answered_at = now() WHERE id = $1)"};

constexpr statement decline_offer{"decline_offer", R"(
    WITH ended AS (
        UPDATE offer
        SET state = 'declined', reason = $2, ended_at = now()
        WHERE id = $1
        RETURNING agent_id, channel, weight)
    SELECT give_load(agent_id, channel, weight)
    FROM ended)"};

// What was only offered is rescinded, all else is done. $3: but for this one.
constexpr statement end_offers{"end_open_offers", R"(
    WITH open AS (
        SELECT id, agent_id, channel, weight, state
        FROM offer
        WHERE ticket_id = $1 AND state IN ('offered', 'active', 'parked') AND id IS DISTINCT FROM $3),
    ended AS (
        UPDATE offer o
        SET state = CASE open.state WHEN 'offered' THEN 'rescinded' ELSE 'done' END, reason = $2, ended_at = now()
        FROM open
        WHERE o.id = open.id)
    SELECT give_load(agent_id, channel, weight)
    FROM (SELECT * FROM open WHERE state <> 'parked' ORDER BY agent_id) AS held)"};

constexpr statement park_offer{"put_aside", R"(
    WITH parked AS (
        UPDATE offer
        SET state = 'parked'
        WHERE ticket_id = $1 AND state = 'active'
        RETURNING agent_id, channel, weight)
    SELECT give_load(agent_id, channel, weight)
    FROM parked)"};

constexpr statement begin_wrapup{"begin_wrapup", R"(
    UPDATE offer
    SET state = 'wrapup', expires_at = now() + make_interval(secs => $2)
    WHERE ticket_id = $1 AND state = 'active')"};

constexpr statement end_wrapup{"end_wrapup", R"(
    WITH ended AS (
        UPDATE offer
        SET state = 'done', ended_at = now()
        WHERE ticket_id = $1 AND agent_id = $2 AND state = 'wrapup'
        RETURNING agent_id, channel, weight)
    SELECT give_load(agent_id, channel, weight)
    FROM ended)"};

constexpr statement mark_missed{"left_unanswered", R"(
    UPDATE contact SET flags = array_append(flags, 'missed')
    WHERE id = (SELECT max(c.id) FROM contact c JOIN ticket t ON t.id = c.ticket_id
                WHERE t.id = $1 AND t.first_reply_at IS NULL AND c.direction = 'in') AND NOT 'missed' = ANY(flags))"};

constexpr statement insert_identity{"keep_identity", R"(
    INSERT INTO customer_identity (kind, value, customer_id) VALUES ($1, $2, $3))"};

constexpr statement change_customer{"customer_identity_kept", R"(
    UPDATE customer SET version = version + 1 WHERE id = $1 RETURNING version)"};

constexpr statement add_note{"add_note", R"(
    WITH n AS (
        INSERT INTO note (ticket_id, author_id, text)
        VALUES ($1, $2, $3)
        RETURNING id, author_id, text, created_at)
    SELECT n.id, n.author_id, u.name, n.text, n.created_at
    FROM n
    LEFT JOIN users u ON u.id = n.author_id)"};

void write_row(pqxx::transaction_base& tx, const ticket_record& r) {
    query(tx, change_row, r.id, r.version, name_of(r.state), r.queue_id, r.owner_id, r.preferred_agent_id, r.subject,
          r.language, r.priority, r.tier, r.difficulty, r.escalated, r.left_message, r.enqueue_at, r.last_contact_at,
          r.held_until, r.solved_at, r.first_reply_at, r.disposition, r.disposition_name, r.skills, r.licences, r.sla,
          r.due_at, r.sla_check_at);
}

void take_load(pqxx::transaction_base& tx, const ticket_record& t, const handover& h) {
    if (h.past_capacity) {
        query(tx, force_load, h.agent_id, "*", h.weight);
        query(tx, force_load, h.agent_id, t.channel, 1);
    } else if (!value_of<bool>(query(tx, "SELECT take_load($1, $2, $3)", h.agent_id, t.channel, h.weight))) {
        throw std::logic_error{"whoever hands a ticket over has looked for room before, under the lock of the loads"};
    }
}

void add_reason(pqxx::transaction_base& tx, std::int64_t ticket, std::string_view kind,
                const locked_ticket::place& whose, const json& facts) {
    query(tx, add_decision, ticket, kind, whose.agent_id, whose.id, facts.dump());
}

/// The offer, which is in hand at once; and why.
std::int64_t write_handover(pqxx::transaction_base& tx, const ticket_record& t, const handover& h,
                            std::optional<std::int64_t> by) {
    const auto said_by = by.value_or(0);
    const json why{{"trigger", name_of(h.how)}, {"by", said_by}, {"reason", h.reason}};
    const auto offer =
        value_of<std::int64_t>(query(tx, add_offer, t.id, h.agent_id, t.queue_id, t.channel, h.weight, why.dump()));
    const auto by_name = h.how == events::taking::assigned
                             ? value_of<std::string>(query(tx, "SELECT name FROM users WHERE id = $1", by))
                             : std::string{};
    const json facts{{"by", said_by},
                     {"by_name", by_name},
                     {"reason", h.reason},
                     {"past_skill", !h.past_skill.empty()},
                     {"passed_over", h.past_skill},
                     {"past_capacity", h.past_capacity}};
    add_reason(tx, t.id, name_of(h.how), {.id = offer, .agent_id = h.agent_id}, facts);
    return offer;
}

void tell_handover(pqxx::transaction_base& tx, const locked_ticket& t, const handover& h, std::int64_t offer,
                   std::optional<std::int64_t> by, const ticket_summary& now) {
    append_event(
        tx,
        events::offer_accepted{
            {offer, t.id, h.agent_id, h.reason, by, now}, t.left_message, h.how, h.past_skill, h.past_capacity},
        {t.id, t.queue_id, h.agent_id, by});
}

void append_promise(pqxx::transaction_base& tx, std::int64_t ticket, const sla::promise::lines& lines) {
    if (lines.empty()) return;
    std::vector<told_line> told;
    for (const auto& l : lines) told.emplace_back(ticket, l);
    append_lines(tx, told);
}

/// Why those who were offered the ticket are so no longer.
std::string rescinded_because(const events::ticket_changed& what) {
    if (!what.cause.empty()) return what.cause;
    return what.change == events::ticket_change::assigned ? "the ticket is with somebody else"
                                                          : std::string{name_of(what.change)};
}

/// To who had an offer of the ticket.
void tell_rescinded(pqxx::transaction_base& tx, const ticket_summary& now, const locked_ticket::place& whose,
                    std::string_view reason) {
    append_event(tx,
                 events::offer_rescinded{{whose.id, now.id, whose.agent_id, std::string{reason}, std::nullopt, now}},
                 {now.id, now.queue.id, whose.agent_id});
}

/// To the queue, and to who owned the ticket before. Whoever was offered it is so no longer, unless somebody still is.
void tell(pqxx::transaction_base& tx, events::ticket_changed what, std::optional<std::int64_t> by,
          const locked_ticket& before, const ticket_summary& now) {
    what.ticket = now;
    what.by = by;
    if (before.owner_id != by) what.in_place_of = before.owner_id;
    append_event(tx, what, {before.id, now.queue.id, before.owner_id ? before.owner_id : before.offer_agent(), by});
    if (before.is_offered() && now.state != name_of(ticket_state::offered))
        for (const auto& o : before.offers) tell_rescinded(tx, now, o, rescinded_because(what));
}

void answer(pqxx::transaction_base& tx, const offer_answer& a) {
    if (a.accepted)
        query(tx, accept_offer, a.offer_id);
    else
        query(tx, decline_offer, a.offer_id, a.reason);
}

void tell_answer(pqxx::transaction_base& tx, const locked_ticket& before, const ticket_changes& c,
                 const ticket_summary& now) {
    const auto& a = *c.answered;
    const events::offer_end end{a.offer_id, before.id, a.agent_id, a.reason, a.agent_id, now};
    const event_about whom{before.id, before.queue_id, a.agent_id, a.agent_id};
    if (!a.accepted) return append_event(tx, events::offer_declined{end}, whom);
    append_event(tx, events::offer_accepted{end, before.left_message, {}, "", false}, whom);
    for (const auto& o : before.offers)
        if (o.id != a.offer_id) tell_rescinded(tx, now, o, c.ends_offers.value());
}

/// A new one of the ticket's customer; somebody else may have been faster.
void keep_identity(pqxx::transaction_base& tx, std::int64_t customer, const party& identity,
                   std::optional<std::int64_t> by) {
    query(tx, insert_identity, identity.kind, identity.value, customer);
    const auto version = value_of<std::int64_t>(query(tx, change_customer, customer));
    tell_customer_changed(tx, customer, version, {"identities"}, by);
}

} // namespace

note leave_note(pqxx::transaction_base& tx, const locked_ticket& t, std::optional<std::int64_t> author,
                const std::string& text) {
    const auto row = query(tx, add_note, t.id, author, text).front();
    note n{get<std::int64_t>(row["id"]), t.id, std::nullopt, get<std::string>(row["text"]),
           get<timestamp>(row["created_at"])};
    if (!row["author_id"].is_null())
        n.author = named{get<std::int64_t>(row["author_id"]), get<std::string>(row["name"])};
    append_event(tx, events::note_added{t.id, n}, {t.id, t.queue_id, t.owner_id, author});
    return n;
}

changed_ticket write_changes(pqxx::transaction_base& tx, const locked_ticket& before, const ticket_changes& c) {
    changed_ticket out;
    const event_about whom{before.id, before.queue_id, before.owner_id, c.by};
    // In the order of locks: offers and loads, then the rest.
    if (c.answered) answer(tx, *c.answered);
    if (c.ends_offers && !before.offers.empty())
        query(tx, end_offers, before.id, *c.ends_offers,
              c.answered ? std::optional{c.answered->offer_id} : std::nullopt);
    if (c.parks) query(tx, park_offer, before.id);
    if (c.wrapup_s > 0) query(tx, begin_wrapup, before.id, c.wrapup_s);
    if (c.ends_wrapup_of) query(tx, end_wrapup, before.id, *c.ends_wrapup_of);
    if (c.handed) take_load(tx, c.row, *c.handed);
    if (c.row.version != before.version) write_row(tx, c.row);
    const auto handed = c.handed ? write_handover(tx, c.row, *c.handed, c.by) : 0;
    if (c.returned) add_reason(tx, before.id, "returned", before.offers.front(), json{{"cause", *c.returned}});
    append_promise(tx, before.id, c.promise);
    const auto callback = c.callback ? write_callback(tx, before.id, *c.callback) : 0;
    std::optional<follow_up> next;
    if (c.follow_up) {
        out.follow_up = write_follow_up(tx, before.id, c.follow_up->now_is);
        if (c.follow_up->next) next = write_follow_up(tx, before.id, *c.follow_up->next);
    }
    for (const auto& f : c.taken_back) write_follow_up(tx, before.id, f.now_is);
    if (c.was_missed) query(tx, mark_missed, before.id);
    if (c.keeps_identity) keep_identity(tx, before.customer_id.value(), *c.keeps_identity, c.by);
    if (c.begun_by) not_ready_after_this_one(tx, *c.begun_by);

    out.summary = read_summary(tx, before.id);
    if (c.reply) {
        auto told = write_reply(tx, c.row, c.by.value(), *c.reply);
        told.ticket = out.summary;
        append_event(tx, told, whom);
        out.reply = told.contact.id;
    }
    if (!c.ends_draft.empty()) end_draft(tx, before.id, c.by.value(), c.ends_draft);
    if (!c.note.empty()) out.left = leave_note(tx, before, c.by, c.note);
    if (c.told) {
        auto told = *c.told;
        if (told.callback) told.callback->id = callback;
        tell(tx, std::move(told), c.by, before, out.summary);
    }
    if (c.follow_up) tell_follow_up(tx, *c.follow_up, *out.follow_up, about(out.summary, c.by));
    for (const auto& f : c.taken_back)
        tell_follow_up(tx, f, read_follow_up(tx, f.now_is.id).value(), about(out.summary, c.by));
    if (next) tell_follow_up(tx, {.now_is = *next}, *next, about(out.summary, c.by));
    if (c.handed) tell_handover(tx, before, *c.handed, handed, c.by, out.summary);
    if (c.answered) tell_answer(tx, before, c, out.summary);
    if (c.sent) {
        auto told = write_reply_change(tx, c.row, c.by.value(), *c.sent);
        if (c.sent->what == reply_change::kind::taken_back) told.ticket = out.summary;
        append_event(tx, told, whom);
    }
    return out;
}

} // namespace switchboard::store

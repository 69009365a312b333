#include "store/ticket_at_hand.hpp"

#include "store/callback_rows.hpp"
#include "store/follow_up_rows.hpp"
#include "store/grant_rows.hpp"
#include "store/locks.hpp"
#include "store/noun_table.hpp"
#include "store/promises.hpp"
#include "store/reply_target.hpp"
#include "store/sql.hpp"
#include "store/ticket_rows.hpp"
#include "store/visitor_rows.hpp"

#include <switchboard/store/configuration.hpp>

#include <fmt/format.h>

namespace switchboard::store {

namespace {

// Of the licences that the ticket asks for, one that nothing valid covers. Nothing relaxes this, at offer or here.
const std::string find_taker_sql = fmt::format(R"(
    SELECT u.name, u.active, {} AS takes_work, t.channel, t.left_message, q.interruptible, coalesce(c.weight, 0) AS weight,
           coalesce(c.capacity > 0, false) AS does_channel, u.grade >= t.difficulty AS has_grade,
           EXISTS (SELECT FROM queue_member m WHERE m.agent_id = u.id AND m.queue_id = t.queue_id) AS is_member,
           coalesce(p.state = 'ready' AND NOT p.absent AND t.channel = ANY(p.channels), false) AS is_ready,
           (SELECT coalesce(string_agg('skill ' || s.name, ', ' ORDER BY s.name), '')
            FROM jsonb_array_elements(t.skills) term
            JOIN skill s ON s.id = (term->>'skill_id')::bigint
            LEFT JOIN agent_skill a ON a.agent_id = u.id AND a.skill_id = s.id
            WHERE coalesce(a.level, 0) < coalesce((term->>'min')::integer, 1)) AS lacking_skills,
           (SELECT l.name || ' (' || (term->>'jurisdiction') || ')'
            FROM jsonb_array_elements(t.licences) term
            JOIN licence l ON l.id = (term->>'licence_id')::bigint
            WHERE NOT EXISTS (
                SELECT FROM agent_licence a
                WHERE a.agent_id = u.id
                  AND a.licence_id = l.id
                  AND a.state = 'active'
                  AND a.valid_from <= clock_timestamp()
                  AND a.valid_until > clock_timestamp() + make_interval(secs => $3)
                  AND a.jurisdictions && ARRAY[term->>'jurisdiction', '*'])
            LIMIT 1) AS uncovered_licence
    FROM ticket t
    JOIN queue q ON q.id = t.queue_id
    JOIN users u ON u.id = $2
    LEFT JOIN agent_channel c ON c.agent_id = u.id AND c.channel = t.channel
    LEFT JOIN presence p ON p.agent_id = u.id
    WHERE t.id = $1)",
                                               user_takes_work());

constexpr statement find_loads{"taker_loads", R"(
    SELECT channel = '*' AS is_units, used, capacity, extra
    FROM agent_load
    WHERE agent_id = $1 AND channel IN ('*', $2))"};

constexpr statement find_in_hand{"taker_in_hand", R"(
    SELECT CASE WHEN t.left_message AND o.channel = 'phone' THEN 'email' ELSE o.channel END AS channel, o.weight,
           q.interruptible AND o.weight = 0 AS interruptible, o.state = 'wrapup' AND t.id = $2 AS is_its_wrapup
    FROM offer o
    JOIN queue q ON q.id = o.queue_id
    JOIN ticket t ON t.id = o.ticket_id
    WHERE o.agent_id = $1 AND o.state IN ('active', 'wrapup')
    ORDER BY o.id)"};

// Its own gateway if that can, else another.
constexpr statement find_dialling_gateway{"dialling_gateway", R"(
    SELECT id
    FROM gateway
    WHERE enabled AND kind IN ('phone', 'freeswitch', 'asterisk') AND coalesce(settings->>'dial_url', '') <> ''
    ORDER BY (id = $1) DESC NULLS LAST, id LIMIT 1)"};

constexpr statement find_dial_order{"dial_order_at_hand", R"(
    SELECT d.gateway_id
    FROM callback c
    JOIN dial_order d ON d.callback_id = c.id AND d.attempt = c.attempts + 1
    WHERE c.ticket_id = $1 AND c.ended_at IS NULL AND c.state = 'dialling')"};

constexpr statement find_draft{"ticket_draft", R"(
    SELECT version FROM draft WHERE ticket_id = $1 AND agent_id = $2 AND kind = $3 FOR UPDATE)"};

constexpr statement find_offer{"offer_at_hand", R"(
    SELECT agent_id, weight, state, expires_at <= clock_timestamp() AS is_over FROM offer WHERE id = $1 FOR UPDATE)"};

// Who sends it takes it without the ticket's lock.
constexpr statement find_reply{"reply_at_hand", R"(
    SELECT c.author_id, c.received_at, o.state = 'queued' AND o.attempts = 0 AND o.claimed_until IS NULL AS is_queued,
           o.state = 'failed' AS has_failed
    FROM contact c
    JOIN outbox o ON o.contact_id = c.id
    WHERE c.id = $1 FOR UPDATE OF o)"};

constexpr statement find_draft_files{"draft_files_at_hand", R"(
    SELECT f.id
    FROM draft_file f
    JOIN draft d ON d.id = f.draft_id
    WHERE d.ticket_id = $1 AND d.agent_id = $2 AND d.kind = 'reply'
    ORDER BY f.id FOR KEY SHARE OF f)"};

constexpr statement find_identity{"identity_at_hand", R"(
    SELECT customer_id FROM customer_identity WHERE kind = $1 AND value = $2 FOR UPDATE)"};

constexpr statement is_of_staff{"address_of_staff", R"(
    SELECT EXISTS (SELECT FROM users WHERE active AND email <> '' AND lower(email) = $1))"};

constexpr statement find_queue{"ticket_queue", "SELECT * FROM queue WHERE id = $1"};

std::optional<queue> read_target(pqxx::transaction_base& tx, std::int64_t id) {
    auto q = query(tx, find_queue, id);
    auto found = q.empty() ? std::nullopt : std::optional{from_row<queue>(q[0])};
    return found && found->active ? std::move(found) : std::nullopt;
}

/// Which ticket it is about.
std::optional<std::int64_t> find_ticket(pqxx::transaction_base& tx, const ticket_questions& q) {
    if (!q.offer && !q.contact && !q.callback && !q.follow_up) return q.ticket;
    const auto rows = q.offer      ? query(tx, "SELECT ticket_id FROM offer WHERE id = $1", *q.offer)
                      : q.callback ? query(tx, "SELECT ticket_id FROM callback WHERE id = $1", *q.callback)
                      : q.follow_up
                          ? query(tx, "SELECT ticket_id FROM follow_up WHERE id = $1", *q.follow_up)
                          : query(tx, "SELECT ticket_id FROM contact WHERE id = $1 AND outcome = 'sent'", *q.contact);
    return rows.empty() ? std::nullopt : get<std::optional<std::int64_t>>(rows[0]["ticket_id"]);
}

offer_at_hand read_offer_at_hand(pqxx::transaction_base& tx, std::int64_t id) {
    const auto r = query(tx, find_offer, id)[0];
    return {id, get<std::int64_t>(r["agent_id"]), get<std::int64_t>(r["weight"]), get<offer_state>(r["state"]),
            get<bool>(r["is_over"])};
}

/// One that never was in the outbox can be neither taken back nor sent again.
reply_at_hand read_reply_at_hand(pqxx::transaction_base& tx, std::int64_t id) {
    const auto rows = query(tx, find_reply, id);
    if (rows.empty()) {
        const auto author =
            value_of<std::optional<std::int64_t>>(query(tx, "SELECT author_id FROM contact WHERE id = $1", id));
        return {.id = id, .author_id = author};
    }
    const auto r = rows[0];
    return {id, get<std::optional<std::int64_t>>(r["author_id"]), get<timestamp>(r["received_at"]),
            get<bool>(r["is_queued"]), get<bool>(r["has_failed"])};
}

answers_at_hand read_answers(pqxx::transaction_base& tx, const ticket_questions& q, std::int64_t ticket) {
    const auto author = q.asker.user_id;
    answers_at_hand out{value_of<std::string>(query(tx, "SELECT name FROM users WHERE id = $1", author)),
                        find_answer_target(tx, ticket),
                        {},
                        values_of<std::int64_t>(query(tx, find_draft_files, ticket, author))};
    if (q.by_mail) out.by_mail = find_mail_to_visitor(tx, ticket);
    return out;
}

calls_at_hand read_calls(pqxx::transaction_base& tx, const ticket_record& t) {
    const auto first_of = [](const pqxx::result& rows) {
        return rows.empty() ? std::nullopt : std::optional{get<std::int64_t>(rows[0].front())};
    };
    return {callback_number(tx, t.id), first_of(query(tx, find_dialling_gateway, t.gateway_id)),
            first_of(query(tx, find_dial_order, t.id))};
}

identity_at_hand read_identity(pqxx::transaction_base& tx, std::int64_t ticket, const party& asked) {
    identity_at_hand out{.visitor = read_visitor(tx, ticket)};
    const auto rows = query(tx, find_identity, asked.kind, asked.value);
    if (!rows.empty()) out.customer_id = get<std::int64_t>(rows[0]["customer_id"]);
    out.is_colleagues = asked.kind == "email" && value_of<bool>(query(tx, is_of_staff, asked.value));
    return out;
}

std::optional<std::int64_t> taker_of(const locked_ticket& t, const ticket_questions& q) {
    switch (q.takes) {
    case taker_asked::nobody:
        break;
    case taker_asked::agent:
        return q.agent;
    case taker_asked::owner:
        return t.owner_id;
    case taker_asked::asker_if_owner:
        if (t.owner_id == q.asker.user_id) return t.owner_id;
    }
    return std::nullopt;
}

void lock_loads_around(pqxx::transaction_base& tx, const locked_ticket& t, std::int64_t agent) {
    std::vector<std::int64_t> agents{agent};
    for (const auto& o : t.offers) agents.push_back(o.agent_id);
    lock_loads(tx, agents);
}

} // namespace

std::optional<taker> read_taker(pqxx::transaction_base& tx, std::int64_t ticket, std::int64_t agent,
                                std::int64_t licence_lasts_s) {
    static const statement find_taker{"ticket_taker", find_taker_sql.c_str()};
    const auto found = query(tx, find_taker, ticket, agent, licence_lasts_s);
    if (found.empty()) return std::nullopt;
    const auto r = found[0];
    taker who{.id = agent,
              .name = get<std::string>(r["name"]),
              .active = get<bool>(r["active"]),
              .takes_work = get<bool>(r["takes_work"]),
              .is_ready = get<bool>(r["is_ready"]),
              .channel = get<std::string>(r["channel"]),
              .left_message = get<bool>(r["left_message"]),
              .uncovered_licence = get<std::optional<std::string>>(r["uncovered_licence"]),
              .is_member = get<bool>(r["is_member"]),
              .does_channel = get<bool>(r["does_channel"]),
              .has_grade = get<bool>(r["has_grade"]),
              .lacking_skills = get<std::string>(r["lacking_skills"])};
    who.weight =
        weight_of(get<bool>(r["interruptible"]), who.channel, who.left_message, get<std::int64_t>(r["weight"]));
    for (const auto& l : query(tx, find_loads, agent, who.channel))
        (get<bool>(l["is_units"]) ? who.units : who.places) =
            taker::load{get<std::int64_t>(l["used"]), get<std::int64_t>(l["capacity"]), get<std::int64_t>(l["extra"])};
    for (const auto& i : query(tx, find_in_hand, agent, ticket))
        who.in_hand.push_back({get<std::string>(i["channel"]), get<std::int64_t>(i["weight"]),
                               get<bool>(i["interruptible"]), get<bool>(i["is_its_wrapup"])});
    return who;
}

std::optional<ticket_at_hand> take_at_hand(pqxx::transaction_base& tx, const ticket_questions& q) {
    const auto id = find_ticket(tx, q);
    auto locked = id ? lock_ticket(tx, *id) : std::nullopt;
    if (!locked) return std::nullopt;
    ticket_at_hand at{.ticket = std::move(*locked)};
    const auto& t = at.ticket;
    if (q.offer) at.offer = read_offer_at_hand(tx, *q.offer);
    at.queue = from_row<queue>(query(tx, find_queue, t.queue_id)[0]);
    if (const auto p = read_promise(tx, t.id); !p.promise.empty()) at.promised_by = p.hours;
    if (q.escalates && at.queue.escalation_queue_id) at.target = read_target(tx, *at.queue.escalation_queue_id);
    if (q.to_queue) at.target = read_target(tx, *q.to_queue);
    if (q.terms) {
        const auto where = at.target ? std::int64_t{at.target->id} : t.queue_id;
        at.terms = read_promises(tx, where).at(where);
    }
    at.callback = read_open_callback(tx, t.id);
    if (q.follow_up) at.follow_up = read_follow_up(tx, *q.follow_up);
    if (q.follows_up) at.follow_ups = read_around_follow_ups(tx, t.id, q.kept_by);
    if (const auto taker = taker_of(t, q)) {
        lock_loads_around(tx, t, *taker);
        at.taker = read_taker(tx, t.id, *taker, q.licence_lasts_s);
    }
    if (!q.draft.empty())
        if (const auto rows = query(tx, find_draft, t.id, q.asker.user_id, q.draft); !rows.empty())
            at.draft_version = get<std::int64_t>(rows[0]["version"]);
    if (q.contact) {
        at.reply = read_reply_at_hand(tx, *q.contact);
        at.kept_by_reply = follow_ups_kept_by(tx, t.id, *q.contact);
    }
    if (q.calls) at.calls = read_calls(tx, t);
    if (q.answers) at.answers = read_answers(tx, q, t.id);
    if (q.identity) at.identity = read_identity(tx, t.id, *q.identity);
    return at;
}

} // namespace switchboard::store

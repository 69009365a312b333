#include "store/whole_ticket.hpp"

#include "store/callback_rows.hpp"
#include "store/follow_up_rows.hpp"
#include "store/promises.hpp"
#include "store/reply_target.hpp"
#include "store/sql.hpp"
#include "store/ticket_at_hand.hpp"
#include "store/ticket_rows.hpp"
#include "store/visitor_rows.hpp"

#include <switchboard/util/text.hpp>

#include <fmt/format.h>

namespace switchboard::store {

namespace {

std::vector<named_skill_need> skills_of(pqxx::transaction_base& tx, std::int64_t ticket) {
    std::vector<named_skill_need> out;
    for (const auto& r : query(tx, R"(
            SELECT s.id, s.name, (term->>'min')::int AS min
            FROM ticket t, jsonb_array_elements(t.skills) term
            JOIN skill s ON s.id = (term->>'skill_id')::bigint
            WHERE t.id = $1)",
                               ticket))
        out.push_back({get<std::int64_t>(r["id"]), get<std::string>(r["name"]), get<std::int64_t>(r["min"])});
    return out;
}

std::vector<named_licence_need> licences_of(pqxx::transaction_base& tx, std::int64_t ticket) {
    std::vector<named_licence_need> out;
    for (const auto& r : query(tx, R"(
             SELECT l.id, l.name, term->>'jurisdiction' AS jurisdiction
             FROM ticket t, jsonb_array_elements(t.licences) term
             JOIN licence l ON l.id = (term->>'licence_id')::bigint
             WHERE t.id = $1)",
                               ticket))
        out.push_back({get<std::int64_t>(r["id"]), get<std::string>(r["name"]), get<std::string>(r["jurisdiction"])});
    return out;
}

/// Those that this ticket names, and those that name it.
std::vector<related_ticket> related_to(pqxx::transaction_base& tx, std::int64_t ticket) {
    std::vector<related_ticket> out;
    for (const auto& r : query(tx, R"(
            SELECT related_ticket_id, related_why
            FROM ticket
            WHERE id = $1 AND related_ticket_id IS NOT NULL
            UNION ALL (
                SELECT id, related_why
                FROM ticket
                WHERE related_ticket_id = $1
                ORDER BY id DESC LIMIT 20))",
                               ticket))
        out.push_back({get<std::int64_t>(r["related_ticket_id"]), get<std::string>(r["related_ticket_id"]),
                       get<std::string>(r["related_why"])});
    return out;
}

std::optional<read_marker> marker_of(pqxx::transaction_base& tx, std::int64_t ticket, const viewer& who) {
    const auto rows = query(tx, R"(
        SELECT m.contact_id, c.received_at
        FROM read_marker m
        LEFT JOIN contact c ON c.id = m.contact_id
        WHERE m.ticket_id = $1 AND m.agent_id = $2)",
                            ticket, who.user_id);
    if (rows.empty()) return std::nullopt;
    return read_marker{get<std::optional<std::int64_t>>(rows[0]["contact_id"]),
                       get<std::optional<timestamp>>(rows[0]["received_at"])};
}

std::vector<std::string> bounced_among(pqxx::transaction_base& tx, const reply_target& reply) {
    std::vector<std::string> asked, out;
    if (reply.kind == "email")
        for (const auto* list : {&reply.to, &reply.cc, &reply.others})
            for (const auto& p : *list) asked.push_back(lower_ascii(p.value));
    if (asked.empty()) return out;
    for (const auto& r : query(tx, R"(
             SELECT value
             FROM customer_identity
             WHERE kind = 'email' AND value = ANY($1::text[]) AND bounced_at IS NOT NULL
             ORDER BY value)",
                               array_literal(asked)))
        out.push_back(get<std::string>(r["value"]));
    return out;
}

/// Of who claims what waits in his queues; who may take anything is not asked whether he would.
std::optional<std::string> why_not_taken(pqxx::transaction_base& tx, const ticket& t, const viewer& who) {
    const auto claims = who.granted.reach_of(permission::ticket_claim);
    const bool claims_of_queues = claims && *claims != reach::all;
    if (t.state != "waiting" || !claims_of_queues) return std::nullopt;
    const auto he = read_taker(tx, t.id, who.user_id, 0);
    const auto why_not = he ? why_not_take(*he, false) : std::nullopt;
    return why_not ? std::optional{why_not->words} : std::nullopt;
}

} // namespace

std::optional<ticket> read_ticket(pqxx::transaction_base& tx, std::int64_t id, const viewer& who) {
    const auto rows = query(tx,
                            summary_select("t.difficulty, t.gateway_id, g.name AS gateway_name, t.left_message",
                                           "LEFT JOIN gateway g ON g.id = t.gateway_id") +
                                fmt::format("WHERE {} AND t.id = $3", ticket_is_visible),
                            sight_of(who), who.user_id, id);
    if (rows.empty()) return std::nullopt;
    const auto r = rows[0];
    ticket t;
    static_cast<ticket_summary&>(t) = summary_of(r);
    t.difficulty = get<std::int64_t>(r["difficulty"]);
    if (!r["gateway_id"].is_null())
        t.gateway = named{get<std::int64_t>(r["gateway_id"]), get<std::string>(r["gateway_name"])};
    t.left_message = get<bool>(r["left_message"]);
    t.related = related_to(tx, id);
    t.callback = read_callback(tx, id);
    t.phone = callback_number(tx, id);
    t.follow_ups = read_follow_ups(tx, id);
    t.visitor = read_visitor(tx, id);
    t.read = marker_of(tx, id, who);
    t.skills = skills_of(tx, id);
    t.licences = licences_of(tx, id);
    const auto open = query(tx, R"(
        SELECT id, state, expires_at
        FROM offer
        WHERE ticket_id = $1 AND state IN ('offered', 'active', 'parked')
        ORDER BY agent_id <> $2, id LIMIT 1)",
                            id, who.user_id);
    if (!open.empty())
        t.offer = open_offer{get<std::int64_t>(open[0]["id"]), get<std::string>(open[0]["state"]),
                             get<timestamp>(open[0]["expires_at"])};
    const auto wrapup =
        query(tx, "SELECT expires_at FROM offer WHERE ticket_id = $1 AND agent_id = $2 AND state = 'wrapup'", id,
              who.user_id);
    if (!wrapup.empty()) t.wrapup_until = get<timestamp>(wrapup[0]["expires_at"]);
    const auto target = find_answer_target(tx, id);
    t.reply = static_cast<const reply_target&>(target); // the rest is not for the screen
    t.reply.bounced = bounced_among(tx, t.reply);
    if (t.visitor && t.reply.kind != "email")
        if (const auto mail = find_mail_to_visitor(tx, id)) {
            t.reply.by_mail = mail->to.front();
            t.reply.from = mail->from;
        }
    t.cannot_take = why_not_taken(tx, t, who);
    if (const auto p = read_promise(tx, id); !p.promise.empty()) t.sla = p.promise.status(p.hours, p.now);
    return t;
}

ticket read_ticket_after(pqxx::transaction_base& tx, std::int64_t id, const viewer& actor) {
    viewer eyes = actor;
    eyes.granted.add(permission::ticket_read);
    return read_ticket(tx, id, eyes).value();
}

} // namespace switchboard::store

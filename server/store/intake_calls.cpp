#include "store/intake_calls.hpp"

#include "store/contact_rows.hpp"
#include "store/customer_left.hpp"
#include "store/event_rows.hpp"
#include "store/ticket_at_hand.hpp"
#include "store/ticket_changes.hpp"

#include <switchboard/util/json.hpp>

#include <nlohmann/json.hpp>

namespace switchboard::store {
namespace {

using nlohmann::json;

void write_reports(pipeline& to, const intake_writes& w) {
    for (const auto& report : w.call_reports) {
        const auto& c = std::get<inbound_contact>(report.item->record);
        auto details = own_json(c.details);
        if (!c.text.empty()) details["notes"] = c.text;
        const auto& bytes = c.own_bytes.empty() ? report.item->raw->body : c.own_bytes;
        // What was told once and came again behind something else is one row.
        static constexpr statement keep{"intake_call_report", R"(
            INSERT INTO contact_event (gateway_id, external_id, type, at, received_at, details, raw)
            VALUES ($1, $2, 'report', $3, $4, $5, $6)
            ON CONFLICT DO NOTHING)"};
        to.tell(keep, report.item->gateway_id, report.external_id, c.occurred_at, report.item->received_at,
                details.dump(), bytes_literal(bytes));
    }
}

void write_calls_anew(pipeline& to, const intake_writes& w) {
    for (const auto& [id, call] : w.calls) {
        const auto& c = call.now;
        static constexpr statement change{"intake_complete_call", R"(
            UPDATE contact SET direction = $2, from_kind = $3, from_value = $4, from_name = $5, recipients = $6,
                   subject = $7, text = $8, occurred_at = coalesce($9, occurred_at), duration_s = $10, language = $11,
                   flags = $12, details = $13, customer_id = coalesce(customer_id, $14)
            WHERE id = $1)"};
        to.tell(change, id, c.direction, c.from.kind, c.from.value, c.from.name, recipients_json(c), c.subject, c.text,
                c.occurred_at, c.duration_s, c.language, array_literal(c.flags), c.details, call.customer_id);
        if (call.customer_id && call.ticket_id) {
            static constexpr statement name{
                "intake_name_caller",
                "UPDATE ticket SET customer_id = $2, version = version + 1 WHERE id = $1 AND customer_id IS NULL"};
            to.tell(name, *call.ticket_id, *call.customer_id);
        }
        if (call.ticket_id && call.subject_was && *call.subject_was != c.subject) {
            static constexpr statement rename{
                "intake_rename_ticket",
                "UPDATE ticket SET subject = $3, version = version + 1 WHERE id = $1 AND subject = $2"};
            to.tell(rename, *call.ticket_id, *call.subject_was, c.subject);
        }
        append_event(to,
                     events::contact_changed{
                         call.contact_id,
                         call.ticket_id,
                         {call.contact_id, c.channel, c.direction, c.subject, c.occurred_at, c.duration_s, c.flags}},
                     call.ticket_id);
    }
}

/// The switch names whom it has put through: by login, or by name.
bool is_offered_to(pqxx::transaction_base& tx, std::int64_t ticket, const std::string& agent) {
    static constexpr statement find{"call_is_offered_to", R"(
        SELECT FROM offer o JOIN users u ON u.id = o.agent_id
        WHERE o.ticket_id = $1 AND o.state = 'offered' AND lower($2) IN (lower(u.login), lower(u.name)) LIMIT 1)"};
    return !query(tx, find, ticket, agent).empty();
}

/// Several may call by one number, or pretend to: whoever ends his call takes nobody else's out of the queue. A call
/// whose end was never told counts for two hours.
bool another_waits(pqxx::transaction_base& tx, std::int64_t ticket) {
    static constexpr statement find{"another_caller_waits", R"(
        SELECT FROM contact WHERE ticket_id = $1 AND channel = 'phone' AND direction = 'in' AND duration_s IS NULL
               AND coalesce(details->>'disposition', '') = '' AND NOT 'missed' = ANY(flags)
               AND received_at > now() - interval '2 hours' LIMIT 1)"};
    return !query(tx, find, ticket).empty();
}

} // namespace

void write_calls(pipeline& to, const intake_writes& w) {
    write_calls_anew(to, w);
    write_reports(to, w);
}

void end_calls(pqxx::transaction_base& tx, const intake_writes& w, const customer_rules& rules) {
    std::vector<std::pair<std::int64_t, leaving>> left;
    for (const auto& [ticket, end] : w.ended_calls)
        if (!another_waits(tx, ticket) && (end.agent.empty() || !is_offered_to(tx, ticket, end.agent)))
            left.emplace_back(ticket, end.how);
    if (!left.empty()) customers_left(tx, std::move(left), rules);
    for (const auto ticket : w.answered_after_all) {
        const auto at = take_at_hand(tx, {.ticket = ticket});
        if (const auto changes = at ? rules.late_answer(*at) : std::nullopt) write_changes(tx, at->ticket, *changes);
    }
}

} // namespace switchboard::store

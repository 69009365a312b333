#include "store/intake_calls.hpp"

#include "store/contact_rows.hpp"
#include "store/event_json.hpp"

#include <switchboard/model/event_type.hpp>
#include <switchboard/util/json.hpp>
#include <switchboard/util/time.hpp>

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
        static constexpr statement keep{
            "intake_call_report",
            "INSERT INTO contact_event (gateway_id, external_id, type, at, received_at, details, raw) "
            "VALUES ($1, $2, 'report', $3, $4, $5, $6) ON CONFLICT DO NOTHING"};
        to.tell(keep, report.item->gateway_id, report.external_id, c.occurred_at, report.item->received_at,
                details.dump(), bytes_literal(bytes));
    }
}

/// The fields that lists and notices show; who wants all reads the contact.
std::string changed_json(const completed_call& call) {
    const auto& c = call.now;
    return json{{"contact_id", call.contact_id},
                {"ticket_id", call.ticket_id ? json(*call.ticket_id) : json()},
                {"contact",
                 {{"id", call.contact_id},
                  {"channel", c.channel},
                  {"direction", c.direction},
                  {"subject", c.subject},
                  {"occurred_at", c.occurred_at ? json(to_rfc3339(*c.occurred_at)) : json()},
                  {"duration_s", c.duration_s ? json(*c.duration_s) : json()},
                  {"flags", c.flags}}}}
        .dump();
}

void write_changes(pipeline& to, const intake_writes& w) {
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
        static constexpr event_type changed{"contact.changed"};
        static constexpr statement append{
            "intake_contact_changed",
            "INSERT INTO event (type, ticket_id, queue_id, agent_id, data) SELECT $3, $1::bigint, t.queue_id, "
            "t.owner_id, $2::json FROM (SELECT) one LEFT JOIN ticket t ON t.id = $1::bigint"};
        to.tell(append, call.ticket_id, changed_json(call), changed.name());
    }
}

} // namespace

void write_calls(pipeline& to, const intake_writes& w) {
    write_changes(to, w);
    write_reports(to, w);
}

} // namespace switchboard::store

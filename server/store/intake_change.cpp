#include "store/intake_change.hpp"

#include "store/locks.hpp"

#include <switchboard/util/json.hpp>
#include <switchboard/util/text.hpp>

#include <nlohmann/json.hpp>

namespace switchboard::store {
namespace {

using nlohmann::json;

/// An address that refused our mail for good says so to whoever writes to it next. Only one that the mail went to: a
/// report is a mail like any other, and anybody can write one.
void note_address_health(pipeline& to, const intake_writes& w) {
    constexpr std::size_t most_recipients = 200, reason_bytes = 500;
    for (const auto* item : w.contact_events) {
        const auto& e = std::get<contact_event>(item->record);
        if (e.type != "bounce") continue;
        const auto details = own_json(e.details);
        if (!details.is_object() || !details.contains("recipients") || !details["recipients"].is_array()) continue;
        std::vector<std::string> addresses, reasons;
        for (const auto& r : details["recipients"]) {
            if (!r.is_object() || r.value("severity", "") != "hard" || addresses.size() == most_recipients) continue;
            addresses.push_back(lower_ascii(r.value("address", "")));
            reasons.emplace_back(truncate_utf8(r.value("reason", ""), reason_bytes));
        }
        if (addresses.empty()) continue;
        static constexpr statement flag{"intake_bounced", R"(
            UPDATE customer_identity i
            SET bounced_at = now(), bounce_reason = k.reason
            FROM unnest($2::text[], $3::text[]) AS k(address, reason)
            WHERE i.kind = 'email'
              AND i.value = k.address
              AND EXISTS (
                  SELECT FROM contact c
                  WHERE c.message_id = $1
                    AND c.direction = 'out'
                    AND position(to_json(k.address)::text in lower(c.recipients::text)) > 0))"};
        to.tell(flag, e.of, array_literal(addresses), array_literal(reasons));
    }
}

/// Their offers end and the load is given back, before the tickets change: loads come behind tickets and offers.
void take_from_absent(pipeline& to, const intake_writes& w) {
    std::vector<std::int64_t> tickets, agents;
    for (const auto& [id, change] : w.ticket_changes) {
        if (!change.taken_from) continue;
        tickets.push_back(id);
        agents.push_back(*change.taken_from);
    }
    if (tickets.empty()) return;
    static constexpr statement lock{"intake_lock_offers", R"(
        SELECT FROM offer
        WHERE ticket_id = ANY($1::bigint[]) AND state IN ('active', 'parked')
        ORDER BY ticket_id, id FOR UPDATE)"};
    static constexpr statement end{"intake_end_offers", R"(
        WITH open AS (SELECT id, agent_id, channel, weight, state FROM offer
                      WHERE ticket_id = ANY($1::bigint[]) AND state IN ('active', 'parked')),
             ended AS (UPDATE offer o SET state = 'done', reason = 'its agent is not there', ended_at = now()
                       FROM open WHERE o.id = open.id)
        SELECT give_load(agent_id, channel, weight)
        FROM (SELECT * FROM open WHERE state <> 'parked' ORDER BY agent_id) AS held)"};
    to.tell(lock, array_literal(tickets));
    lock_loads(to, agents);
    to.tell(end, array_literal(tickets));
}

void change_tickets(pipeline& to, const intake_writes& w) {
    if (w.ticket_changes.empty()) return;
    take_from_absent(to, w);
    std::vector<std::int64_t> ids, versions, queued, ringing;
    std::vector<std::optional<std::int64_t>> preferred;
    std::vector<std::string> contacts, enqueued;
    std::vector<std::optional<std::string>> due, check, held;
    std::vector<std::string> promises;
    for (const auto& [id, change] : w.ticket_changes) {
        const auto& s = change.after.summary;
        ids.push_back(id);
        versions.push_back(s.version);
        contacts.push_back(*sql_value{s.last_contact_at}.text);
        queued.push_back(change.requeued ? 1 : 0);
        if (change.rings_anew) ringing.push_back(id);
        preferred.push_back(change.after.preferred_agent_id);
        enqueued.push_back(*sql_value{s.enqueue_at}.text);
        due.push_back(sql_value{s.due_at}.text);
        check.push_back(sql_value{change.after.sla_check_at}.text);
        held.push_back(sql_value{s.held_until}.text);
        promises.push_back(change.after.sla);
    }
    // Locked by the look-up in this order already, so that nobody waits in a circle.
    static constexpr statement touch{"intake_touch_tickets", R"(
        UPDATE ticket t
        SET version = k.version, last_contact_at = k.last_contact_at,
            state = CASE WHEN k.queued = 1 THEN 'waiting' ELSE t.state END,
            owner_id = CASE WHEN k.queued = 1 THEN NULL ELSE t.owner_id END, preferred_agent_id = k.preferred,
            held_until = k.held_until, solved_at = CASE WHEN k.queued = 1 THEN NULL ELSE t.solved_at END,
            disposition = CASE WHEN k.queued = 1 THEN NULL ELSE t.disposition END, enqueue_at = k.enqueue_at,
            due_at = k.due_at, sla = k.sla, sla_check_at = k.sla_check_at
        FROM unnest(
            $1::bigint[], $2::bigint[], $3::timestamptz[], $4::bigint[], $5::bigint[], $6::timestamptz[],
            $7::timestamptz[], $8::text[], $9::timestamptz[], $10::timestamptz[])
          AS k(
              id, version, last_contact_at, queued, preferred, enqueue_at, due_at, sla, sla_check_at, held_until)
        WHERE t.id = k.id)"};
    to.tell(touch, array_literal(ids), array_literal(versions), array_literal(contacts), array_literal(queued),
            array_literal(preferred), array_literal(enqueued), array_literal(due), array_literal(promises),
            array_literal(check), array_literal(held));
    if (ringing.empty()) return;
    // Somebody is on the line: what was left as a message is a call, and who was to be called back calls.
    static constexpr statement ring{"intake_rings_anew", R"(
        WITH calls AS (UPDATE ticket SET left_message = false WHERE id = ANY($1::bigint[]) AND left_message)
        UPDATE callback
        SET not_before = least(not_before, now()), mode = 'agent_first'
        WHERE ticket_id = ANY($1::bigint[]) AND state = 'scheduled')"};
    to.tell(ring, array_literal(ringing));
}

void change_deliveries(pipeline& to, const intake_writes& w) {
    if (w.deliveries.empty()) return;
    std::vector<std::int64_t> ids;
    std::vector<std::string> states;
    for (const auto& d : w.deliveries) {
        ids.push_back(d.contact_id);
        states.push_back(d.delivery);
    }
    // Forward only, whatever the sender of a reply wrote meanwhile.
    static constexpr statement move{"intake_deliveries", R"(
        UPDATE contact c
        SET delivery = k.delivery
        FROM (SELECT * FROM unnest($1::bigint[], $2::text[]) AS k(id, delivery)) k
        WHERE c.id = k.id
          AND c.direction = 'out'
          AND c.delivery IS NOT NULL
          AND c.delivery <> 'cancelled'
          AND array_position(
              ARRAY['queued', 'sent', 'failed', 'delivered', 'read'], c.delivery)
            < array_position(ARRAY['queued', 'sent', 'failed', 'delivered', 'read'], k.delivery))"};
    to.tell(move, array_literal(ids), array_literal(states));
}

void change_chat_sessions(pipeline& to, const intake_writes& w) {
    if (w.chat_sessions.empty()) return;
    std::vector<std::string> ids;
    std::vector<std::int64_t> seqs;
    for (const auto& [id, seq] : w.chat_sessions) {
        ids.push_back(id);
        seqs.push_back(seq);
    }
    static constexpr statement raise{"intake_raise_seq", R"(
        UPDATE chat_session s
        SET last_seq = k.seq, closed_at = NULL
        FROM unnest($1::text[], $2::bigint[]) AS k(id, seq)
        WHERE s.id = k.id)"};
    to.tell(raise, array_literal(ids), array_literal(seqs));
}

} // namespace

void change(pipeline& to, const intake_writes& w) {
    note_address_health(to, w);
    change_tickets(to, w);
    change_deliveries(to, w);
    change_chat_sessions(to, w);
}

} // namespace switchboard::store

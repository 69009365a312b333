#include "store/intake_write.hpp"

#include "store/contact_rows.hpp"
#include "store/insert_rows.hpp"
#include "store/intake_calls.hpp"
#include "store/intake_change.hpp"
#include "store/mail_details.hpp"
#include "store/promises.hpp"
#include "store/ticket_changes.hpp"
#include "store/ticket_rows.hpp"

#include <switchboard/util/form.hpp>
#include <switchboard/util/json.hpp>
#include <switchboard/util/text.hpp>
#include <switchboard/util/time.hpp>

#include <nlohmann/json.hpp>

namespace switchboard::store {
namespace {

using nlohmann::json;

const inbound_contact& contact_of(const contact_row& row) {
    if (row.call) return *row.call;
    const auto* event = std::get_if<contact_event>(&row.item->record);
    return event != nullptr ? *event->unmatched : std::get<inbound_contact>(row.item->record);
}

/// What a person wrote has no sign of a machine on it, whatever its way has put there.
std::vector<std::string> flags_of(const contact_row& row) {
    auto flags = contact_of(row).flags;
    if (row.person) std::erase(flags, "machine");
    return flags;
}

std::optional<std::string_view> null_if(bool is_null, std::string_view text) {
    return is_null ? std::nullopt : std::optional{text};
}

/// Headers and query come from the wire: they are the one text here that no channel has cleaned.
std::string pairs_json(const std::vector<std::pair<std::string, std::string>>& pairs) {
    auto out = json::array();
    for (const auto& [name, value] : pairs) out.push_back({clean_utf8(name), clean_utf8(value)});
    return out.dump();
}

std::string preview_of(const inbound_contact& c) {
    const std::string_view words = c.text_reply.empty() ? c.text : c.text_reply;
    std::string out;
    for (const char ch : truncate_utf8(words, events::preview_bytes * 2)) {
        const bool space = ch == ' ' || (ch >= '\t' && ch <= '\r');
        if (!space)
            out += ch;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    return std::string{truncate_utf8(out, events::preview_bytes)};
}

void write_customers(pipeline& to, const intake_writes& w) {
    insert_rows customers{to, "insert_customers", "customer", {"id", "name", "language"}};
    for (const auto& c : w.customers) customers.row(c.id, c.who.name, c.language);
    customers.done();
    insert_rows identities{to, "insert_identities", "customer_identity", {"kind", "value", "customer_id"}};
    for (const auto& c : w.customers) identities.row(c.who.kind, c.who.value, c.id);
    identities.done();
}

void write_tickets(pipeline& to, const intake_writes& w) {
    insert_rows out{to,
                    "insert_tickets",
                    "ticket",
                    {"id",
                     "state",
                     "queue_id",
                     "gateway_id",
                     "channel",
                     "customer_id",
                     "subject",
                     "tier",
                     "priority",
                     "difficulty",
                     "language",
                     "skills",
                     "licences",
                     "thread_key",
                     "enqueue_at",
                     "due_at",
                     "opened_at",
                     "last_contact_at",
                     "related_ticket_id",
                     "related_why",
                     "solved_at",
                     "sla",
                     "sla_check_at",
                     "version"}};
    for (const auto& t : w.tickets) {
        const auto& s = t.summary;
        std::optional<std::int64_t> customer;
        if (s.customer) customer = s.customer->id;
        out.row(s.id, s.state, s.queue.id, t.gateway_id, s.channel, customer, s.subject, s.tier, s.priority,
                t.difficulty, s.language, to_json(get(t.skills)), to_json(get(t.licences)), t.thread_key, s.enqueue_at,
                s.due_at, s.opened_at, s.last_contact_at, t.related_ticket_id, t.related_why, s.solved_at, t.sla,
                t.sla_check_at, s.version);
    }
    out.done();
}

std::string details_json(const contact_row& row) {
    const auto& given = contact_of(row).details;
    if (!row.same_message_id_as) return given;
    auto details = own_json(given);
    details["same_message_id_as"] = *row.same_message_id_as;
    return details.dump();
}

void write_contacts(pipeline& to, const intake_writes& w) {
    insert_rows out{to, "insert_contacts", "contact", {"id",          "gateway_id", "external_id", "ticket_id",
                                                       "customer_id", "channel",    "direction",   "outcome",
                                                       "from_kind",   "from_value", "from_name",   "recipients",
                                                       "subject",     "text",       "html",        "text_reply",
                                                       "thread_key",  "thread_seq", "message_id",  "occurred_at",
                                                       "received_at", "duration_s", "language",    "flags",
                                                       "quarantine",  "details"}};
    for (const auto& row : w.contacts) {
        const auto& c = contact_of(row);
        out.row(row.id, row.item->gateway_id, row.external_id, row.ticket_id, row.customer_id, c.channel, c.direction,
                row.outcome, c.from.kind, c.from.value, c.from.name, recipients_json(c), c.subject, c.text, c.html,
                null_if(c.text_reply == c.text, c.text_reply), c.thread_key, row.thread_seq,
                null_if(c.mail.message_id.empty(), c.mail.message_id), row.occurred_at, row.item->received_at,
                c.duration_s, c.language, flags_of(row), null_if(c.quarantine.empty(), c.quarantine),
                details_json(row));
    }
    out.done();
}

void write_clues(pipeline& to, const intake_writes& w) {
    insert_rows out{to, "insert_clues", "mail_clue", {"clue", "ticket_id"}};
    for (const auto& [clue, ticket] : w.clues) out.row(clue, ticket);
    out.done();
}

void write_raw(pipeline& to, const intake_writes& w) {
    insert_rows out{to,
                    "insert_raw",
                    "contact_raw",
                    {"contact_id", "body", "content_type", "headers", "query", "remote", "shared_with"}};
    for (const auto& row : w.contacts) {
        const auto& raw = *row.item->raw;
        if (row.raw_of)
            out.row(row.id, binary{}, "", "[]", "[]", "", row.raw_of);
        else
            out.row(row.id, binary{raw.body}, clean_utf8(raw.content_type), pairs_json(raw.headers),
                    pairs_json(raw.query), clean_utf8(raw.remote), std::nullopt);
    }
    out.done();

    insert_rows files{to,
                      "insert_attachments",
                      "attachment",
                      {"contact_id", "name", "type", "size", "sha256", "content_id", "is_inline", "content"}};
    for (const auto* rows : {&w.contacts, &w.mended})
        for (const auto& row : *rows)
            for (const auto& a : contact_of(row).attachments)
                files.row(row.id, a.name, a.type, a.content.size(), a.sha256, a.content_id, a.is_inline,
                          binary{a.content});
    files.done();
}

void write_contact_events(pipeline& to, const intake_writes& w) {
    insert_rows out{to,
                    "insert_contact_events",
                    "contact_event",
                    {"gateway_id", "external_id", "type", "at", "received_at", "details", "raw"}};
    for (const auto* item : w.contact_events) {
        const auto& e = std::get<contact_event>(item->record);
        out.row(item->gateway_id, e.of, e.type, e.at, item->received_at, e.details, binary{item->raw->body});
    }
    out.done();
}

/// Their bytes are kept beside the contact that they are. One that came by the same way twice is one.
void write_deliveries_again(pipeline& to, const intake_writes& w) {
    for (const auto& again : w.deliveries_again) {
        const auto* event = std::get_if<contact_event>(&again.item->record);
        const auto& c = event != nullptr ? *event->unmatched : std::get<inbound_contact>(again.item->record);
        const json details{{"contact_id", again.contact_id},
                           {"letter_hash", c.mail.letter_hash},
                           {"subject", c.subject},
                           {"recipients", c.mail.recipients}};
        static constexpr statement keep{"intake_delivered_again", R"(
            INSERT INTO contact_event (gateway_id, external_id, type, received_at, details, raw)
            VALUES ($1, $2, 'delivered_again', $3, $4, $5)
            ON CONFLICT DO NOTHING)"};
        to.tell(keep, again.item->gateway_id, again.external_id, again.item->received_at, details.dump(),
                bytes_literal(again.item->raw->body));
    }
}

/// What was fetched for an input that is read again is kept as its bytes.
void replace_raw(pipeline& to, const contact_row& row) {
    const auto& raw = *row.item->raw;
    static constexpr statement replace{"intake_replace_raw", R"(
        UPDATE contact_raw
        SET body = $2, content_type = $3, headers = $4, query = $5
        WHERE contact_id = $1)"};
    to.tell(replace, row.id, bytes_literal(raw.body), clean_utf8(raw.content_type), pairs_json(raw.headers),
            pairs_json(raw.query));
}

/// Rows that exist already: all that was read from their bytes is new. Rare, so one at a time.
void mend_contacts(pipeline& to, const intake_writes& w) {
    for (const auto& row : w.mended) {
        const auto& c = contact_of(row);
        static constexpr statement mend{"intake_mend", R"(
            UPDATE contact
            SET external_id = $2, ticket_id = $3, customer_id = $4, channel = $5, direction = $6, outcome = $7,
                from_kind = $8, from_value = $9, from_name = $10, recipients = $11, subject = $12, text = $13,
                html = $14, text_reply = $15, thread_key = $16, thread_seq = $17, message_id = $18,
                occurred_at = $19, duration_s = $20, language = $21, flags = $22, quarantine = NULL,
                details = $23
            WHERE id = $1)"};
        to.tell(mend, row.id, row.external_id, row.ticket_id, row.customer_id, c.channel, c.direction, row.outcome,
                c.from.kind, c.from.value, c.from.name, recipients_json(c), c.subject, c.text, c.html,
                null_if(c.text_reply == c.text, c.text_reply), c.thread_key, row.thread_seq,
                null_if(c.mail.message_id.empty(), c.mail.message_id), row.occurred_at, c.duration_s, c.language,
                array_literal(flags_of(row)), details_json(row));
        static constexpr statement forget{"intake_forget_attachments", "DELETE FROM attachment WHERE contact_id = $1"};
        to.tell(forget, row.id);
        if (row.item->raw->fetched) replace_raw(to, row);
    }
    for (const auto& r : w.repeats) {
        const json of = r.of ? json(*r.of) : json();
        const json details = r.event.empty() ? json{{"repeat_of", of}} : json{{"event", r.event}, {"event_of", of}};
        static constexpr statement known{"intake_known_repeat",
                                         "UPDATE contact SET outcome = 'repeat', details = $2 WHERE id = $1"};
        to.tell(known, r.id, details.dump());
    }
}

events::contact_received received(const contact_row& row) {
    const auto& c = contact_of(row);
    events::contact_received out{.contact = {.id = row.id,
                                             .channel = c.channel,
                                             .direction = c.direction,
                                             .subject = c.subject,
                                             .preview = preview_of(c),
                                             .occurred_at = row.occurred_at,
                                             .flags = flags_of(row),
                                             .seq = row.thread_seq},
                                 .new_ticket = row.new_ticket,
                                 .reopened = row.reopened};
    if (!c.from.kind.empty() || !c.from.name.empty()) out.contact.from = c.from;
    if (!c.quarantine.empty()) out.contact.quarantine = c.quarantine;
    if (row.ticket) out.ticket = *row.ticket;
    if (row.thread_seq) out.chat = events::chat_session{c.thread_key};
    return out;
}

void write_events(pipeline& to, const intake_writes& w) {
    insert_rows out{to, "insert_events", "event", {"type", "ticket_id", "queue_id", "agent_id", "data"}};
    for (const auto* rows : {&w.contacts, &w.mended})
        for (const auto& row : *rows) {
            std::optional<std::int64_t> queue;
            if (row.ticket) queue = row.ticket->queue.id;
            out.row(events::contact_received::type, row.ticket_id, queue, row.told_agent, data_of(received(row)));
        }
    for (const auto& [id, c] : w.ticket_changes) {
        if (!c.taken_from) continue;
        const events::ticket_changed told{.change = events::ticket_change::returned,
                                          .released = c.taken_from,
                                          .cause = "its agent is not there and the customer wrote again",
                                          .ticket = c.after.summary};
        out.row(told.type, id, c.after.summary.queue.id, c.taken_from, data_of(told));
    }
    out.done();
}

void write_delivery_events(pipeline& to, const intake_writes& w) {
    for (const auto& d : w.deliveries) {
        const auto& e = std::get<contact_event>(d.item->record);
        append_event(to,
                     events::contact_delivery{.contact_id = d.contact_id,
                                              .ticket_id = d.ticket_id,
                                              .delivery = d.delivery,
                                              .report = from_own_json(e.details)},
                     d.ticket_id);
    }
}

/// Contacts of ours, their place in the outbox, what the caps count, and the events that tell of them.
void write_acknowledgements(pipeline& to, const intake_writes& w) {
    insert_rows contacts{to,
                         "insert_acknowledgements",
                         "contact",
                         {"id", "gateway_id", "external_id", "ticket_id", "customer_id", "channel", "direction",
                          "outcome", "from_kind", "from_value", "from_name", "recipients", "subject", "text",
                          "message_id", "occurred_at", "flags", "details", "delivery"}};
    for (const auto& a : w.acknowledgements)
        contacts.row(a.contact_id, a.gateway_id, "out:" + a.head.message_id, a.ticket.id, a.customer_id, "email", "out",
                     "sent", a.from.kind, a.from.value, a.from.name, recipients_json({a.to}, {}), a.head.subject,
                     a.text, a.head.message_id, a.at, std::vector<std::string>{"auto_reply"},
                     details_of(a.head, "auto-replied").dump(), "queued");
    contacts.done();
    insert_rows outbox{to, "insert_outbox", "outbox", {"contact_id"}};
    for (const auto& a : w.acknowledgements) outbox.row(a.contact_id);
    outbox.done();
    insert_rows answers{to, "insert_automatic_answers", "automatic_answer", {"address", "contact_id"}};
    for (const auto& a : w.acknowledgements) answers.row(a.to.value, a.contact_id);
    answers.done();
    insert_rows events{to, "insert_sent_events", "event", {"type", "ticket_id", "queue_id", "data"}};
    for (const auto& a : w.acknowledgements)
        events.row(events::contact_sent::type, a.ticket.id, a.ticket.queue.id,
                   data_of(events::contact_sent{{.id = a.contact_id,
                                                 .channel = "email",
                                                 .preview = std::string{truncate_utf8(a.text, events::preview_bytes)}},
                                                a.ticket}));
    events.done();
}

} // namespace

void write(pipeline& to, const intake_writes& w) {
    write_customers(to, w);
    write_tickets(to, w);
    write_clues(to, w);
    write_contacts(to, w);
    mend_contacts(to, w);
    write_raw(to, w);
    write_contact_events(to, w);
    write_deliveries_again(to, w);
    write_calls(to, w);
    change(to, w);
    append_lines(to, w.sla_lines);
    write_events(to, w);
    write_acknowledgements(to, w);
    write_delivery_events(to, w);
}

void add_notes(pqxx::transaction_base& tx, const intake_writes& w) {
    for (const auto& n : w.notes) {
        static constexpr statement of_staff{"intake_note_author", R"(
            SELECT id
            FROM users
            WHERE lower(email) = $1 AND $1 <> '' AND active
            ORDER BY id LIMIT 1)"};
        const auto found = query(tx, of_staff, n.address);
        const auto author = found.empty() ? std::nullopt : std::optional{get<std::int64_t>(found[0]["id"])};
        if (const auto t = lock_ticket(tx, n.ticket_id)) leave_note(tx, *t, author, n.text);
    }
}

} // namespace switchboard::store

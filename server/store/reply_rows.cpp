#include "store/reply_rows.hpp"

#include "store/contact_rows.hpp"
#include "store/draft_rows.hpp"
#include "store/mail_details.hpp"
#include "store/sql.hpp"

#include <switchboard/util/hash.hpp>
#include <switchboard/util/text.hpp>

#include <nlohmann/json.hpp>

namespace switchboard::store {

namespace {

constexpr statement insert_contact{"insert_reply", R"(
    INSERT INTO contact (
        gateway_id, external_id, ticket_id, customer_id, channel, direction, outcome, author_id, from_kind, from_value,
        from_name, recipients, subject, text, html, thread_key, thread_seq, message_id, occurred_at, details, delivery)
    VALUES (
        $1, $2, $3, $4, $5, 'out', 'sent', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, now(), $17, $18)
    RETURNING id)"};

constexpr statement insert_attachment{"insert_reply_file", R"(
    INSERT INTO attachment (contact_id, name, type, size, sha256, content_id, is_inline, content)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8))"};

constexpr statement next_of_chat{"next_of_chat", R"(
    UPDATE chat_session
    SET last_seq = last_seq + 1
    WHERE id = $1
    RETURNING last_seq)"};

constexpr statement queue_mail{"queue_reply", R"(
    INSERT INTO outbox (contact_id, next_at) VALUES ($1, now() + make_interval(secs => $2)))"};

constexpr statement take_back{"take_reply_back", R"(
    WITH mail AS (UPDATE outbox SET state = 'cancelled' WHERE contact_id = $1)
    UPDATE contact SET delivery = 'cancelled' WHERE id = $1)"};

constexpr statement send_again{"send_reply_again", R"(
    WITH mail AS (
        UPDATE outbox
        SET state = 'queued', attempts = 0, next_at = now(), set_at = now(), last_error = ''
        WHERE contact_id = $1)
    UPDATE contact SET delivery = 'queued' WHERE id = $1)"};

std::optional<delivery_state> delivery_of(const outgoing_reply& r) {
    if (r.is_mail()) return delivery_state::queued;
    return r.is_chat() ? std::optional{delivery_state::sent} : std::nullopt;
}

} // namespace

events::contact_sent write_reply(pqxx::transaction_base& tx, const ticket_record& t, std::int64_t author,
                                 const outgoing_reply& r) {
    const bool mail = r.is_mail();
    const std::string channel = mail ? "email" : t.channel;
    const auto& from = r.target.from;
    const auto& from_name = mail && !from.name.empty() ? from.name : r.author;
    const auto seq = r.is_chat() ? std::optional{value_of<std::int64_t>(query(tx, next_of_chat, r.target.thread_key))}
                                 : std::nullopt;
    const auto delivery = delivery_of(r);
    const auto id = value_of<std::int64_t>(
        query(tx, insert_contact, r.target.gateway_id, "out:" + (mail ? r.head.message_id : random_hex(16)), t.id,
              t.customer_id, channel, author, mail ? "email" : "", from.address, from_name,
              recipients_json(r.target.to, r.cc), r.head.subject, r.text, r.html, r.target.thread_key, seq,
              mail ? std::optional{r.head.message_id} : std::nullopt, details_of(r.head).dump(),
              delivery ? std::optional{name_of(*delivery)} : std::nullopt));
    for (const auto& f : *r.files)
        query(tx, insert_attachment, id, f.name, f.type, f.content.size(), sha256_hex(f.content), f.content_id,
              f.is_inline, bytes_literal(f.content));
    attach_draft_files(tx, id, t.id, author, r.draft_files);
    if (mail) query(tx, queue_mail, id, r.undo_s);
    events::contact_sent told{{.id = id,
                               .channel = channel,
                               .author_id = author,
                               .preview = std::string{truncate_utf8(r.text, events::preview_bytes)}},
                              {}};
    if (seq) told.chat = events::chat_words{r.target.thread_key, *seq, from_name, r.text};
    return told;
}

events::contact_delivery write_reply_change(pqxx::transaction_base& tx, const ticket_record& t, std::int64_t by,
                                            const reply_change& c) {
    if (c.what == reply_change::kind::sent_again) {
        query(tx, send_again, c.contact_id);
        return {.contact_id = c.contact_id, .ticket_id = t.id, .delivery = "queued"};
    }
    query(tx, take_back, c.contact_id);
    restore_draft(tx, c.contact_id, t.id, by);
    return {.contact_id = c.contact_id, .ticket_id = t.id, .delivery = "cancelled", .detail = "taken back"};
}

} // namespace switchboard::store

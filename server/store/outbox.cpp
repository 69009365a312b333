#include <switchboard/store/outbox.hpp>

#include <switchboard/util/json.hpp>

#include "store/event_rows.hpp"
#include "store/mail_details.hpp"
#include "store/run.hpp"
#include "store/secret_rows.hpp"
#include "store/sql.hpp"
#include "store/ticket_rows.hpp"

#include <nlohmann/json.hpp>

namespace switchboard::store {

using nlohmann::json;

namespace {

std::vector<party> recipients_of(const json& recipients, const char* which) {
    std::vector<party> out;
    if (const auto found = recipients.find(which); found != recipients.end())
        for (const auto& p : *found) out.push_back({p.at("kind"), p.at("value"), p.at("name")});
    return out;
}

due_mail mail_of(const pqxx::row& r) {
    due_mail m;
    m.id = get<std::int64_t>(r["id"]);
    m.contact_id = get<std::int64_t>(r["contact_id"]);
    m.ticket_id = get<std::int64_t>(r["ticket_id"]);
    m.attempts = get<int>(r["attempts"]);
    m.written_at = get<timestamp>(r["occurred_at"]);
    m.from = {"email", get<std::string>(r["from_value"]), get<std::string>(r["from_name"])};
    const auto recipients = own_json(r["recipients"].c_str());
    m.to = recipients_of(recipients, "to");
    m.cc = recipients_of(recipients, "cc");
    m.head.subject = get<std::string>(r["subject"]);
    m.text = get<std::string>(r["text"]);
    m.html = get<std::string>(r["html"]);
    m.head.message_id = get<std::string>(r["message_id"]);
    const auto details = own_json(r["details"].c_str());
    read_details(details, m.head);
    m.auto_submitted = details.value("auto_submitted", "");
    m.signature = get<std::string>(r["signature"]);
    return m;
}

} // namespace

boost::asio::awaitable<std::vector<due_mail>> outbox::claim(std::size_t most, std::int64_t claim_s) {
    return run(db_, [most, claim_s](pqxx::connection& c) {
        pqxx::work tx{c};
        const auto rows = query(tx, R"(
            WITH mine AS (
                UPDATE outbox
                SET attempts = attempts + 1, set_at = now(), claimed_until = now() + make_interval(secs => $2)
                WHERE id IN (
                    SELECT id
                    FROM outbox
                    WHERE state = 'queued'
                      AND next_at <= now()
                      AND (claimed_until IS NULL OR claimed_until < now())
                    ORDER BY next_at LIMIT $1 FOR UPDATE SKIP LOCKED)
                RETURNING id, contact_id, attempts)
            SELECT m.id, m.contact_id, c.ticket_id, m.attempts, c.occurred_at, c.from_value, c.from_name, c.recipients,
                   c.subject, c.text, c.html, c.message_id, c.details, q.signature
            FROM mine m
            JOIN contact c ON c.id = m.contact_id
            JOIN ticket t ON t.id = c.ticket_id
            JOIN queue q ON q.id = t.queue_id
            ORDER BY m.id)",
                                most, claim_s);
        std::vector<due_mail> due;
        for (const auto& r : rows) {
            due.push_back(mail_of(r));
            for (const auto& a : query(tx, R"(
                     SELECT name, type, content, sha256, content_id, is_inline
                     FROM attachment
                     WHERE contact_id = $1
                     ORDER BY id)",
                                       due.back().contact_id))
                due.back().attachments.push_back({get<std::string>(a["name"]), get<std::string>(a["type"]),
                                                  bytes_from(a["content"]), get<std::string>(a["sha256"]),
                                                  get<std::string>(a["content_id"]), get<bool>(a["is_inline"])});
        }
        tx.commit();
        return due;
    });
}

boost::asio::awaitable<void> outbox::settle(std::int64_t id, attempt_outcome outcome) {
    return run(db_, [id, outcome = std::move(outcome)](pqxx::connection& c) {
        using kind = attempt_outcome::kind;
        pqxx::work tx{c};
        const std::string state = outcome.what == kind::sent     ? "sent"
                                  : outcome.what == kind::failed ? "failed"
                                                                 : "queued";
        const auto settled = query(tx, R"(
            UPDATE outbox
            SET state = $2, last_error = $3, claimed_until = NULL, set_at = now(),
                next_at = now() + make_interval(secs => $4)
            WHERE id = $1 AND state = 'queued'
            RETURNING contact_id)",
                                   id, state, outcome.error, outcome.retry_in_s);
        if (settled.empty()) return;
        const auto contact = get<std::int64_t>(settled[0]["contact_id"]);
        const auto ticket = value_of<std::int64_t>(query(tx, R"(
            UPDATE contact
            SET delivery = $2
            WHERE id = $1
            RETURNING ticket_id)",
                                                         contact, state));
        events::contact_delivery told{contact, ticket, state, outcome.error};
        if (outcome.what == kind::retry) told.retry_in_s = outcome.retry_in_s;
        append_event(tx, told, about(read_summary(tx, ticket)));
        tx.commit();
    });
}

boost::asio::awaitable<std::optional<timestamp>> outbox::next_due() {
    return run(db_, [](pqxx::connection& c) {
        pqxx::nontransaction tx{c};
        return value_of<std::optional<timestamp>>(query(tx, R"(
            SELECT min(greatest(next_at, claimed_until))
            FROM outbox
            WHERE state = 'queued')"));
    });
}

boost::asio::awaitable<std::optional<timestamp>> outbox::explain_due(std::string why) {
    return run(db_, [why = std::move(why)](pqxx::connection& c) {
        pqxx::work tx{c};
        static constexpr statement explain{"outbox_explained", R"(
            UPDATE outbox SET last_error = $1 WHERE id IN (
                SELECT id FROM outbox WHERE state = 'queued' AND last_error <> $1 AND next_at <= now()
                ORDER BY next_at LIMIT 100 FOR UPDATE SKIP LOCKED) RETURNING contact_id)"};
        for (const auto& r : query(tx, explain, why)) {
            const auto contact = get<std::int64_t>(r["contact_id"]);
            const auto ticket =
                value_of<std::int64_t>(query(tx, "SELECT ticket_id FROM contact WHERE id = $1", contact));
            append_event(tx, events::contact_delivery{contact, ticket, "queued", why}, about(read_summary(tx, ticket)));
        }
        const auto next = value_of<std::optional<timestamp>>(query(tx, R"(
            SELECT min(next_at)
            FROM outbox
            WHERE state = 'queued' AND last_error <> $1)",
                                                                   why));
        tx.commit();
        return next;
    });
}

boost::asio::awaitable<secret_text> outbox::instance_secret() {
    return run(db_, [box = box_](pqxx::connection& c) {
        pqxx::work tx{c};
        return read_instance_secret(tx, box);
    });
}

} // namespace switchboard::store

#include <switchboard/store/chat.hpp>

#include "store/contact_rows.hpp"
#include "store/mail_details.hpp"
#include "store/reply_target.hpp"
#include "store/run.hpp"
#include "store/sql.hpp"
#include "store/ticket_rows.hpp"

#include <switchboard/util/mail_address.hpp>
#include <switchboard/util/text.hpp>

#include <nlohmann/json.hpp>

/// What a website's visitor does beside writing: he says who he is, and asks for what was said by mail.
namespace switchboard::store {

namespace {

constexpr std::int64_t most_to_one_address = 5; // automatic mails an hour, acknowledgements included

std::optional<std::int64_t> newest_ticket(pqxx::transaction_base& tx, const std::string& session) {
    return value_of<std::optional<std::int64_t>>(query(tx, R"(
        SELECT max(t.id)
        FROM chat_session s
        JOIN ticket t ON t.gateway_id = s.gateway_id AND t.thread_key = s.id AND t.thread_key <> ''
        WHERE s.id = $1)",
                                                       session));
}

/// Seconds until the session may have another one; 0 = now. Under the session's lock, so that two windows count as one.
std::int64_t pause_left(pqxx::transaction_base& tx, const std::string& session, std::chrono::seconds pause) {
    query(tx, "SELECT FROM chat_session WHERE id = $1 FOR UPDATE", session);
    const auto rows = query(tx, R"(
        SELECT ceil(extract(
                   epoch FROM transcript_at + make_interval(secs => $2) - now()))::bigint AS seconds_left
        FROM chat_session
        WHERE id = $1 AND transcript_at > now() - make_interval(secs => $2))",
                            session, pause.count());
    return rows.empty() ? 0 : std::max<std::int64_t>(1, get<std::int64_t>(rows[0]["seconds_left"]));
}

std::int64_t mails_of_an_hour(pqxx::transaction_base& tx, const std::string& address) {
    return value_of<std::int64_t>(query(tx, R"(
        SELECT count(*)
        FROM automatic_answer
        WHERE address = $1 AND sent_at > now() - interval '1 hour')",
                                        address));
}

/// To whoever has the ticket, and its queue.
void tell_of_visitor(pqxx::transaction_base& tx, const locked_ticket& t, events::ticket_change change) {
    const events::ticket_changed told{.change = change, .ticket = read_summary(tx, t.id)};
    append_event(tx, told, about(told.ticket));
}

} // namespace

boost::asio::awaitable<bool> chat::set_away(std::string session, std::optional<timestamp> since) {
    return run(db_, [session = std::move(session), since](pqxx::connection& c) {
        pqxx::work tx{c};
        const auto ticket = newest_ticket(tx, session);
        const auto locked = ticket ? lock_ticket(tx, *ticket) : std::nullopt;
        static constexpr statement set{"chat_away", R"(
            UPDATE chat_session SET away_since = $2::timestamptz
            WHERE id = $1 AND (away_since IS NULL) <> ($2::timestamptz IS NULL)
            RETURNING id)"};
        if (query(tx, set, session, since).empty()) return false;
        if (locked && locked->state != ticket_state::solved)
            tell_of_visitor(tx, *locked,
                            since ? events::ticket_change::visitor_away : events::ticket_change::visitor_back);
        tx.commit();
        return true;
    });
}

boost::asio::awaitable<bool> chat::mark_delivered(std::string session, std::int64_t seq, bool read) {
    return run(db_, [session = std::move(session), seq, read](pqxx::connection& c) {
        pqxx::work tx{c};
        static constexpr statement mark{"chat_delivered", R"(
            UPDATE contact c SET delivery = $3 FROM chat_session s
            WHERE s.id = $1 AND c.gateway_id = s.gateway_id AND c.thread_key = s.id AND c.thread_seq <= $2
              AND c.direction = 'out' AND (c.delivery = 'sent' OR $3 = 'read' AND c.delivery = 'delivered')
            RETURNING c.id, c.ticket_id)"};
        const std::string became = read ? "read" : "delivered";
        const auto marked = query(tx, mark, session, seq, became);
        for (const auto& r : marked) {
            const auto id = get<std::int64_t>(r["id"]), ticket = get<std::int64_t>(r["ticket_id"]);
            append_event(tx, events::contact_delivery{id, ticket, became}, about(read_summary(tx, ticket)));
        }
        tx.commit();
        return !marked.empty();
    });
}

boost::asio::awaitable<void> chat::set_visitor(std::string session, std::string name, std::string email) {
    return run(db_,
               [session = std::move(session), name = std::move(name), email = std::move(email)](pqxx::connection& c) {
                   pqxx::work tx{c};
                   const auto ticket = newest_ticket(tx, session);
                   const auto locked = ticket ? lock_ticket(tx, *ticket) : std::nullopt;
                   const auto changed = query(tx, R"(
            UPDATE chat_session
            SET name = CASE WHEN $2 = '' THEN name ELSE $2 END, email = $3
            WHERE id = $1 AND (email <> $3 OR name <> $2 AND $2 <> '')
            RETURNING id)",
                                              session, name, email);
                   if (locked && !changed.empty()) {
                       query(tx, "UPDATE ticket SET version = version + 1 WHERE id = $1", locked->id);
                       tell_of_visitor(tx, *locked, events::ticket_change::visitor_named);
                   }
                   tx.commit();
               });
}

boost::asio::awaitable<std::expected<void, no_transcript>> chat::send_transcript(chat_transcript t,
                                                                                 std::chrono::seconds pause) {
    return run(db_, [t = std::move(t), pause](pqxx::connection& c) -> std::expected<void, no_transcript> {
        pqxx::work tx{c};
        const auto ticket = newest_ticket(tx, t.session);
        if (!ticket) return std::unexpected{no_transcript{"nothing was said yet"}};
        if (const auto left = pause_left(tx, t.session, pause); left > 0)
            return std::unexpected{no_transcript{"it was sent a moment ago", left}};
        const auto to = lower_ascii(t.to);
        const auto mailbox = without_plus_tag(to); // however many tags somebody puts behind it
        if (mails_of_an_hour(tx, mailbox) >= most_to_one_address)
            return std::unexpected{no_transcript{"this address has had enough mail from us for now", 3600}};
        const auto gateway = query(tx, "SELECT from_address, from_name FROM gateway WHERE id = $1", t.gateway_id);
        const auto address = get<std::string>(gateway[0]["from_address"]);
        const auto summary = read_summary(tx, *ticket);
        const auto head = new_mail(t.subject, summary.number, address);
        const party from{"email", address, sender_name(tx, *ticket, get<std::string>(gateway[0]["from_name"]))};
        auto details = details_of(head, "auto-generated");
        details["transcript_of"] = t.session;
        const auto contact = value_of<std::int64_t>(query(tx, R"(
            INSERT INTO contact (
                gateway_id, external_id, ticket_id, customer_id, channel, direction, outcome, from_kind,
                from_value, from_name, recipients, subject, text, message_id, occurred_at, flags, details,
                delivery)
            SELECT $1, $2, t.id, t.customer_id, 'email', 'out', 'sent', 'email', $4, $5, $6, $7, $8, $9, now(),
                   '{auto_reply}', $10, 'queued'
            FROM ticket t
            WHERE t.id = $3
            RETURNING id)",
                                                          t.gateway_id, "out:" + head.message_id, *ticket, from.value,
                                                          from.name, recipients_json({party{"email", to, t.name}}, {}),
                                                          head.subject, t.text, head.message_id, details.dump()));
        query(tx, "INSERT INTO outbox (contact_id) VALUES ($1)", contact);
        query(tx, "INSERT INTO automatic_answer (address, contact_id) VALUES ($1, $2)", mailbox, contact);
        query(tx, "UPDATE chat_session SET transcript_at = now() WHERE id = $1", t.session);
        append_event(tx,
                     events::contact_sent{{.id = contact,
                                           .channel = "email",
                                           .preview = std::string{truncate_utf8(t.text, events::preview_bytes)}},
                                          summary},
                     about(summary));
        tx.commit();
        return {};
    });
}

} // namespace switchboard::store

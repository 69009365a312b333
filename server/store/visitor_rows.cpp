#include "store/visitor_rows.hpp"

#include "store/sql.hpp"

#include <switchboard/util/mail_address.hpp>
#include <switchboard/util/text.hpp>

namespace switchboard::store {

std::optional<visitor> read_visitor(pqxx::transaction_base& tx, std::int64_t ticket) {
    static constexpr statement find{"ticket_visitor", R"(
        SELECT coalesce(s.name, c.from_name) AS name, coalesce(s.email, said.email, '') AS email,
               coalesce(said.phone, '') AS phone, coalesce(s.page_url, '') AS page_url,
               coalesce(nullif(s.language, ''), c.language, '') AS language, s.closed_at, s.away_since
        FROM (
            SELECT *
            FROM contact
            WHERE ticket_id = $1 AND channel = 'chat' AND direction = 'in'
            ORDER BY id DESC LIMIT 1) c
        LEFT JOIN chat_session s ON s.gateway_id = c.gateway_id AND s.id = c.thread_key
        CROSS JOIN LATERAL (
            SELECT (array_agg(d.details->>'claimed_email' ORDER BY d.id DESC)
                    FILTER (WHERE d.details->>'claimed_email' <> ''))[1] AS email,
                   (array_agg(d.details->>'claimed_phone' ORDER BY d.id DESC)
                    FILTER (WHERE d.details->>'claimed_phone' <> ''))[1] AS phone
            FROM contact d
            WHERE d.ticket_id = $1 AND d.channel = 'chat' AND d.direction = 'in' AND s.id IS NULL) said)"};
    const auto rows = query(tx, find, ticket);
    if (rows.empty()) return std::nullopt;
    const auto r = rows[0];
    return visitor{get<std::string>(r["name"]),
                   get<std::string>(r["email"]),
                   get<std::string>(r["phone"]),
                   get<std::string>(r["page_url"]),
                   get<std::string>(r["language"]),
                   get<std::optional<timestamp>>(r["closed_at"]),
                   get<std::optional<timestamp>>(r["away_since"])};
}

std::optional<answer_target> find_mail_to_visitor(pqxx::transaction_base& tx, std::int64_t ticket) {
    static constexpr statement find{"mailbox_for_visitor", R"(
        SELECT m.id, m.from_name, m.from_address
        FROM ticket t
        LEFT JOIN gateway g ON g.id = t.gateway_id
        JOIN gateway m ON m.queue_id IN (t.queue_id, g.queue_id)
        WHERE t.id = $1
          AND m.enabled
          AND m.from_address <> ''
          AND m.kind IN ('email', 'sendgrid', 'mailgun', 'postmark', 'ses')
        ORDER BY m.queue_id <> t.queue_id, m.id LIMIT 1)"};
    const auto who = read_visitor(tx, ticket);
    if (!who || !is_plain_mail_address(who->email)) return std::nullopt;
    const auto rows = query(tx, find, ticket);
    if (rows.empty()) return std::nullopt;
    answer_target out;
    out.kind = "email";
    out.gateway_id = get<std::int64_t>(rows[0]["id"]);
    out.from = {sender_name(tx, ticket, get<std::string>(rows[0]["from_name"])),
                get<std::string>(rows[0]["from_address"])};
    out.to = {{"email", lower_ascii(who->email), who->name}};
    return out;
}

} // namespace switchboard::store

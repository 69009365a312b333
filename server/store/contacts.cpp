#include <switchboard/store/contacts.hpp>

#include <switchboard/util/json.hpp>

#include "store/contact_rows.hpp"
#include "store/run.hpp"
#include "store/sql.hpp"
#include "store/whole_ticket.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <map>

namespace switchboard::store {
namespace {

using nlohmann::json;

/// Contacts as contact_of() reads them; `which`: the WHERE and what follows it, over the contact c.
std::string select_contacts(std::string_view which) {
    return fmt::format(R"(
        SELECT c.id, c.channel, c.direction, g.name AS gateway, c.external_id, c.thread_key, c.from_kind, c.from_value,
            c.from_name, c.recipients, c.subject, c.text, c.html, c.text_reply, c.occurred_at, c.received_at,
            c.duration_s, c.language, c.flags, c.quarantine, c.details, c.ticket_id, c.outcome, c.delivery, c.author_id,
            u.name AS author, coalesce(o.last_error, '') AS delivery_detail,
            CASE WHEN o.state = 'queued' AND o.attempts = 0 THEN o.next_at END AS sends_at
        FROM contact c
        JOIN gateway g ON g.id = c.gateway_id
        LEFT JOIN users u ON u.id = c.author_id
        LEFT JOIN outbox o ON o.contact_id = c.id
        {})",
                       which);
}

contact_record contact_of(const pqxx::row& r) {
    contact_record c;
    c.id = get<std::int64_t>(r["id"]);
    c.channel = get<std::string>(r["channel"]);
    c.direction = get<std::string>(r["direction"]);
    c.gateway = get<std::string>(r["gateway"]);
    c.external_id = get<std::string>(r["external_id"]);
    c.thread_key = get<std::string>(r["thread_key"]);
    party from{get<std::string>(r["from_kind"]), get<std::string>(r["from_value"]), get<std::string>(r["from_name"])};
    if (from != party{}) c.from = std::move(from);
    const auto recipients = own_json(get<std::string>(r["recipients"]));
    c.to = parties_from(recipients, "to");
    c.cc = parties_from(recipients, "cc");
    c.reply_to = parties_from(recipients, "reply_to");
    c.subject = get<std::string>(r["subject"]);
    c.text = get<std::string>(r["text"]);
    c.html = get<std::string>(r["html"]);
    c.text_reply = r["text_reply"].is_null() ? c.text : get<std::string>(r["text_reply"]);
    c.occurred_at = get<timestamp>(r["occurred_at"]);
    c.received_at = get<timestamp>(r["received_at"]);
    c.duration_s = get<std::optional<std::int64_t>>(r["duration_s"]);
    c.language = get<std::string>(r["language"]);
    c.flags = parse_text_array(get<std::string>(r["flags"]));
    c.quarantine = get<std::optional<std::string>>(r["quarantine"]);
    c.details = get<std::string>(r["details"]);
    c.ticket_id = get<std::optional<std::int64_t>>(r["ticket_id"]);
    c.outcome = get<std::string>(r["outcome"]);
    c.delivery = get<std::optional<std::string>>(r["delivery"]);
    c.delivery_detail = get<std::string>(r["delivery_detail"]);
    c.sends_at = get<std::optional<timestamp>>(r["sends_at"]);
    if (!r["author_id"].is_null()) c.author = named{get<std::int64_t>(r["author_id"]), get<std::string>(r["author"])};
    return c;
}

attachment_record attachment_of(const pqxx::row& r) {
    return {get<std::int64_t>(r["id"]),       get<std::string>(r["name"]),   get<std::string>(r["type"]),
            get<std::int64_t>(r["size"]),     get<std::string>(r["sha256"]), get<bool>(r["is_inline"]),
            get<std::string>(r["content_id"])};
}

std::vector<contact_record> contacts_of(pqxx::transaction_base& tx, const pqxx::result& rows) {
    std::vector<contact_record> out;
    std::vector<std::int64_t> ids;
    std::map<std::int64_t, std::size_t> places;
    for (const auto& r : rows) {
        out.push_back(contact_of(r));
        ids.push_back(out.back().id);
        places.emplace(out.back().id, out.size() - 1);
    }
    if (ids.empty()) return out;
    const auto files = query(tx, R"(
        SELECT id, contact_id, name, type, size, sha256, is_inline, content_id FROM attachment
        WHERE contact_id = ANY($1::bigint[]) ORDER BY id)",
                             array_literal(ids));
    for (const auto& r : files)
        out[places.at(get<std::int64_t>(r["contact_id"]))].attachments.push_back(attachment_of(r));
    return out;
}

std::vector<std::pair<std::string, std::string>> pairs_of(const std::string& text) {
    return own_json(text).get<std::vector<std::pair<std::string, std::string>>>();
}

/// Of a row of contact_raw.
raw_message raw_of(const pqxx::row& r) {
    return {bytes_from(r["body"]), get<std::string>(r["content_type"]), pairs_of(get<std::string>(r["headers"])),
            pairs_of(get<std::string>(r["query"])), get<std::string>(r["remote"])};
}

} // namespace

std::optional<contact_record> read_contact(pqxx::transaction_base& tx, std::int64_t id) {
    auto found = contacts_of(tx, query(tx, select_contacts("WHERE c.id = $1"), id));
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

boost::asio::awaitable<std::vector<contact_record>> contacts::get(std::vector<std::int64_t> ids) {
    return run(db_, [ids = std::move(ids)](pqxx::connection& c) {
        pqxx::work tx{c};
        return contacts_of(
            tx, query(tx, select_contacts("WHERE c.id = ANY($1::bigint[]) ORDER BY c.id"), array_literal(ids)));
    });
}

boost::asio::awaitable<std::optional<contact_record>> contacts::get(std::int64_t contact) {
    return run(db_, [contact](pqxx::connection& c) {
        pqxx::work tx{c};
        return read_contact(tx, contact);
    });
}

boost::asio::awaitable<std::optional<raw_message>> contacts::raw(std::int64_t contact) {
    return run(db_, [contact](pqxx::connection& c) -> std::optional<raw_message> {
        pqxx::work tx{c};
        const auto rows = query(tx, R"(
            SELECT s.body, s.content_type, s.headers, s.query, s.remote
            FROM contact_raw r
            JOIN contact_raw s ON s.contact_id = coalesce(r.shared_with, r.contact_id)
            WHERE r.contact_id = $1)",
                                contact);
        if (rows.empty()) return std::nullopt;
        return raw_of(rows.front());
    });
}

boost::asio::awaitable<std::optional<attachment_content>> contacts::attachment(std::int64_t id) {
    return run(db_, [id](pqxx::connection& c) -> std::optional<attachment_content> {
        pqxx::work tx{c};
        const auto rows = query(tx, R"(
            SELECT id, contact_id, name, type, size, sha256, is_inline, content_id, content
            FROM attachment WHERE id = $1)",
                                id);
        if (rows.empty()) return std::nullopt;
        const auto& r = rows.front();
        return attachment_content{attachment_of(r), store::get<std::int64_t>(r["contact_id"]),
                                  bytes_from(r["content"])};
    });
}

boost::asio::awaitable<page<contact_record>> contacts::quarantined(page_request part) {
    return run(db_, [part](pqxx::connection& c) {
        pqxx::work tx{c};
        page<contact_record> out;
        const auto quarantined = select_contacts(R"(
            WHERE c.outcome = 'quarantined' AND ($1::bigint = 0 OR c.id < $1::bigint)
            ORDER BY c.id DESC LIMIT $2)");
        out.items = contacts_of(tx, query(tx, quarantined, part.after, part.limit + 1));
        if (static_cast<std::int64_t>(out.items.size()) > part.limit) {
            out.items.pop_back();
            out.next = std::to_string(out.items.back().id);
        }
        return out;
    });
}

boost::asio::awaitable<std::vector<std::int64_t>>
contacts::quarantined_ids(std::int64_t after, std::optional<std::string> gateway, std::int64_t most) {
    return run(db_, [after, gateway = std::move(gateway), most](pqxx::connection& c) {
        pqxx::work tx{c};
        return values_of<std::int64_t>(query(tx, R"(
            SELECT min(c.id)
            FROM contact c
            JOIN contact_raw r ON r.contact_id = c.id
            WHERE c.outcome = 'quarantined'
                AND ($2::text IS NULL OR c.gateway_id = (SELECT id FROM gateway WHERE name = $2))
            GROUP BY coalesce(r.shared_with, c.id)
            HAVING min(c.id) > $1
            ORDER BY 1 LIMIT $3)",
                                             after, gateway, most));
    });
}

boost::asio::awaitable<std::optional<kept_input>> contacts::quarantined_input(std::int64_t contact) {
    return run(db_, [contact](pqxx::connection& c) -> std::optional<kept_input> {
        pqxx::work tx{c};
        const auto rows = query(tx, R"(
            SELECT s.contact_id, c.gateway_id, s.body, s.content_type, s.headers, s.query, s.remote
            FROM contact c
            JOIN contact_raw r ON r.contact_id = c.id
            JOIN contact_raw s ON s.contact_id = coalesce(r.shared_with, r.contact_id)
            WHERE c.id = $1 AND c.outcome = 'quarantined')",
                                contact);
        if (rows.empty()) return std::nullopt;
        const auto& r = rows.front();
        kept_input out;
        out.gateway_id = store::get<std::int64_t>(r["gateway_id"]);
        out.raw = raw_of(r);
        const auto all = query(tx, R"(
            SELECT id, external_id, outcome = 'quarantined' AS quarantined FROM contact
            WHERE id = $1 OR id IN (SELECT contact_id FROM contact_raw WHERE shared_with = $1)
            ORDER BY id)",
                               store::get<std::int64_t>(r["contact_id"]));
        for (const auto& k : all)
            out.contacts.push_back({store::get<std::int64_t>(k["id"]), store::get<std::string>(k["external_id"]),
                                    store::get<bool>(k["quarantined"])});
        return out;
    });
}

} // namespace switchboard::store

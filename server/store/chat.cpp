#include <switchboard/store/chat.hpp>

#include "store/customer_left.hpp"
#include "store/run.hpp"
#include "store/sql.hpp"

#include <switchboard/util/hash.hpp>

#include <fmt/format.h>

#include <map>

namespace switchboard::store {
namespace {

void add_attachments(pqxx::transaction_base& tx, std::vector<chat_message>& messages) {
    std::vector<std::int64_t> ids;
    std::map<std::int64_t, chat_message*> by_contact;
    for (auto& m : messages) {
        ids.push_back(m.contact_id);
        by_contact.emplace(m.contact_id, &m);
    }
    if (ids.empty()) return;
    for (const auto& r : query(tx, R"(
            SELECT contact_id, id, name, type, size, sha256, is_inline, content_id
            FROM attachment
            WHERE contact_id = ANY($1::bigint[])
            ORDER BY id)",
                               array_literal(ids)))
        by_contact.at(get<std::int64_t>(r["contact_id"]))
            ->attachments.push_back({get<std::int64_t>(r["id"]), get<std::string>(r["name"]),
                                     get<std::string>(r["type"]), get<std::int64_t>(r["size"]),
                                     get<std::string>(r["sha256"]), get<bool>(r["is_inline"]),
                                     get<std::string>(r["content_id"])});
}

// Of a session `s`: its newest message, of either side; without one, its beginning.
constexpr std::string_view last_used_column = R"(
    coalesce((
        SELECT max(c.received_at)
        FROM contact c
        WHERE c.gateway_id = s.gateway_id AND c.thread_key = s.id AND c.thread_seq = s.last_seq), s.created_at))";

constexpr std::string_view newest_ticket_column = R"(
    (SELECT max(t.id)
     FROM ticket t
     WHERE t.gateway_id = s.gateway_id AND t.thread_key = s.id AND t.thread_key <> ''))";

} // namespace

boost::asio::awaitable<new_chat_session> chat::create_session(chat_session about) {
    return run(db_, [about = std::move(about)](pqxx::connection& c) {
        new_chat_session made{about, random_hex(32)};
        auto& s = made.session;
        s.id = random_hex(16);
        pqxx::work tx{c};
        const auto rows = query(tx, R"(
            INSERT INTO chat_session (id, gateway_id, token_hash, name, email, language, page_url)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            RETURNING created_at)",
                                s.id, s.gateway_id, sha256_hex(made.token), s.name, s.email, s.language, s.page_url);
        s.created_at = get<timestamp>(rows[0]["created_at"]);
        tx.commit();
        return made;
    });
}

boost::asio::awaitable<std::optional<chat_session>> chat::find_session(std::string id, std::string token,
                                                                       std::chrono::seconds life) {
    return run(
        db_, [id = std::move(id), token = std::move(token), life](pqxx::connection& c) -> std::optional<chat_session> {
            pqxx::work tx{c};
            static const auto sql = fmt::format(R"(
                SELECT s.*, {} AS last_used_at, {} > now() - $2 * interval '1 second' AS lives, {} AS ticket_id
                FROM chat_session s
                WHERE id = $1)",
                                                last_used_column, last_used_column, newest_ticket_column);
            const auto rows = query(tx, sql, id, life.count());
            if (rows.empty()) return std::nullopt;
            const auto r = rows[0];
            if (!equal_secret(get<std::string>(r["token_hash"]), sha256_hex(token))) return std::nullopt;
            if (!get<bool>(r["lives"])) return std::nullopt;
            return chat_session{get<std::string>(r["id"]),
                                get<std::int64_t>(r["gateway_id"]),
                                get<std::string>(r["name"]),
                                get<std::string>(r["email"]),
                                get<std::string>(r["language"]),
                                get<std::string>(r["page_url"]),
                                get<std::int64_t>(r["last_seq"]),
                                get<timestamp>(r["created_at"]),
                                get<std::optional<timestamp>>(r["closed_at"]),
                                get<timestamp>(r["last_used_at"]),
                                get<std::optional<std::int64_t>>(r["ticket_id"]),
                                get<std::optional<timestamp>>(r["away_since"])};
        });
}

boost::asio::awaitable<std::optional<timestamp>> chat::last_used(std::string id) {
    return run(db_, [id = std::move(id)](pqxx::connection& c) -> std::optional<timestamp> {
        pqxx::work tx{c};
        const auto rows =
            query(tx, fmt::format("SELECT {} AS last_used_at FROM chat_session s WHERE id = $1", last_used_column), id);
        if (rows.empty()) return std::nullopt;
        return get<timestamp>(rows[0]["last_used_at"]);
    });
}

boost::asio::awaitable<std::vector<chat_message>> chat::messages_after(std::string session, std::int64_t seq,
                                                                       std::int64_t limit) {
    return run(db_, [session = std::move(session), seq, limit](pqxx::connection& c) {
        pqxx::work tx{c};
        std::vector<chat_message> out;
        for (const auto& r : query(tx, R"(
                 SELECT c.thread_seq, c.id, c.direction, c.external_id, coalesce(u.name, c.from_name) AS author,
                        c.text, c.received_at
                 FROM chat_session s
                 JOIN contact c ON c.gateway_id = s.gateway_id AND c.thread_key = s.id
                 LEFT JOIN users u ON u.id = c.author_id
                 WHERE s.id = $1 AND c.thread_seq > $2
                 ORDER BY c.thread_seq LIMIT $3)",
                                   session, seq, limit)) {
            chat_message m{get<std::int64_t>(r["thread_seq"]),
                           get<std::int64_t>(r["id"]),
                           {},
                           {},
                           get<std::string>(r["author"]),
                           get<std::string>(r["text"]),
                           get<timestamp>(r["received_at"]),
                           {}};
            const auto external_id = get<std::string>(r["external_id"]);
            m.from = get<std::string>(r["direction"]) == "in" ? "customer" : "agent";
            if (m.from == "customer" && external_id.starts_with(session + ":"))
                m.client_msg_id = external_id.substr(session.size() + 1);
            out.push_back(std::move(m));
        }
        add_attachments(tx, out);
        return out;
    });
}

boost::asio::awaitable<std::optional<chat_standing>> chat::standing_of(std::string session) {
    return run(db_, [session = std::move(session)](pqxx::connection& c) -> std::optional<chat_standing> {
        pqxx::work tx{c};
        static const auto sql = fmt::format(R"(
            SELECT t.id, t.queue_id, t.state, t.version, t.held_until, u.id AS owner_id, u.name AS owner_name
            FROM ticket t
            LEFT JOIN users u ON u.id = t.owner_id
            WHERE t.id = (SELECT {} FROM chat_session s WHERE s.id = $1))",
                                            newest_ticket_column);
        const auto rows = query(tx, sql, session);
        if (rows.empty()) return std::nullopt;
        const auto r = rows[0];
        chat_standing out{get<std::int64_t>(r["id"]),      get<std::int64_t>(r["queue_id"]),
                          get<std::string>(r["state"]),    std::nullopt,
                          get<std::int64_t>(r["version"]), get<std::optional<timestamp>>(r["held_until"])};
        if (!r["owner_id"].is_null())
            out.owner = named{get<std::int64_t>(r["owner_id"]), get<std::string>(r["owner_name"])};
        return out;
    });
}

boost::asio::awaitable<std::vector<chat_place>> chat::places_in(std::vector<std::int64_t> queues, std::int64_t most) {
    return run(db_, [queues = std::move(queues), most](pqxx::connection& c) {
        pqxx::work tx{c};
        std::vector<chat_place> out;
        // What waits without anybody on the other end does so for other hands, so it is not counted.
        for (const auto& r : query(tx, R"(
                 SELECT w.id, w.ahead
                 FROM unnest($1::bigint[]) AS q (id),
                     LATERAL (
                         SELECT t.id,
                                row_number() OVER (
                                    ORDER BY t.tier, t.priority DESC, t.enqueue_at, t.id) - 1 AS ahead
                         FROM ticket t
                         WHERE t.queue_id = q.id
                           AND t.owner_id IS NULL
                           AND t.solved_at IS NULL
                           AND t.state IN ('waiting', 'offered')
                           AND t.channel IN ('phone', 'chat', 'walkin')
                           AND is_live(t)
                         ORDER BY t.tier, t.priority DESC, t.enqueue_at, t.id LIMIT $2) w)",
                                   array_literal(queues), most))
            out.push_back({get<std::int64_t>(r["id"]), get<std::int64_t>(r["ahead"])});
        return out;
    });
}

boost::asio::awaitable<std::vector<std::int64_t>> chat::staffed(std::vector<std::int64_t> queues) {
    return run(db_, [queues = std::move(queues)](pqxx::connection& c) {
        pqxx::work tx{c};
        static constexpr statement find{"chat_staffed", R"(
            SELECT DISTINCT m.queue_id FROM queue_member m JOIN presence p ON p.agent_id = m.agent_id
            JOIN agent_channel c ON c.agent_id = m.agent_id AND c.channel = 'chat' AND c.capacity > 0
            WHERE m.queue_id = ANY($1::bigint[]) AND p.state <> 'offline' AND NOT p.absent)"};
        std::vector<std::int64_t> out;
        for (const auto& r : query(tx, find, array_literal(queues))) out.push_back(get<std::int64_t>(r["queue_id"]));
        return out;
    });
}

boost::asio::awaitable<std::optional<chat_file>> chat::file_of(std::string session, std::int64_t attachment) {
    return run(db_, [session = std::move(session), attachment](pqxx::connection& c) -> std::optional<chat_file> {
        pqxx::work tx{c};
        const auto rows = query(tx, R"(
            SELECT a.id, a.name, a.type, a.size, a.sha256, a.is_inline, a.content_id, a.content
            FROM attachment a
            JOIN contact c ON c.id = a.contact_id
            JOIN chat_session s ON s.gateway_id = c.gateway_id AND s.id = c.thread_key
            WHERE a.id = $2 AND s.id = $1 AND c.thread_seq IS NOT NULL)",
                                session, attachment);
        if (rows.empty()) return std::nullopt;
        const auto r = rows[0];
        return chat_file{{get<std::int64_t>(r["id"]), get<std::string>(r["name"]), get<std::string>(r["type"]),
                          get<std::int64_t>(r["size"]), get<std::string>(r["sha256"]), get<bool>(r["is_inline"]),
                          get<std::string>(r["content_id"])},
                         bytes_from(r["content"])};
    });
}

boost::asio::awaitable<void> chat::close_session(std::string id) {
    return run(db_, [id = std::move(id), rules = rules_](pqxx::connection& c) {
        pqxx::work tx{c};
        static constexpr statement its_ticket{"chat_ticket", R"(
            SELECT max(t.id) FROM chat_session s JOIN ticket t ON t.gateway_id = s.gateway_id AND t.thread_key = s.id
            WHERE s.id = $1 AND s.closed_at IS NULL AND t.thread_key <> '')"};
        const auto ticket = value_of<std::optional<std::int64_t>>(query(tx, its_ticket, id));
        if (ticket) customers_left(tx, {{*ticket, leaving::chat_closed}}, rules);
        query(tx, "UPDATE chat_session SET closed_at = coalesce(closed_at, now()) WHERE id = $1", id);
        tx.commit();
    });
}

} // namespace switchboard::store

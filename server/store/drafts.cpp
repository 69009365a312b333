#include <switchboard/store/drafts.hpp>

#include "store/contact_rows.hpp"
#include "store/directory/rows.hpp"
#include "store/draft_rows.hpp"
#include "store/once.hpp"
#include "store/run.hpp"
#include "store/ticket_rows.hpp"

#include <switchboard/util/hash.hpp>

#include <fmt/format.h>

namespace switchboard::store {

namespace {

std::unexpected<refusal> no_such_ticket() {
    return std::unexpected{refusal::missing("there is no such ticket")};
}

std::unexpected<refusal> full(std::string detail) {
    return std::unexpected{refusal::conflict(std::move(detail))};
}

std::unexpected<refusal> changed_elsewhere(const std::optional<draft>& now_is) {
    return std::unexpected{refusal{refusal::kind::stale, std::string{draft_change_words(now_is.has_value())}}};
}

/// Locks a ticket that the viewer sees against being locked by who acts on it, as whoever inserts a draft must.
bool enter_ticket(pqxx::transaction_base& tx, std::int64_t ticket, const viewer& who) {
    static const auto sql =
        fmt::format("SELECT FROM ticket t WHERE {} AND t.id = $3 FOR KEY SHARE OF t", ticket_is_visible);
    return !query(tx, sql, sight_of(who), who.user_id, ticket).empty();
}

/// Why no other draft may be begun.
std::optional<std::string> no_room(pqxx::transaction_base& tx, const viewer& who) {
    const auto has = value_of<std::int64_t>(query(tx, "SELECT count(*) FROM draft WHERE agent_id = $1", who.user_id));
    if (has < drafts::most_drafts) return std::nullopt;
    return "there are " + std::to_string(has) + " drafts already: send or discard some";
}

} // namespace

boost::asio::awaitable<std::optional<draft>> drafts::one(std::int64_t ticket, viewer who, std::string kind) {
    return run(db_, [ticket, who = std::move(who), kind = std::move(kind)](pqxx::connection& c) {
        pqxx::work tx{c};
        return read_draft(tx, ticket, who.user_id, kind);
    });
}

boost::asio::awaitable<std::optional<ticket_drafts>> drafts::of_ticket(std::int64_t ticket, viewer who) {
    return run(db_, [ticket, who = std::move(who)](pqxx::connection& c) -> std::optional<ticket_drafts> {
        pqxx::transaction<pqxx::repeatable_read> tx{c};
        static const auto visible = fmt::format("SELECT FROM ticket t WHERE {} AND t.id = $3", ticket_is_visible);
        if (query(tx, visible, sight_of(who), who.user_id, ticket).empty()) return std::nullopt;
        ticket_drafts out;
        for (const auto& r : query(tx,
                                   fmt::format(R"(
                SELECT {}
                FROM draft d
                WHERE d.ticket_id = $1 AND d.agent_id = $2
                ORDER BY d.kind DESC)",
                                               draft_columns),
                                   ticket, who.user_id))
            out.items.push_back(draft_of(r));
        for (const auto& r : query(tx, R"(
                SELECT u.id, u.name, d.kind
                FROM draft d
                JOIN users u ON u.id = d.agent_id
                WHERE d.ticket_id = $1 AND d.agent_id <> $2
                ORDER BY d.id LIMIT 50)",
                                   ticket, who.user_id))
            out.others.push_back(
                {{get<std::int64_t>(r["id"]), get<std::string>(r["name"])}, get<std::string>(r["kind"])});
        return out;
    });
}

boost::asio::awaitable<page<own_draft>> drafts::of(viewer who, page_request part) {
    return run(db_, [who = std::move(who), part](pqxx::connection& c) {
        pqxx::nontransaction tx{c};
        const auto rows = query(tx,
                                fmt::format(R"(
                SELECT {}, coalesce({}, false) AS ticket_visible
                FROM draft d
                JOIN ticket t ON t.id = d.ticket_id
                WHERE d.agent_id = $2 AND d.id < $3
                ORDER BY d.id DESC LIMIT $4)",
                                            draft_columns, ticket_is_visible),
                                sight_of(who), who.user_id, part.after == 0 ? INT64_MAX : part.after, part.limit + 1);
        return page_of<own_draft>(rows, part.limit, [](const pqxx::row& r) {
            own_draft d;
            static_cast<draft&>(d) = draft_of(r);
            d.ticket_visible = get<bool>(r["ticket_visible"]);
            return d;
        });
    });
}

boost::asio::awaitable<drafts::written> drafts::write(std::int64_t ticket, viewer who, std::string kind,
                                                      draft_terms terms, draft_condition only_if) {
    return run(db_,
               [ticket, who = std::move(who), kind = std::move(kind), terms = std::move(terms),
                only_if](pqxx::connection& c) -> written {
                   pqxx::work tx{c};
                   const auto recipients = recipients_json(terms.to, terms.cc);
                   if (!only_if.none_yet) {
                       static const std::string save = R"(
                    UPDATE draft
                    SET text = $4, recipients = $5, channel = $6, basis = $7,
                        version = nextval('draft_version'), saved_at = now()
                    WHERE ticket_id = $1
                      AND agent_id = $2
                      AND kind = $3)";
                       const auto saved = only_if.version ? query(tx, fmt::format("{} AND version = $8", save), ticket,
                                                                  who.user_id, kind, terms.text, recipients,
                                                                  terms.channel, terms.basis, *only_if.version)
                                                          : query(tx, save, ticket, who.user_id, kind, terms.text,
                                                                  recipients, terms.channel, terms.basis);
                       if (saved.affected_rows() == 0 && only_if.version)
                           return changed_elsewhere(read_draft(tx, ticket, who.user_id, kind));
                       if (saved.affected_rows() > 0) {
                           auto now_is = read_draft(tx, ticket, who.user_id, kind).value();
                           tx.commit();
                           return now_is;
                       }
                   }
                   if (!enter_ticket(tx, ticket, who)) return no_such_ticket();
                   if (auto why_not = no_room(tx, who)) return full(std::move(*why_not));
                   const auto begun =
                       query(tx, R"(
                INSERT INTO draft (ticket_id, agent_id, kind, text, recipients, channel, basis)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT DO NOTHING)",
                             ticket, who.user_id, kind, terms.text, recipients, terms.channel, terms.basis);
                   auto now_is = read_draft(tx, ticket, who.user_id, kind);
                   if (begun.affected_rows() == 0) return changed_elsewhere(now_is);
                   tell_draft(tx, ticket, who.user_id, kind, true);
                   tx.commit();
                   return std::move(*now_is);
               });
}

boost::asio::awaitable<drafts::written> drafts::discard(std::int64_t ticket, viewer who, std::string kind,
                                                        std::optional<std::int64_t> expected_version) {
    return run(
        db_, [ticket, who = std::move(who), kind = std::move(kind), expected_version](pqxx::connection& c) -> written {
            pqxx::work tx{c};
            query(tx, "SELECT FROM ticket WHERE id = $1 FOR KEY SHARE", ticket);
            const auto now_is = read_draft(tx, ticket, who.user_id, kind);
            if (expected_version && now_is && now_is->version != *expected_version) return changed_elsewhere(now_is);
            end_draft(tx, ticket, who.user_id, kind);
            tx.commit();
            return draft{};
        });
}

boost::asio::awaitable<drafts::filed> drafts::add_file(std::int64_t ticket, viewer who, attachment file,
                                                       keep<draft_file> kept) {
    return run(
        db_,
        [ticket, who = std::move(who), file = std::move(file), kept = std::move(kept)](pqxx::connection& c) -> filed {
            once<draft_file> work{c, kept};
            auto& tx = work.tx;
            if (!enter_ticket(tx, ticket, who)) return no_such_ticket();
            const auto find = [&] {
                return query(
                    tx, "SELECT id FROM draft WHERE ticket_id = $1 AND agent_id = $2 AND kind = 'reply' FOR UPDATE",
                    ticket, who.user_id);
            };
            auto found = find();
            if (found.empty()) {
                if (auto why_not = no_room(tx, who)) return full(std::move(*why_not));
                if (query(tx, R"(
                        INSERT INTO draft (ticket_id, agent_id, kind) VALUES ($1, $2, 'reply')
                        ON CONFLICT DO NOTHING)",
                          ticket, who.user_id)
                        .affected_rows() > 0)
                    tell_draft(tx, ticket, who.user_id, "reply", true);
                found = find();
            }
            const auto draft_id = get<std::int64_t>(found[0]["id"]);
            const auto size = std::ssize(file.content);
            const auto has = query(tx, R"(
                SELECT count(*) FILTER (WHERE f.draft_id = $1) AS files,
                       coalesce(sum(f.size) FILTER (WHERE f.draft_id = $1), 0)::bigint AS bytes,
                       coalesce(sum(f.size), 0)::bigint AS bytes_of_agent
                FROM draft_file f
                JOIN draft d ON d.id = f.draft_id
                WHERE d.agent_id = $2)",
                                   draft_id, who.user_id)
                                 .front();
            if (get<std::int64_t>(has["files"]) >= most_files)
                return full("a reply has at most " + std::to_string(most_files) + " files");
            if (get<std::int64_t>(has["bytes"]) + size > most_file_bytes)
                return std::unexpected{refusal::invalid("content", "the files of a reply have at most " +
                                                                       std::to_string(most_file_bytes / 1'000'000) +
                                                                       " MB together")};
            if (get<std::int64_t>(has["bytes_of_agent"]) + size > most_bytes_of_all)
                return full("the files of all drafts have at most " + std::to_string(most_bytes_of_all / 1'000'000) +
                            " MB: send or discard some");
            draft_file about{0, file.name, file.type, size};
            about.id = value_of<std::int64_t>(query(tx, R"(
                INSERT INTO draft_file (draft_id, name, type, size, sha256, content)
                VALUES ($1, $2, $3, $4, $5, $6)
                RETURNING id)",
                                                    draft_id, file.name, file.type, size, sha256_hex(file.content),
                                                    bytes_literal(file.content)));
            work.commit(about);
            return about;
        });
}

boost::asio::awaitable<bool> drafts::remove_file(std::int64_t file, viewer who) {
    return run(db_, [file, who = std::move(who)](pqxx::connection& c) {
        pqxx::work tx{c};
        const bool gone = query(tx, R"(
            DELETE FROM draft_file f
            USING draft d
            WHERE d.id = f.draft_id AND d.agent_id = $2 AND f.id = $1)",
                                file, who.user_id)
                              .affected_rows() > 0;
        tx.commit();
        return gone;
    });
}

boost::asio::awaitable<std::optional<draft_bytes>> drafts::file(std::int64_t file, viewer who) {
    return run(db_, [file, who = std::move(who)](pqxx::connection& c) -> std::optional<draft_bytes> {
        pqxx::nontransaction tx{c};
        const auto rows = query(tx, R"(
            SELECT f.id, f.name, f.type, f.size, f.content
            FROM draft_file f
            JOIN draft d ON d.id = f.draft_id
            WHERE f.id = $1 AND d.agent_id = $2)",
                                file, who.user_id);
        if (rows.empty()) return std::nullopt;
        const auto r = rows[0];
        return draft_bytes{{get<std::int64_t>(r["id"]), get<std::string>(r["name"]), get<std::string>(r["type"]),
                            get<std::int64_t>(r["size"])},
                           bytes_from(r["content"])};
    });
}

boost::asio::awaitable<std::expected<bool, refusal>> drafts::mark_read(std::int64_t ticket, viewer who,
                                                                       std::optional<std::int64_t> contact) {
    return run(db_, [ticket, who = std::move(who), contact](pqxx::connection& c) -> std::expected<bool, refusal> {
        pqxx::work tx{c};
        if (!enter_ticket(tx, ticket, who)) return no_such_ticket();
        if (contact && query(tx, "SELECT FROM contact WHERE id = $1 AND ticket_id = $2", *contact, ticket).empty())
            return std::unexpected{refusal::invalid("contact_id", "is no contact of this ticket")};
        query(tx, R"(
            INSERT INTO read_marker (ticket_id, agent_id, contact_id)
            VALUES ($1, $2, $3)
            ON CONFLICT (ticket_id, agent_id) DO UPDATE
            SET contact_id = excluded.contact_id)",
              ticket, who.user_id, contact);
        tx.commit();
        return true;
    });
}

} // namespace switchboard::store

#include "store/draft_rows.hpp"

#include "store/contact_rows.hpp"
#include "store/sql.hpp"
#include "store/ticket_rows.hpp"

#include <switchboard/util/json.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace switchboard::store {

const std::string_view draft_columns = R"(
    d.id, d.ticket_id, d.kind, d.text, d.recipients, d.channel, d.basis, d.version, d.saved_at, (
        SELECT coalesce(json_agg(json_build_object('id', f.id, 'name', f.name, 'type', f.type, 'size', f.size)
                                 ORDER BY f.id), '[]')
        FROM draft_file f
        WHERE f.draft_id = d.id) AS files)";

draft draft_of(const pqxx::row& r) {
    draft d;
    d.id = get<std::int64_t>(r["id"]);
    d.ticket_id = get<std::int64_t>(r["ticket_id"]);
    d.kind = get<std::string>(r["kind"]);
    d.text = get<std::string>(r["text"]);
    const auto recipients = own_json(get<std::string>(r["recipients"]));
    d.to = parties_from(recipients, "to");
    d.cc = parties_from(recipients, "cc");
    d.channel = get<std::optional<std::string>>(r["channel"]);
    d.basis = get<std::optional<std::int64_t>>(r["basis"]);
    d.version = get<std::int64_t>(r["version"]);
    d.saved_at = get<timestamp>(r["saved_at"]);
    for (const auto& f : own_json(get<std::string>(r["files"])))
        d.files.push_back({f.at("id"), f.at("name"), f.at("type"), f.at("size")});
    return d;
}

std::optional<draft> read_draft(pqxx::transaction_base& tx, std::int64_t ticket, std::int64_t agent,
                                std::string_view kind) {
    static const auto sql = fmt::format(R"(
        SELECT {}
        FROM draft d
        WHERE d.ticket_id = $1 AND d.agent_id = $2 AND d.kind = $3)",
                                        draft_columns);
    const auto rows = query(tx, sql, ticket, agent, kind);
    if (rows.empty()) return std::nullopt;
    return draft_of(rows[0]);
}

void tell_draft(pqxx::transaction_base& tx, std::int64_t ticket, std::int64_t agent, std::string_view kind,
                bool exists) {
    const auto row =
        query(tx, "SELECT t.queue_id, t.owner_id, u.name FROM ticket t, users u WHERE t.id = $1 AND u.id = $2", ticket,
              agent)
            .front();
    append_event(
        tx, events::draft_changed{ticket, {agent, get<std::string>(row["name"])}, std::string{kind}, exists},
        {ticket, get<std::int64_t>(row["queue_id"]), get<std::optional<std::int64_t>>(row["owner_id"]), agent});
}

bool end_draft(pqxx::transaction_base& tx, std::int64_t ticket, std::int64_t agent, std::string_view kind) {
    const auto found = query(tx, R"(
        SELECT id
        FROM draft
        WHERE ticket_id = $1 AND agent_id = $2 AND kind = $3 FOR UPDATE)",
                             ticket, agent, kind);
    if (found.empty()) return false;
    const auto id = get<std::int64_t>(found[0]["id"]);
    query(tx, "DELETE FROM draft_file WHERE draft_id = $1", id);
    query(tx, "DELETE FROM draft WHERE id = $1", id);
    tell_draft(tx, ticket, agent, kind, false);
    return true;
}

void attach_draft_files(pqxx::transaction_base& tx, std::int64_t contact, std::int64_t ticket, std::int64_t agent,
                        const std::vector<std::int64_t>& files) {
    if (files.empty()) return;
    query(tx, R"(
        INSERT INTO attachment (contact_id, name, type, size, sha256, content)
        SELECT $1, f.name, f.type, f.size, f.sha256, f.content
        FROM draft_file f
        JOIN draft d ON d.id = f.draft_id
        WHERE d.ticket_id = $2 AND d.agent_id = $3 AND d.kind = 'reply' AND f.id = ANY($4::bigint[])
        ORDER BY f.id)",
          contact, ticket, agent, array_literal(files));
}

void restore_draft(pqxx::transaction_base& tx, std::int64_t contact, std::int64_t ticket, std::int64_t agent) {
    const bool begun = read_draft(tx, ticket, agent, "reply").has_value();
    const auto id = value_of<std::int64_t>(query(tx, R"(
        INSERT INTO draft AS d (ticket_id, agent_id, kind, text, recipients, basis)
        SELECT $2, $3, 'reply', c.text, c.recipients,
               (SELECT max(k.id) FROM contact k WHERE k.ticket_id = $2 AND k.id < c.id)
        FROM contact c
        WHERE c.id = $1
        ON CONFLICT (ticket_id, agent_id, kind) DO UPDATE
        SET text = CASE WHEN trim(d.text, E' \n') = '' THEN excluded.text
                        ELSE excluded.text || E'\n\n' || d.text END,
            recipients = excluded.recipients, basis = excluded.basis, version = excluded.version, saved_at = now()
        RETURNING d.id)",
                                                 contact, ticket, agent));
    query(tx, R"(
        INSERT INTO draft_file (draft_id, name, type, size, sha256, content)
        SELECT $1, name, type, size, sha256, content
        FROM attachment
        WHERE contact_id = $2
        ORDER BY id)",
          id, contact);
    if (!begun) tell_draft(tx, ticket, agent, "reply", true);
}

} // namespace switchboard::store

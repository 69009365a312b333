#include "store/secret_rows.hpp"

#include <switchboard/model/gateway_secrets.hpp>

#include <algorithm>

namespace switchboard::store {
namespace {

/// "imap.password" as PostgreSQL walks into a document: {imap,password}.
std::string path_of(std::string_view name) {
    std::string out{name};
    std::ranges::replace(out, '.', ',');
    return '{' + out + '}';
}

} // namespace

void write_secret(pqxx::transaction_base& tx, const secret_box& box, const secret_place& at, const secret_text& words) {
    const auto sealed = box.seal(at.text(), words);
    query(tx, R"(
        INSERT INTO secret (owner, owner_id, name, key_id, box)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (owner, owner_id, name) DO UPDATE
        SET key_id = excluded.key_id, box = excluded.box, changed_at = excluded.changed_at)",
          at.owner, at.owner_id, at.name, sealed.key_id, bytes_literal(sealed.bytes));
}

void remove_secret(pqxx::transaction_base& tx, const secret_place& at) {
    query(tx, "DELETE FROM secret WHERE owner = $1 AND owner_id = $2 AND name = $3", at.owner, at.owner_id, at.name);
}

secret_text open_secret(const secret_box& box, const secret_place& at, const pqxx::field& key_id,
                        const pqxx::field& bytes) {
    return box.open(at.text(), {get<std::string>(key_id), bytes_from(bytes)});
}

secret_text read_instance_secret(pqxx::transaction_base& tx, const secret_box& box) {
    const auto& at = instance_secret_place;
    const auto sealed = query(tx, "SELECT key_id, box FROM secret WHERE owner = $1 AND owner_id = $2 AND name = $3",
                              at.owner, at.owner_id, at.name);
    if (!sealed.empty()) return open_secret(box, at, sealed[0]["key_id"], sealed[0]["box"]);
    const auto open = query(tx, "SELECT value FROM setting WHERE key = $1", at.name);
    return open.empty() ? secret_text{} : get<std::string>(open[0]["value"]);
}

void seal_gateway(pqxx::transaction_base& tx, const secret_box& box, std::int64_t id) {
    for (const auto name : gateway_secrets) {
        const auto path = path_of(name);
        const auto rows = query(tx, R"(
            SELECT settings #>> $2::text[] AS words
            FROM gateway
            WHERE id = $1 AND settings #> $2::text[] IS NOT NULL)",
                                id, path);
        if (rows.empty()) continue;
        if (const auto words = get<std::optional<std::string>>(rows[0]["words"]).value_or(""); !words.empty())
            write_secret(tx, box, {"gateway", id, std::string{name}}, words);
        query(tx, "UPDATE gateway SET settings = settings #- $2::text[] WHERE id = $1", id, path);
    }
}

const std::string& has_open_secrets() {
    static const std::string condition = [] {
        std::string out;
        for (const auto name : gateway_secrets)
            out += (out.empty() ? "(" : " OR ") + ("settings #> '" + path_of(name) + "' IS NOT NULL");
        return out + ')';
    }();
    return condition;
}

} // namespace switchboard::store

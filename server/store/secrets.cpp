#include <switchboard/store/secrets.hpp>

#include "store/run.hpp"
#include "store/secret_rows.hpp"

#include <switchboard/util/hash.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace switchboard::store {
namespace {

constexpr std::int64_t settling_lock = 0x53574253454352; // one number for all nodes of an installation
constexpr std::int64_t at_once = 100;                    // gateways that one transaction settles

std::map<std::string, std::int64_t> read_by_key(pqxx::transaction_base& tx) {
    std::map<std::string, std::int64_t> out;
    for (const auto& r : tx.exec("SELECT key_id, count(*) AS count FROM secret GROUP BY key_id"))
        out.emplace(get<std::string>(r["key_id"]), get<std::int64_t>(r["count"]));
    return out;
}

/// False when nothing was left to do.
bool settle_some(pqxx::connection& c, const secret_box& box) {
    pqxx::work tx{c};
    query(tx, "SELECT pg_advisory_xact_lock($1)", settling_lock);
    if (const auto problem = key_problem(box, read_by_key(tx)); !problem.empty()) throw secrets_error{problem};
    const auto gateways =
        query(tx, fmt::format("SELECT id FROM gateway WHERE {} ORDER BY id LIMIT $1 FOR UPDATE", has_open_secrets()),
              at_once);
    if (!gateways.empty() && !box.has_key())
        throw secrets_error{"gateways in the database have secrets, and there is no key to keep them with: set "
                            "SWITCHBOARD_SECRET_KEY or SWITCHBOARD_SECRET_KEY_FILE (`openssl rand -base64 32` makes a "
                            "key), the same on every node"};
    for (const auto& r : gateways) seal_gateway(tx, box, get<std::int64_t>(r["id"]));
    const auto& at = instance_secret_place;
    if (read_instance_secret(tx, box).empty()) // it went with a key that was lost
        query(tx, "INSERT INTO setting VALUES ($1, $2)", at.name, random_hex(32));
    if (box.has_key())
        for (const auto& r : query(tx, "DELETE FROM setting WHERE key = $1 RETURNING value", at.name))
            write_secret(tx, box, at, get<std::string>(r["value"]));
    tx.commit();
    return !gateways.empty();
}

} // namespace

std::string key_problem(const secret_box& box, const std::map<std::string, std::int64_t>& by_key) {
    std::string missing;
    for (const auto& [key, count] : by_key)
        if (!box.knows(key))
            missing += fmt::format("{}{} {} sealed with key {}", missing.empty() ? "" : ", ", count,
                                   count == 1 ? "secret is" : "secrets are", key);
    if (missing.empty()) return {};
    return fmt::format("{} in the database, and that key is not here: secret.key has {}. Give the right key in "
                       "SWITCHBOARD_SECRET_KEY or SWITCHBOARD_SECRET_KEY_FILE; docs/secrets.md says what to do when it "
                       "is lost",
                       missing,
                       box.has_key() ? fmt::format("{}", fmt::join(box.key_ids(), ", ")) : std::string{"no key"});
}

boost::asio::awaitable<void> secrets::settle() {
    return run(db_, [box = box_](pqxx::connection& c) {
        while (settle_some(c, box)) {
        }
    });
}

boost::asio::awaitable<std::map<std::string, std::int64_t>> secrets::by_key() {
    return run(db_, [](pqxx::connection& c) {
        pqxx::work tx{c};
        return read_by_key(tx);
    });
}

boost::asio::awaitable<std::vector<std::string>> secrets::forget(std::string key_id) {
    return run(db_, [key_id = std::move(key_id)](pqxx::connection& c) {
        pqxx::work tx{c};
        std::vector<std::string> out;
        for (const auto& r : query(tx, R"(
                 WITH gone AS (DELETE FROM secret WHERE key_id = $1 RETURNING owner, owner_id, name)
                 SELECT coalesce('gateway ' || g.name || ': ', '') || gone.name AS name
                 FROM gone
                 LEFT JOIN gateway g ON gone.owner = 'gateway' AND g.id = gone.owner_id
                 ORDER BY 1)",
                                   key_id))
            out.push_back(get<std::string>(r["name"]));
        tx.commit();
        return out;
    });
}

boost::asio::awaitable<secret_rotation> secrets::rotate(secret_cursor from, std::int64_t most) {
    return run(db_, [box = box_, from = std::move(from), most](pqxx::connection& c) {
        secret_rotation out;
        if (!box.has_key()) throw secrets_error{"there is no key in secret.key"};
        pqxx::work tx{c};
        const auto rows = query(tx, R"(
            SELECT owner, owner_id, name, key_id, box
            FROM secret
            WHERE key_id <> $1 AND (owner, owner_id, name) > ($2, $3, $4)
            ORDER BY owner, owner_id, name LIMIT $5 FOR UPDATE)",
                                box.key_ids().front(), from.owner, from.owner_id, from.name, most);
        for (const auto& r : rows) {
            const secret_place at{get<std::string>(r["owner"]), get<std::int64_t>(r["owner_id"]),
                                  get<std::string>(r["name"])};
            out.next = {at.owner, at.name, at.owner_id};
            try {
                const auto sealed = box.seal(at.text(), open_secret(box, at, r["key_id"], r["box"]));
                query(tx, "UPDATE secret SET key_id = $4, box = $5 WHERE owner = $1 AND owner_id = $2 AND name = $3",
                      at.owner, at.owner_id, at.name, sealed.key_id, bytes_literal(sealed.bytes));
                ++out.sealed;
            } catch (const unreadable_secret& e) {
                out.unreadable.emplace_back(e.what());
            }
        }
        out.done = std::ssize(rows) < most;
        tx.commit();
        return out;
    });
}

} // namespace switchboard::store

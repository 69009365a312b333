#include "store/customer_move_rows.hpp"

#include "store/ticket_rows.hpp"

#include <switchboard/util/json.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace switchboard::store {
namespace {

// Addresses before tickets, as intake does.
constexpr statement hold_identities{"customer_move_identities", R"(
    SELECT kind, value FROM customer_identity WHERE customer_id = $1 ORDER BY kind, value FOR UPDATE)"};
constexpr statement hold_tickets{"customer_move_tickets", R"(
    SELECT id FROM ticket WHERE customer_id = $1 ORDER BY id FOR UPDATE)"};
constexpr statement hold_objects{"customer_move_objects", R"(
    SELECT id FROM customer_object WHERE customer_id = $1 ORDER BY id FOR UPDATE)"};

std::vector<address_key> identities_from(const std::string& text) {
    std::vector<address_key> out;
    for (const auto& i : own_json(text)) out.push_back({i["kind"], i["value"]});
    return out;
}

} // namespace

std::size_t hold_customers(pqxx::transaction_base& tx, const std::vector<std::int64_t>& ids) {
    const auto rows = query(tx, R"(
        SELECT merged_into IS NULL AS current FROM customer WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE)",
                            array_literal(ids));
    return std::ranges::count(values_of<bool>(rows), true);
}

belongings hold_all(pqxx::transaction_base& tx, std::int64_t of) {
    belongings out;
    out.identities = read_all<address_key>(query(tx, hold_identities, of));
    out.tickets = values_of<std::int64_t>(query(tx, hold_tickets, of));
    out.objects = values_of<std::int64_t>(query(tx, hold_objects, of));
    return out;
}

std::vector<std::int64_t> only_from(pqxx::transaction_base& tx, std::int64_t customer,
                                    const std::vector<address_key>& identities) {
    std::vector<std::string> kinds, values;
    for (const auto& i : identities) kinds.push_back(i.kind), values.push_back(i.value);
    return values_of<std::int64_t>(query(tx, R"(
        WITH theirs AS (SELECT * FROM unnest($2::text[], $3::text[]) AS t (kind, value))
        SELECT t.id FROM ticket t
        WHERE t.customer_id = $1
          AND EXISTS (SELECT FROM contact c JOIN theirs ON (kind, value) = (c.from_kind, c.from_value)
                      WHERE c.ticket_id = t.id AND c.direction = 'in')
          AND NOT EXISTS (SELECT FROM contact c JOIN customer_identity i ON (i.kind, i.value) = (c.from_kind, c.from_value)
                          WHERE c.ticket_id = t.id AND c.direction = 'in' AND i.customer_id = $1
                            AND (i.kind, i.value) NOT IN (SELECT kind, value FROM theirs))
        ORDER BY t.id)",
                                         customer, array_literal(kinds), array_literal(values)));
}

std::vector<std::int64_t> objects_told_by(pqxx::transaction_base& tx, std::int64_t customer,
                                          const std::vector<address_key>& identities) {
    std::vector<std::string> kinds, values;
    for (const auto& i : identities) kinds.push_back(i.kind), values.push_back(i.value);
    return values_of<std::int64_t>(query(tx, R"(
        SELECT id FROM customer_object
        WHERE customer_id = $1 AND (told_kind, told_value) IN (SELECT * FROM unnest($2::text[], $3::text[]))
        ORDER BY id)",
                                         customer, array_literal(kinds), array_literal(values)));
}

void move_belongings(pqxx::transaction_base& tx, const belongings& what, std::int64_t from, std::int64_t to,
                     const std::string& cause, std::optional<std::int64_t> by) {
    std::vector<std::string> kinds, values;
    for (const auto& i : what.identities) kinds.push_back(i.kind), values.push_back(i.value);
    query(tx, R"(
        UPDATE customer_identity i SET customer_id = $4
        FROM unnest($2::text[], $3::text[]) AS k (kind, value)
        WHERE i.customer_id = $1 AND i.kind = k.kind AND i.value = k.value)",
          from, array_literal(kinds), array_literal(values), to);
    query(tx, "UPDATE customer_object SET customer_id = $3 WHERE id = ANY($1::bigint[]) AND customer_id = $2",
          array_literal(what.objects), from, to);
    const auto tickets = array_literal(what.tickets);
    query(tx, R"(
        UPDATE contact SET customer_id = $3 WHERE ticket_id = ANY($1::bigint[]) AND customer_id = $2)",
          tickets, from, to);
    const auto open = values_of<std::int64_t>(query(tx, R"(
        WITH moved AS (UPDATE ticket SET customer_id = $3, version = version + 1
                       WHERE id = ANY($1::bigint[]) AND customer_id = $2 RETURNING id, solved_at)
        SELECT id FROM moved WHERE solved_at IS NULL ORDER BY id)",
                                                    tickets, from, to));
    for (const auto id : open) {
        events::ticket_changed told{.change = events::ticket_change::customer_moved, .cause = cause, .by = by};
        told.ticket = read_summary(tx, id);
        const auto whom = about(told.ticket, by);
        append_event(tx, told, whom);
    }
}

void note_move(pqxx::transaction_base& tx, customer_move_kind kind, std::int64_t from, std::int64_t to,
               const belongings& what, const std::vector<filled_field>& fills, const std::string& reason,
               std::optional<std::int64_t> by) {
    auto identities = nlohmann::json::array(), filled = nlohmann::json::object();
    for (const auto& i : what.identities) identities.push_back({{"kind", i.kind}, {"value", i.value}});
    for (const auto& f : fills) filled[f.field] = f.value;
    query(tx, R"(
        INSERT INTO customer_move (kind, from_id, to_id, identities, ticket_ids, object_ids, filled, reason, by_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9))",
          name_of(kind), from, to, identities.dump(), array_literal(what.tickets), array_literal(what.objects),
          filled.dump(), reason, by);
}

const std::string move_select = R"(
    SELECT m.id, m.kind, m.from_id, f.name AS from_name, m.to_id, t.name AS to_name, m.identities,
        cardinality(m.ticket_ids) AS tickets, m.reason, m.by_id, u.name AS by_name, m.moved_at, m.undone_at,
        m.undone_by, b.name AS undone_by_name, m.undo_reason
    FROM customer_move m
    JOIN customer f ON f.id = m.from_id
    JOIN customer t ON t.id = m.to_id
    LEFT JOIN users u ON u.id = m.by_id
    LEFT JOIN users b ON b.id = m.undone_by )";

customer_move move_of(const pqxx::row& r) {
    customer_move m;
    m.id = get<std::int64_t>(r["id"]);
    m.kind = get<std::string>(r["kind"]);
    m.from = {get<std::int64_t>(r["from_id"]), get<std::string>(r["from_name"])};
    m.to = {get<std::int64_t>(r["to_id"]), get<std::string>(r["to_name"])};
    m.identities = identities_from(get<std::string>(r["identities"]));
    m.tickets = get<std::int64_t>(r["tickets"]);
    m.reason = get<std::string>(r["reason"]);
    if (!r["by_id"].is_null()) m.by = named{get<std::int64_t>(r["by_id"]), get<std::string>(r["by_name"])};
    m.moved_at = get<timestamp>(r["moved_at"]);
    m.undo_until = m.moved_at + move_can_be_undone;
    m.undone_at = get<std::optional<timestamp>>(r["undone_at"]);
    if (!r["undone_by"].is_null())
        m.undone_by = named{get<std::int64_t>(r["undone_by"]), get<std::string>(r["undone_by_name"])};
    m.undo_reason = get<std::string>(r["undo_reason"]);
    return m;
}

belongings to_take_back(pqxx::transaction_base& tx, std::int64_t move, std::int64_t has_it) {
    const auto row = query(tx, "SELECT identities, ticket_ids FROM customer_move WHERE id = $1", move).front();
    belongings out{
        identities_from(get<std::string>(row["identities"])), get<std::vector<std::int64_t>>(row["ticket_ids"]), {}};
    for (const auto id : only_from(tx, has_it, out.identities)) out.tickets.push_back(id);
    std::ranges::sort(out.tickets);
    const auto twice = std::ranges::unique(out.tickets);
    out.tickets.erase(twice.begin(), twice.end());
    // Who pushed an object last has said whose it is; it is as it was where nobody has since then.
    out.objects = objects_told_by(tx, has_it, out.identities);
    for (const auto id : values_of<std::int64_t>(query(tx, R"(
            WITH RECURSIVE back (id) AS (
                SELECT from_id FROM customer_move WHERE id = $1
                UNION SELECT c.id FROM back JOIN customer c ON c.merged_into = back.id)
            SELECT o.id FROM customer_object o, customer_move m
            WHERE m.id = $1 AND o.customer_id = $2
              AND (o.told_customer_id IN (SELECT id FROM back)
                   OR o.id = ANY(m.object_ids)
                      AND (o.received_at <= m.moved_at OR coalesce(o.told_customer_id::text, o.told_kind) IS NULL)))",
                                                       move, has_it)))
        out.objects.push_back(id);
    return out;
}

} // namespace switchboard::store

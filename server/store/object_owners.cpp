#include "store/object_owners.hpp"

#include "store/sql.hpp"

#include <map>
#include <set>
#include <utility>

namespace switchboard::store {
namespace {

using identity_map = std::map<std::pair<std::string, std::string>, std::int64_t>;

/// Who has these numbers, or became part of whom; nobody merges them until this is committed.
std::map<std::int64_t, std::int64_t> current_customers(pqxx::transaction_base& tx,
                                                       const std::vector<owned_object*>& all) {
    std::vector<std::int64_t> ids;
    for (const auto* w : all)
        if (w->sent->customer_id) ids.push_back(*w->sent->customer_id);
    std::set<std::int64_t> held;
    for (;;) {
        std::map<std::int64_t, std::int64_t> out;
        std::vector<std::int64_t> not_held;
        for (const auto& r : query(tx, R"(
                SELECT DISTINCT id, current_customer(id) AS now FROM unnest($1::bigint[]) AS k (id)
                WHERE current_customer(id) IS NOT NULL ORDER BY now)",
                                   array_literal(ids))) {
            const auto now = get<std::int64_t>(r["now"]);
            out[get<std::int64_t>(r["id"])] = now;
            if (held.insert(now).second) not_held.push_back(now);
        }
        if (not_held.empty()) return out;
        query(tx, "SELECT FROM customer WHERE id = ANY($1::bigint[]) ORDER BY id FOR SHARE", array_literal(not_held));
    }
}

/// They stay whose they are until this is committed (customer_move_rows.hpp).
identity_map known_identities(pqxx::transaction_base& tx, const std::vector<owned_object*>& all) {
    std::vector<std::string> kinds, values;
    for (const auto* w : all)
        for (const auto& i : w->sent->identities) kinds.push_back(i.kind), values.push_back(i.value);
    identity_map out;
    if (kinds.empty()) return out;
    for (const auto& r : query(tx, R"(
            SELECT i.kind, i.value, i.customer_id FROM customer_identity i
            WHERE (i.kind, i.value) IN (SELECT * FROM unnest($1::text[], $2::text[])) FOR KEY SHARE)",
                               array_literal(kinds), array_literal(values)))
        out[{get<std::string>(r["kind"]), get<std::string>(r["value"])}] = get<std::int64_t>(r["customer_id"]);
    return out;
}

/// Who is meant by one of the things that say whose an object is.
struct owner_claim {
    std::string field;
    std::int64_t customer = 0;
    const party* by = nullptr; // an address; null: the number
};

std::string field_of(const party& address) {
    return address.kind == "tel" ? "customer.phone" : "customer." + address.kind;
}

std::vector<owner_claim> claims_on(owned_object& w, const std::map<std::int64_t, std::int64_t>& by_id,
                                   const identity_map& by_identity) {
    std::vector<owner_claim> out;
    if (w.sent->customer_id) {
        const auto found = by_id.find(*w.sent->customer_id);
        if (found == by_id.end())
            w.refuse("customer.id", "is nobody");
        else
            out.push_back({"customer.id", found->second});
    }
    for (const auto& i : w.sent->identities)
        if (const auto known = by_identity.find({i.kind, i.value}); known != by_identity.end())
            out.push_back({field_of(i), known->second, &i});
    return out;
}

} // namespace

object_owners::object_owners(pqxx::transaction_base& tx, const std::vector<owned_object*>& all)
    : tx_{tx}, by_id_{current_customers(tx, all)}, by_identity_{known_identities(tx, all)},
      ids_{tx, "customer_id_seq"} {}

void object_owners::find(owned_object& w) const {
    if (w.is_refused() || w.sent->removed) return;
    const auto claims = claims_on(w, by_id_, by_identity_);
    for (const auto& c : claims)
        if (c.customer != claims.front().customer) {
            w.refuse(claims.front().field, "is another customer than " + c.field);
            w.refuse(c.field, "is another customer than " + claims.front().field);
            break;
        }
    if (w.is_refused() || claims.empty()) return;
    w.customer = claims.front().customer;
    w.told_by = claims.front().by;
}

void object_owners::make(owned_object& w) {
    if (w.customer || w.sent->removed) return;
    const auto& s = *w.sent;
    const auto id = ids_.next();
    w.customer = id;
    w.told_by = &s.identities.front();
    made_.push_back({id, s.name, s.identities});
    for (const auto& i : s.identities) by_identity_[{i.kind, i.value}] = id;
}

void object_owners::write() {
    if (made_.empty()) return;
    std::vector<std::int64_t> ids, whose;
    std::vector<std::string> names, kinds, values;
    for (const auto& n : made_) {
        ids.push_back(n.id), names.push_back(n.name);
        for (const auto& i : n.identities) kinds.push_back(i.kind), values.push_back(i.value), whose.push_back(n.id);
    }
    query(tx_, "INSERT INTO customer (id, name) SELECT * FROM unnest($1::bigint[], $2::text[])", array_literal(ids),
          array_literal(names));
    query(tx_, R"(
        INSERT INTO customer_identity (kind, value, customer_id)
        SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[]))",
          array_literal(kinds), array_literal(values), array_literal(whose));
}

} // namespace switchboard::store

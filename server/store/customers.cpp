#include <switchboard/store/customers.hpp>

#include "store/directory/rows.hpp"
#include "store/run.hpp"
#include "store/ticket_rows.hpp"

#include <switchboard/util/json.hpp>
#include <switchboard/util/time.hpp>

#include <nlohmann/json.hpp>

namespace switchboard::store {
namespace {

const std::string select =
    "SELECT c.id, c.name, c.organization_id, o.name, c.language, c.timezone, c.jurisdiction, c.notes, c.version, "
    "c.created_at, (SELECT coalesce(json_agg(json_build_array(kind, value, to_char(bounced_at AT TIME ZONE 'UTC', "
    "'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), bounce_reason) ORDER BY kind, value), '[]') FROM customer_identity i WHERE "
    "i.customer_id = c.id) "
    "FROM customer c LEFT JOIN organization o ON o.id = c.organization_id ";

customer customer_of(const pqxx::row& r) {
    customer c;
    c.id = get<std::int64_t>(r[0]);
    c.name = get<std::string>(r[1]);
    if (!r[2].is_null()) c.organization = named{get<std::int64_t>(r[2]), get<std::string>(r[3])};
    c.language = get<std::string>(r[4]);
    c.timezone = get<std::string>(r[5]);
    c.jurisdiction = get<std::string>(r[6]);
    c.notes = get<std::string>(r[7]);
    c.version = get<std::int64_t>(r[8]);
    c.created_at = get<timestamp>(r[9]);
    for (const auto& i : own_json(get<std::string>(r[10]))) {
        c.identities.push_back({i[0], i[1], {}, i[3]});
        if (i[2].is_string()) c.identities.back().bounced_at = parse_rfc3339(i[2].get<std::string>());
    }
    return c;
}

std::optional<customer> read(pqxx::transaction_base& tx, std::int64_t id) {
    const auto rows = query(tx, select + "WHERE c.id = $1", id);
    if (rows.empty()) return std::nullopt;
    return customer_of(rows[0]);
}

/// The place behind the last of a list from new to old: 0 asks for its beginning.
std::int64_t before(const page_request& part) {
    return part.after == 0 ? INT64_MAX : part.after;
}

nlohmann::json to_json(const customer& c) {
    auto identities = nlohmann::json::array();
    for (const auto& i : c.identities)
        identities.push_back(
            {{"kind", i.kind},
             {"value", i.value},
             {"bounced_at", i.bounced_at ? nlohmann::json(to_rfc3339(*i.bounced_at)) : nlohmann::json()},
             {"bounce_reason", i.bounce_reason}});
    nlohmann::json organization;
    if (c.organization) organization = {{"id", c.organization->id}, {"name", c.organization->name}};
    return {{"id", c.id},
            {"name", c.name},
            {"organization", organization},
            {"language", c.language},
            {"timezone", c.timezone},
            {"jurisdiction", c.jurisdiction},
            {"notes", c.notes},
            {"identities", identities},
            {"version", c.version},
            {"created_at", to_rfc3339(c.created_at)}};
}

} // namespace

boost::asio::awaitable<page<customer>> customers::list(std::string q, page_request part) {
    return run(db_, [q = std::move(q), part](pqxx::connection& c) {
        pqxx::work tx{c};
        const auto rows =
            query(tx,
                  select + "WHERE c.id < $1 AND ($3 = '' OR strpos(lower(c.name), lower($3)) > 0 OR EXISTS "
                           "(SELECT FROM customer_identity i WHERE i.customer_id = c.id AND "
                           "starts_with(i.value, lower($3)))) ORDER BY c.id DESC LIMIT $2",
                  before(part), part.limit + 1, q);
        return page_of<customer>(rows, part.limit, customer_of);
    });
}

boost::asio::awaitable<std::optional<customer>> customers::get(std::int64_t id) {
    return run(db_, [id](pqxx::connection& c) {
        pqxx::work tx{c};
        return read(tx, id);
    });
}

boost::asio::awaitable<customers::changed> customers::change(std::int64_t id, customer_change terms,
                                                             std::optional<std::int64_t> expected_version, actor by) {
    return run(db_, [=](pqxx::connection& c) -> changed {
        pqxx::work tx{c};
        query(tx, "SELECT 1 FROM customer WHERE id = $1 FOR UPDATE", id);
        auto existing = read(tx, id);
        if (!existing) return missing<customer>();
        if (expected_version && *expected_version != existing->version) return stale(std::move(*existing));
        query(tx,
              "UPDATE customer SET name = COALESCE($2, name), language = COALESCE($3, language), "
              "timezone = COALESCE($4, timezone), jurisdiction = COALESCE($5, jurisdiction), "
              "notes = COALESCE($6, notes), version = version + 1 WHERE id = $1",
              id, terms.name, terms.language, terms.timezone, terms.jurisdiction, terms.notes);
        auto after = read(tx, id);
        append_event(tx, "customer.changed", {}, {}, {}, by, nlohmann::json{{"customer", to_json(*after)}}.dump());
        tx.commit();
        return std::move(*after);
    });
}

boost::asio::awaitable<page<ticket_summary>> customers::tickets(std::int64_t id, viewer who, std::string state,
                                                                page_request part) {
    return run(db_, [=](pqxx::connection& c) {
        pqxx::work tx{c};
        const auto rows = query(
            tx,
            summary_select() +
                "WHERE t.customer_id = $1 AND t.id < $2 "
                "AND ($4 = '' OR ($4 = 'solved') = (t.state = 'solved')) "
                "AND ($5::boolean OR t.queue_id = ANY($6::bigint[]) OR t.owner_id = $7 OR EXISTS (SELECT FROM offer x "
                "WHERE x.ticket_id = t.id AND x.agent_id = $7 AND x.state = 'offered')) "
                "ORDER BY t.id DESC LIMIT $3",
            id, before(part), part.limit + 1, state, who.role != role::agent,
            array_literal(std::vector<std::int64_t>(who.queues.begin(), who.queues.end())), who.user_id);
        return page_of<ticket_summary>(rows, part.limit, summary_of);
    });
}

} // namespace switchboard::store

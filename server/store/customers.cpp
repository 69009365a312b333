#include <switchboard/store/customers.hpp>

#include "store/directory/rows.hpp"
#include "store/parameters.hpp"
#include "store/run.hpp"
#include "store/ticket_rows.hpp"
#include "store/words.hpp"

#include <switchboard/util/json.hpp>
#include <switchboard/util/text.hpp>
#include <switchboard/util/time.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace switchboard::store {
namespace {

const std::string select = R"(
    SELECT c.id, c.name, c.organization_id, o.name AS organization_name, c.language, c.timezone, c.jurisdiction, c.notes,
        c.version, c.created_at,
        (SELECT coalesce(json_agg(json_build_object('kind', kind, 'value', value, 'bounced_at',
            to_char(bounced_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'reason', bounce_reason)
            ORDER BY kind, value), '[]')
         FROM customer_identity i WHERE i.customer_id = c.id) AS identities
    FROM customer c LEFT JOIN organization o ON o.id = c.organization_id )";

customer customer_of(const pqxx::row& r) {
    customer c;
    c.id = get<std::int64_t>(r["id"]);
    c.name = get<std::string>(r["name"]);
    if (!r["organization_id"].is_null())
        c.organization = named{get<std::int64_t>(r["organization_id"]), get<std::string>(r["organization_name"])};
    c.language = get<std::string>(r["language"]);
    c.timezone = get<std::string>(r["timezone"]);
    c.jurisdiction = get<std::string>(r["jurisdiction"]);
    c.notes = get<std::string>(r["notes"]);
    c.version = get<std::int64_t>(r["version"]);
    c.created_at = get<timestamp>(r["created_at"]);
    for (const auto& i : own_json(get<std::string>(r["identities"]))) {
        c.identities.push_back({i["kind"], i["value"], {}, i["reason"]});
        const auto& bounced = i["bounced_at"];
        if (bounced.is_string()) c.identities.back().bounced_at = parse_rfc3339(bounced.get<std::string>());
    }
    return c;
}

/// Which customers somebody sees: those of the tickets that he would see. $1 and $2 as in ticket_is_visible. For each
/// customer anew: EXISTS could become a table of all tickets.
const std::string is_visible = fmt::format(
    "($1 = 'all' OR (SELECT true FROM ticket t WHERE t.customer_id = c.id AND {} LIMIT 1))", ticket_is_visible);

const viewer everything{.granted = grants::everything()};

std::optional<customer> read(pqxx::transaction_base& tx, std::int64_t id, const viewer& who,
                             permission needed = permission::customer_read) {
    const auto one = fmt::format("{} WHERE c.id = $3 AND {}", select, is_visible);
    const auto rows = query(tx, one, sight_of(who, needed), who.user_id, id);
    if (rows.empty()) return std::nullopt;
    return customer_of(rows.front());
}

/// The customers who have that in their name or in an address, by the indexes of words; nothing if they are so many
/// that the list soon meets them, or if there is nothing to look up.
std::optional<std::vector<std::int64_t>> customers_with(pqxx::transaction_base& tx, const wanted_part& part) {
    if (!can_be_looked_up(part)) return std::nullopt;
    return all_if_few(tx, R"(
        SELECT id FROM customer WHERE name ILIKE ANY ($1::text[])
        UNION ALL
        SELECT customer_id FROM customer_identity WHERE value ILIKE ANY ($1::text[]))",
                      array_literal(part));
}

/// The place behind the last of a list from new to old: 0 asks for its beginning.
std::int64_t before(const page_request& part) {
    return part.after == 0 ? INT64_MAX : part.after;
}

bool changes(const customer& now, const customer_change& wanted) {
    const auto other = [](const std::optional<std::string>& to, const std::string& from) { return to && *to != from; };
    return other(wanted.name, now.name) || other(wanted.language, now.language) ||
           other(wanted.timezone, now.timezone) || other(wanted.jurisdiction, now.jurisdiction) ||
           other(wanted.notes, now.notes);
}

/// It goes to everybody, so that it has no word of the customer: whoever shows the customer asks again.
void tell_changed(pqxx::transaction_base& tx, const customer& before, const customer& after, customers::actor by) {
    events::customer_changed told{after.id, after.version, {}};
    const auto compare = [&](const char* name, std::string customer::* field) {
        if (before.*field != after.*field) told.fields.emplace_back(name);
    };
    compare("name", &customer::name);
    compare("language", &customer::language);
    compare("timezone", &customer::timezone);
    compare("jurisdiction", &customer::jurisdiction);
    compare("notes", &customer::notes);
    append_event(tx, told, {.actor = by});
}

} // namespace

boost::asio::awaitable<page<customer>> customers::list(viewer who, std::string q, std::vector<party> exactly,
                                                       page_request part) {
    const bool searches = !trim(q).empty();
    auto job = [searches, who = std::move(who), q = std::move(q), exactly = std::move(exactly),
                part](pqxx::connection& c) {
        std::vector<std::string> kinds, values;
        for (const auto& p : exactly) {
            kinds.push_back(p.kind);
            values.push_back(p.value);
        }
        pqxx::work tx{c};
        parameters given;
        given(sight_of(who, permission::customer_read)); // $1 and $2 are those of is_visible
        given(who.user_id);
        auto conditions = fmt::format("c.id < {}::bigint", given(before(part)));
        if (!who.granted.reaches_all(permission::customer_read)) conditions += fmt::format(" AND {}", is_visible);
        auto parts = read_words(q).parts;
        if (parts.empty() && searches) parts.push_back({like_pattern(q)}); // a ticket's number is nobody's name
        std::optional<std::vector<std::int64_t>> have_all;                 // of those parts that few have
        for (const auto& wanted : parts)
            if (auto found = customers_with(tx, wanted))
                keep_common(have_all, std::move(*found));
            else
                conditions += fmt::format(R"( AND (c.name ILIKE ANY ({0}::text[]) OR
                    (SELECT bool_or(i.value ILIKE ANY ({0}::text[])) FROM customer_identity i WHERE i.customer_id = c.id)))",
                                          given(array_literal(wanted)));
        if (have_all) conditions += fmt::format(" AND c.id = ANY({}::bigint[])", given(array_literal(*have_all)));
        const auto limit = given(part.limit + 1) + "::bigint";
        std::string ids =
            fmt::format("SELECT c.id FROM customer c WHERE {} ORDER BY c.id DESC LIMIT {}", conditions, limit);
        if (!kinds.empty())
            ids = fmt::format(R"(({})
                UNION
                SELECT i.customer_id FROM unnest({}::text[], {}::text[]) AS k (kind, value)
                JOIN customer_identity i USING (kind, value) WHERE i.customer_id < $3)",
                              ids, given(array_literal(kinds)), given(array_literal(values)));
        const auto rows = given.run(tx, fmt::format(R"({}
            WHERE $1::text IS NOT NULL AND $2::bigint IS NOT NULL AND c.id IN ({})
            ORDER BY c.id DESC LIMIT {})",
                                                    select, ids, limit));
        return page_of<customer>(rows, part.limit, customer_of);
    };
    return searches ? run_search(db_, std::move(job)) : run(db_, std::move(job));
}

boost::asio::awaitable<std::optional<customer>> customers::get(std::int64_t id, viewer who) {
    return run(db_, [id, who = std::move(who)](pqxx::connection& c) {
        pqxx::work tx{c};
        return read(tx, id, who);
    });
}

boost::asio::awaitable<customers::changed> customers::change(std::int64_t id, viewer who, customer_change terms,
                                                             std::optional<std::int64_t> expected_version, actor by) {
    return run(db_, [=](pqxx::connection& c) -> changed {
        pqxx::work tx{c};
        query(tx, "SELECT 1 FROM customer WHERE id = $1 FOR NO KEY UPDATE", id);
        auto existing = read(tx, id, who);
        if (!existing) return std::unexpected{refusal::missing()};
        if (!read(tx, id, who, permission::customer_edit))
            return std::unexpected{refusal::forbidden("your roles do not let you change this customer")};
        if (expected_version && *expected_version != existing->version) return std::unexpected{refusal::stale()};
        if (!changes(*existing, terms)) return std::move(*existing);
        query(tx, R"(
            UPDATE customer
            SET name = COALESCE($2, name), language = COALESCE($3, language), timezone = COALESCE($4, timezone),
                jurisdiction = COALESCE($5, jurisdiction), notes = COALESCE($6, notes), version = version + 1
            WHERE id = $1)",
              id, terms.name, terms.language, terms.timezone, terms.jurisdiction, terms.notes);
        auto after = read(tx, id, everything); // whatever became of the tickets since
        tell_changed(tx, *existing, *after, by);
        tx.commit();
        return std::move(*after);
    });
}

boost::asio::awaitable<std::optional<customer_tickets>> customers::tickets(std::int64_t id, viewer who,
                                                                           std::string state, page_request part) {
    return run(db_, [=](pqxx::connection& c) -> std::optional<customer_tickets> {
        pqxx::transaction<pqxx::repeatable_read> tx{c};
        if (!read(tx, id, who)) return std::nullopt;
        constexpr auto of_customer = "t.customer_id = $3 AND ($4 = '' OR ($4 = 'solved') = (t.state = 'solved'))";
        static const auto visible = summary_select("", fmt::format(R"(
            WHERE {} AND {} AND t.id < $5
            ORDER BY t.id DESC LIMIT $6)",
                                                                   ticket_is_visible, of_customer));
        const auto rows = query(tx, visible, sight_of(who), who.user_id, id, state, before(part), part.limit + 1);
        auto [items, next] = page_of<ticket_summary>(rows, part.limit, summary_of);
        // A number, and nothing of them; bounded, as it is counted for every look at a customer.
        static const auto others = fmt::format(R"(
            SELECT count(*) FROM (SELECT FROM ticket t WHERE {} IS NOT TRUE AND {} LIMIT 1000) AS others)",
                                               ticket_is_visible, of_customer);
        const auto hidden = value_of<std::int64_t>(query(tx, others, sight_of(who), who.user_id, id, state));
        return customer_tickets{std::move(items), std::move(next), hidden};
    });
}

} // namespace switchboard::store

#include <switchboard/store/customers.hpp>

#include "store/customer_rows.hpp"
#include "store/directory/rows.hpp"
#include "store/once.hpp"
#include "store/parameters.hpp"
#include "store/run.hpp"
#include "store/words.hpp"

#include <switchboard/util/text.hpp>

#include <fmt/format.h>

namespace switchboard::store {
namespace {

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

/// Of whom the viewer does not see: the name, and the address by which he found him.
void keep_to_what_was_known(pqxx::transaction_base& tx, const viewer& who, const std::vector<party>& known,
                            std::vector<customer>& found) {
    std::vector<std::int64_t> ids;
    for (const auto& c : found) ids.push_back(c.id);
    static const auto text =
        fmt::format("SELECT c.id FROM customer c WHERE c.id = ANY($3::bigint[]) AND {}", customer_is_visible);
    const auto seen = values_of<std::int64_t>(
        query(tx, text, sight_of(who, permission::customer_read), who.user_id, array_literal(ids)));
    for (auto& c : found) {
        if (std::ranges::find(seen, c.id) != seen.end()) continue;
        customer told;
        told.id = c.id, told.name = c.name;
        for (const auto& i : c.identities)
            if (std::ranges::any_of(known, [&](const party& p) { return p.kind == i.kind && p.value == i.value; }))
                told.identities.emplace_back(i.kind, i.value);
        c = std::move(told);
    }
}

/// The place behind the last of a list from new to old: 0 asks for its beginning.
std::int64_t before(const page_request& part) {
    return part.after == 0 ? INT64_MAX : part.after;
}

std::optional<std::int64_t> number_of(const std::optional<named>& one) {
    return one ? std::optional{one->id} : std::nullopt;
}

bool changes(const customer& now, const customer_change& wanted) {
    const auto other = [](const std::optional<std::string>& to, const std::string& from) { return to && *to != from; };
    return other(wanted.name, now.name) || other(wanted.language, now.language) ||
           other(wanted.timezone, now.timezone) || other(wanted.jurisdiction, now.jurisdiction) ||
           other(wanted.notes, now.notes) ||
           (wanted.organization_id && *wanted.organization_id != number_of(now.organization));
}

std::vector<std::string> changed_fields(const customer& before, const customer& after) {
    std::vector<std::string> out;
    const auto compare = [&](const char* name, std::string customer::* field) {
        if (before.*field != after.*field) out.emplace_back(name);
    };
    compare("name", &customer::name);
    compare("language", &customer::language);
    compare("timezone", &customer::timezone);
    compare("jurisdiction", &customer::jurisdiction);
    compare("notes", &customer::notes);
    if (number_of(before.organization) != number_of(after.organization)) out.emplace_back("organization");
    return out;
}

} // namespace

boost::asio::awaitable<page<customer>> customers::list(viewer who, customer_filter only, page_request part) {
    const bool searches = !trim(only.q).empty();
    auto job = [searches, who = std::move(who), only = std::move(only), part](pqxx::connection& c) {
        std::vector<std::string> kinds, values;
        for (const auto& p : only.exactly) {
            kinds.push_back(p.kind);
            values.push_back(p.value);
        }
        pqxx::work tx{c};
        parameters given;
        given(sight_of(who, permission::customer_read)); // $1 and $2 are those of customer_is_visible
        given(who.user_id);
        auto conditions = fmt::format("c.merged_into IS NULL AND c.id < {}::bigint", given(before(part)));
        if (!who.granted.reaches_all(permission::customer_read))
            conditions += fmt::format(" AND {}", customer_is_visible);
        // Who is found by an address is found in an organization by who sees him only: else one could try them all.
        const auto of_organization = only.organization_id
                                         ? fmt::format(" AND c.organization_id = {}::bigint AND {}",
                                                       given(*only.organization_id), customer_is_visible)
                                         : "";
        conditions += of_organization;
        auto parts = read_words(only.q).parts;
        if (parts.empty() && searches) parts.push_back({like_pattern(only.q)}); // a ticket's number is nobody's name
        std::optional<std::vector<std::int64_t>> have_all;                      // of those parts that few have
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
            WHERE $1::text IS NOT NULL AND $2::bigint IS NOT NULL AND c.id IN ({}){}
            ORDER BY c.id DESC LIMIT {})",
                                                    customer_select, ids, of_organization, limit));
        auto out = page_of<customer>(rows, part.limit, customer_of);
        if (!only.exactly.empty()) keep_to_what_was_known(tx, who, only.exactly, out.items);
        return out;
    };
    return searches ? run_search(db_, std::move(job)) : run(db_, std::move(job));
}

boost::asio::awaitable<std::optional<customer>> customers::get(std::int64_t id, viewer who) {
    return run(db_, [id, who = std::move(who)](pqxx::connection& c) {
        pqxx::work tx{c};
        return read_customer(tx, id, who);
    });
}

boost::asio::awaitable<customers::changed> customers::change(std::int64_t id, viewer who, customer_change terms,
                                                             std::optional<std::int64_t> expected_version, actor by) {
    return run(db_, [=](pqxx::connection& c) -> changed {
        pqxx::work tx{c};
        query(tx, "SELECT 1 FROM customer WHERE id = current_customer($1) FOR NO KEY UPDATE", id);
        auto existing = customer_to_change(tx, id, who);
        if (!existing) return std::unexpected{std::move(existing.error())};
        if (expected_version && *expected_version != existing->version) return std::unexpected{refusal::stale()};
        if (!changes(*existing, terms)) return std::move(*existing);
        const auto organization = terms.organization_id.value_or(number_of(existing->organization));
        if (auto wrong = no_such_organization(tx, organization)) return std::unexpected{std::move(*wrong)};
        query(tx, R"(
            UPDATE customer
            SET name = COALESCE($2, name), language = COALESCE($3, language), timezone = COALESCE($4, timezone),
                jurisdiction = COALESCE($5, jurisdiction), notes = COALESCE($6, notes), organization_id = $7,
                version = version + 1
            WHERE id = $1)",
              existing->id, terms.name, terms.language, terms.timezone, terms.jurisdiction, terms.notes, organization);
        auto after = read_customer(tx, id, everything);
        tell_customer_changed(tx, after->id, after->version, changed_fields(*existing, *after), by);
        tx.commit();
        return std::move(*after);
    });
}

boost::asio::awaitable<std::optional<customer_tickets>> customers::tickets(std::int64_t id, viewer who,
                                                                           std::string state, page_request part) {
    return run(db_, [=](pqxx::connection& c) -> std::optional<customer_tickets> {
        pqxx::transaction<pqxx::repeatable_read> tx{c};
        if (!read_customer(tx, id, who)) return std::nullopt;
        constexpr auto of_customer =
            "t.customer_id = current_customer($3) AND ($4 = '' OR ($4 = 'solved') = (t.state = 'solved'))";
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

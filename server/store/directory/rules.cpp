#include <switchboard/store/rules.hpp>

#include "store/directory/rows.hpp"
#include "store/once.hpp"
#include "store/run.hpp"

namespace switchboard::store {
namespace {

const std::string rule_columns = "id, position, name, conditions, actions, enabled, version";

rule rule_of(const pqxx::row& r) {
    return {get<std::int64_t>(r[0]), get<std::int64_t>(r[1]), get<std::string>(r[2]), get<std::string>(r[3]),
            get<std::string>(r[4]),  get<bool>(r[5]),         get<std::int64_t>(r[6])};
}

std::optional<rule> read_rule(pqxx::transaction_base& tx, std::int64_t id, const char* lock = "") {
    const auto rows = query(tx, "SELECT " + rule_columns + " FROM rule WHERE id = $1" + lock, id);
    if (rows.empty()) return std::nullopt;
    return rule_of(rows[0]);
}

/// What a rule names must exist: it is kept as JSON, where no foreign key guards it.
std::optional<refusal> names_nothing(pqxx::transaction_base& tx, const rule& r) {
    struct reference {
        const char* field;
        const char* sql;
    };
    constexpr reference references[] = {
        {"conditions.gateway_ids",
         "SELECT 1 FROM jsonb_array_elements_text($1::jsonb->'gateway_ids') x WHERE NOT EXISTS (SELECT FROM gateway "
         "WHERE id = x::bigint)"},
        {"actions.queue_id",
         "SELECT 1 WHERE ($2::jsonb->>'queue_id') IS NOT NULL AND NOT EXISTS (SELECT FROM queue WHERE id "
         "= ($2::jsonb->>'queue_id')::bigint)"},
        {"actions.skills",
         "SELECT 1 FROM jsonb_array_elements($2::jsonb->'skills') x WHERE NOT EXISTS (SELECT FROM skill "
         "WHERE id = (x->>'skill_id')::bigint)"},
        {"actions.licences",
         "SELECT 1 FROM jsonb_array_elements($2::jsonb->'licences') x WHERE NOT EXISTS (SELECT FROM "
         "licence WHERE id = (x->>'licence_id')::bigint)"}};
    for (const auto& [field, sql] : references) {
        // Both parameters stand in each statement, so that PostgreSQL knows their types.
        const auto both = std::string{"WITH given AS (SELECT $1::jsonb, $2::jsonb) "} + sql;
        if (!query(tx, both, r.conditions, r.actions).empty())
            return refusal::invalid(field, "names something that does not exist");
    }
    return std::nullopt;
}

} // namespace

boost::asio::awaitable<page<rule>> rules::list() {
    return run(db_, [](pqxx::connection& c) {
        pqxx::work tx{c};
        page<rule> out;
        for (const auto& r : query(tx, "SELECT " + rule_columns + " FROM rule ORDER BY position, id"))
            out.items.push_back(rule_of(r));
        return out;
    });
}

boost::asio::awaitable<std::optional<rule>> rules::get(std::int64_t id) {
    return run(db_, [id](pqxx::connection& c) {
        pqxx::work tx{c};
        return read_rule(tx, id);
    });
}

boost::asio::awaitable<rules::changed> rules::create(rule_change terms, actor by, keep<rule> kept) {
    return run(db_, [=](pqxx::connection& c) {
        return told<rule>([&]() -> changed {
            once<rule> work{c, kept};
            auto& tx = work.tx;
            auto made = rule_of(query(tx,
                                      "INSERT INTO rule (position, name, conditions, actions, enabled) VALUES "
                                      "(COALESCE($1, (SELECT COALESCE(max(position), 0) + 10 FROM rule)), $2, "
                                      "COALESCE($3::jsonb, '{}'), COALESCE($4::jsonb, '{}'), COALESCE($5, true)) "
                                      "RETURNING " +
                                          rule_columns,
                                      terms.position, terms.name, terms.conditions, terms.actions, terms.enabled)[0]);
            if (auto refused = names_nothing(tx, made)) return std::unexpected{std::move(*refused)};
            config_changed(tx, "rule", made.id, by);
            work.commit(made);
            return made;
        });
    });
}

boost::asio::awaitable<rules::changed> rules::change(std::int64_t id, rule_change terms,
                                                     std::optional<std::int64_t> expected_version, actor by) {
    return run(db_, [=](pqxx::connection& c) {
        return told<rule>([&]() -> changed {
            pqxx::work tx{c};
            auto before = read_rule(tx, id, " FOR NO KEY UPDATE");
            if (!before) return std::unexpected{refusal::missing()};
            if (expected_version && *expected_version != before->version) return std::unexpected{refusal::stale()};
            auto after =
                rule_of(query(tx,
                              "UPDATE rule SET position = COALESCE($2, position), name = COALESCE($3, name), "
                              "conditions = COALESCE($4::jsonb, conditions), actions = COALESCE($5::jsonb, "
                              "actions), enabled = COALESCE($6, enabled), version = version + 1 WHERE id = $1 "
                              "RETURNING " +
                                  rule_columns,
                              id, terms.position, terms.name, terms.conditions, terms.actions, terms.enabled)[0]);
            if (auto refused = names_nothing(tx, after)) return std::unexpected{std::move(*refused)};
            config_changed(tx, "rule", id, by);
            tx.commit();
            return after;
        });
    });
}

boost::asio::awaitable<rules::changed> rules::remove(std::int64_t id, actor by) {
    return run(db_, [id, by](pqxx::connection& c) { return remove_row<rule>(c, "rule", "rule", id, by); });
}

} // namespace switchboard::store

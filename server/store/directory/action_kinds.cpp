#include <switchboard/store/configuration.hpp>

#include "store/noun_table.hpp"

#include <switchboard/model/action_rules.hpp>

namespace switchboard::store {
namespace {

std::optional<refusal> refused_for(std::vector<field_error> wrong) {
    if (wrong.empty()) return std::nullopt;
    auto detail = wrong.front().field + " " + wrong.front().message;
    return refusal{refusal::kind::invalid, std::move(detail), std::move(wrong)};
}

/// What the limits count is money of one kind in one currency: with a limit there, it stays.
std::vector<field_error> changed_money(pqxx::transaction_base& tx, const action_kind& wanted) {
    if (wanted.id == 0) return {};
    const auto kept = find_noun<action_kind>(tx, wanted.id);
    if (!kept || (kept->currency == wanted.currency && kept->amount_field == wanted.amount_field)) return {};
    const auto counted = query(tx, R"(
        SELECT FROM action WHERE kind_id = $1 UNION ALL SELECT FROM action_limit WHERE kind_id = $1 LIMIT 1)",
                               std::int64_t{wanted.id});
    if (counted.empty()) return {};
    const char* what = kept->currency != wanted.currency ? "currency" : "amount_field";
    return {{what, "must stay: there are limits or actions that count by it"}};
}

std::optional<refusal> judge_kind(pqxx::transaction_base& tx, const datum& wanted) {
    const auto kind = from_datum<action_kind>(wanted);
    std::optional<object_kind> object;
    if (kind.object_kind_id) object = find_noun<object_kind>(tx, *kind.object_kind_id);
    auto wrong = wrong_declaration(kind, object ? &object->fields : nullptr);
    for (auto& w : changed_money(tx, kind)) wrong.push_back(std::move(w));
    return refused_for(std::move(wrong));
}

std::optional<refusal> judge_limit(pqxx::transaction_base& tx, const datum& wanted) {
    const auto limit = from_datum<action_limit>(wanted);
    const auto kind = find_noun<action_kind>(tx, limit.kind_id);
    if (kind && kind->amount_field.empty() && (limit.per_action || limit.per_day || limit.per_customer))
        return refusal::invalid(limit.per_action ? "per_action"
                                : limit.per_day  ? "per_day"
                                                 : "per_customer",
                                "must be empty: this kind costs nothing");
    return std::nullopt;
}

} // namespace

template <>
const noun_table& table_of<action_kind>() {
    static const noun_table made{schema_of<action_kind>(), {.distinct_names = true, .judge = judge_kind}};
    return made;
}

template <>
const noun_table& table_of<action_limit>() {
    static const noun_table made{schema_of<action_limit>(), {.judge = judge_limit}};
    return made;
}

} // namespace switchboard::store

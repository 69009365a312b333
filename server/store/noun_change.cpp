#include "store/noun_change.hpp"

#include "store/directory/rows.hpp"

namespace switchboard::store {
namespace {

/// Completes it, and says what is wrong with it then.
std::optional<refusal> judged(const noun_table& table, const noun_judge& judge, pqxx::transaction_base& tx,
                              datum& wanted) {
    if (!table.rules.order.empty() && wanted[table.rules.order].is != datum::kind::integer)
        wanted.set(table.rules.order, table.last_place(tx));
    if (table.rules.complete) table.rules.complete(tx, wanted);
    if (auto wrong = table.dangling(tx, wanted)) return wrong;
    if (table.rules.distinct_names)
        if (auto taken = look_alike(tx, table.table, wanted["name"].text, wanted["id"].number)) return taken;
    if (table.rules.judge)
        if (auto wrong = table.rules.judge(tx, wanted)) return wrong;
    return judge ? judge(wanted) : std::nullopt;
}

} // namespace

std::expected<datum, refusal> add_noun(pqxx::transaction_base& tx, const noun_table& table, datum values, actor by,
                                       const noun_judge& judge, const more_columns& more) {
    if (auto wrong = judged(table, judge, tx, values)) return std::unexpected{std::move(*wrong)};
    auto made = table.insert(tx, values, more);
    config_changed(tx, table.noun, made["id"].number, by);
    return made;
}

std::expected<noun_change, refusal> change_noun(pqxx::transaction_base& tx, const noun_table& table, std::int64_t id,
                                                const datum& values, std::optional<std::int64_t> if_match, actor by,
                                                const noun_judge& judge, const more_columns& more, bool touched) {
    const auto before = table.find(tx, id, true);
    if (!before.exists()) return std::unexpected{refusal::missing()};
    if (if_match && *if_match != before["version"].number) return std::unexpected{refusal::stale()};
    auto wanted = before;
    for (const auto& [member, value] : values.members) wanted.set(member, value);
    if (wanted == before && more.empty() && !touched) return noun_change{before, before};
    if (auto wrong = judged(table, judge, tx, wanted)) return std::unexpected{std::move(*wrong)};
    auto after = table.update(tx, id, wanted, more);
    config_changed(tx, table.noun, id, by);
    if (table.rules.follow) table.rules.follow(tx, id, by);
    return noun_change{before, std::move(after)};
}

} // namespace switchboard::store

#include "store/noun_change.hpp"

#include "store/audit_changes.hpp"
#include "store/directory/rows.hpp"

#include <switchboard/util/form.hpp>

#include <algorithm>

namespace switchboard::store {
namespace {

/// What a set names twice is taken once.
datum named_once(const datum& all) {
    auto out = datum::list();
    for (const auto& one : all.items)
        if (std::ranges::find(out.items, one) == out.items.end()) out.items.push_back(one);
    return out;
}

/// Completes it, and says what is wrong with it then.
std::optional<refusal> judged(const noun_table& table, const noun_judge& judge, pqxx::transaction_base& tx,
                              datum& wanted) {
    if (!table.rules.order.empty() && wanted[table.rules.order].is != datum::kind::integer)
        wanted.set(table.rules.order, table.last_place(tx));
    if (table.rules.complete) table.rules.complete(tx, wanted);
    if (auto wrong = table.dangling(tx, wanted)) return wrong;
    for (const auto& member : table.sets())
        if (!wanted[member].items.empty()) wanted.set(member, named_once(wanted[member]));
    if (table.rules.distinct_names)
        if (auto taken = look_alike(tx, table.table, wanted["name"].text, wanted["id"].number)) return taken;
    if (table.rules.judge)
        if (auto wrong = table.rules.judge(tx, wanted)) return wrong;
    return judge ? judge(wanted) : std::nullopt;
}

} // namespace

std::expected<datum, refusal> add_noun(pqxx::transaction_base& tx, const noun_table& table, datum values,
                                       audit_notes& notes, const noun_judge& judge, const more_columns& more,
                                       const std::vector<std::string>& secrets) {
    if (auto wrong = judged(table, judge, tx, values)) return std::unexpected{std::move(*wrong)};
    auto made = table.insert(tx, values, more);
    noun_changed(tx, table, notes, {}, made, secrets);
    return made;
}

std::expected<noun_change, refusal> change_noun(pqxx::transaction_base& tx, const noun_table& table, std::int64_t id,
                                                const datum& values, std::optional<std::int64_t> if_match,
                                                audit_notes& notes, const noun_judge& judge, const more_columns& more,
                                                const std::vector<std::string>& secrets) {
    const auto before = table.find(tx, id, true);
    if (!before.exists()) return std::unexpected{refusal::missing()};
    if (if_match && *if_match != before["version"].number) return std::unexpected{refusal::stale()};
    auto wanted = before;
    for (const auto& [member, value] : values.members) wanted.set(member, value);
    if (wanted == before && more.empty() && secrets.empty()) return noun_change{before, before};
    if (auto wrong = judged(table, judge, tx, wanted)) return std::unexpected{std::move(*wrong)};
    auto after = table.update(tx, id, wanted, more);
    noun_changed(tx, table, notes, before, after, secrets);
    if (table.rules.follow) table.rules.follow(tx, id, notes.by().user_id);
    return noun_change{before, std::move(after)};
}

void noun_changed(pqxx::transaction_base& tx, const noun_table& table, audit_notes& notes, const datum& before,
                  const datum& after, const std::vector<std::string>& secrets) {
    const auto kind = !before.exists() ? audit_kind::made : !after.exists() ? audit_kind::removed : audit_kind::changed;
    const auto& row = after.exists() ? after : before;
    auto changes = audit_changes(before, after, table.schema(), table.rules.hidden);
    for (const auto& secret : secrets) changes.set(secret, "changed");
    note_changes(tx, notes, kind, table.noun, row, changes);
    config_changed(tx, table.noun, row["id"].number, notes.by().user_id);
}

void set_changed(pqxx::transaction_base& tx, const noun_table& table, audit_notes& notes, const datum& row,
                 const std::string& field, const datum& before, const datum& after) {
    const auto changes = audit_changes(datum::object({{field, before}}), datum::object({{field, after}}));
    note_changes(tx, notes, audit_kind::changed, table.noun, row, changes);
    config_changed(tx, table.noun, row["id"].number, notes.by().user_id);
}

void note_changes(pqxx::transaction_base& tx, audit_notes& notes, audit_kind kind, std::string_view noun,
                  const datum& row, const datum& changes) {
    if (kind == audit_kind::changed && changes.members.empty()) return;
    audit_entry e;
    e.noun = noun;
    e.noun_id = row["id"].number;
    e.name = row["name"].text;
    e.changes = to_json(changes);
    if (noun == "user" || noun == "agent") e.user_id = e.noun_id;
    notes.add(tx, kind, std::move(e));
}

} // namespace switchboard::store

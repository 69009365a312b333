#include "store/declared_checks.hpp"

#include "store/sql.hpp"

#include <switchboard/model/audit_entry.hpp>
#include <switchboard/model/describe.hpp>
#include <switchboard/model/states.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

namespace switchboard::store {
namespace {

using names = std::vector<std::string>;

template <enumeration E>
names sorted_names() {
    const auto all = all_names<E>();
    names out{all.begin(), all.end()};
    std::ranges::sort(out);
    return out;
}

/// By "table.column".
std::map<std::string, names> declared() {
    return {{"agent_licence.state", sorted_names<licence_state>()},
            {"presence.state", sorted_names<presence_state>()},
            {"ticket.state", sorted_names<ticket_state>()},
            {"ticket.related_why", sorted_names<related_why>()},
            {"offer.state", sorted_names<offer_state>()},
            {"contact.direction", sorted_names<contact_direction>()},
            {"contact.outcome", sorted_names<contact_outcome>()},
            {"contact.delivery", sorted_names<delivery_state>()},
            {"outbox.state", sorted_names<outbox_state>()},
            {"draft.kind", sorted_names<draft_kind>()},
            {"draft.channel", sorted_names<draft_channel>()},
            {"customer_identity.verification", sorted_names<identity_verification>()},
            {"customer_move.kind", sorted_names<customer_move_kind>()},
            {"sla_entry.clock", sorted_names<sla_clock_name>()},
            {"sla_entry.kind", sorted_names<sla_entry_kind>()},
            {"callback.mode", sorted_names<callback_mode>()},
            {"callback.state", sorted_names<callback_state>()},
            {"callback.requested_by", sorted_names<callback_asker>()},
            {"callback_attempt.result", sorted_names<call_result>()},
            {"follow_up.state", sorted_names<follow_up_state>()},
            {"follow_up.outcome", sorted_names<follow_up_outcome>()},
            {"follow_up.repeats", sorted_names<follow_up_repeat>()},
            {"action.state", sorted_names<action_state>()},
            {"action.exceeded", sorted_names<limit_exceeded>()},
            {"dial_order.state", sorted_names<dial_state>()},
            {"secret.owner", sorted_names<secret_owner>()},
            {"audit_entry.what", sorted_names<audit_kind>()}};
}

/// Each column whose CHECK lists texts.
std::map<std::string, names> checked(pqxx::transaction_base& tx) {
    const auto rows = query(tx, R"(
        SELECT conrelid::regclass::text AS in_table, attname AS column, name[1] AS name
        FROM pg_constraint
        JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
        CROSS JOIN regexp_matches(pg_get_constraintdef(oid), $$'(\w+)'::text$$, 'g') AS name
        WHERE contype = 'c' AND cardinality(conkey) = 1 AND pg_get_constraintdef(oid) ~ '= ANY|= ''')");
    std::map<std::string, names> out;
    for (const auto& r : rows)
        out[get<std::string>(r["in_table"]) + "." + get<std::string>(r["column"])].push_back(
            get<std::string>(r["name"]));
    for (auto& [column, all] : out) {
        std::ranges::sort(all);
        const auto [first, last] = std::ranges::unique(all);
        all.erase(first, last);
    }
    return out;
}

} // namespace

std::string check_differences(pqxx::transaction_base& tx, const std::vector<std::string>& noun_tables) {
    const auto ours = declared(), theirs = checked(tx);
    std::string out;
    for (const auto& [column, all] : ours)
        if (const auto found = theirs.find(column); found == theirs.end())
            out += fmt::format("\n  {}: has no CHECK that lists its names", column);
        else if (found->second != all)
            out += fmt::format("\n  {}: is one of {}, but the CHECK says {}", column, fmt::join(all, ", "),
                               fmt::join(found->second, ", "));
    for (const auto& [column, all] : theirs)
        if (!ours.contains(column) &&
            std::ranges::find(noun_tables, column.substr(0, column.find('.'))) == noun_tables.end())
            out += fmt::format("\n  {}: no enumeration declares {}", column, fmt::join(all, ", "));
    return out;
}

} // namespace switchboard::store

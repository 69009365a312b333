#include "store/directory/rows.hpp"

#include <switchboard/util/name.hpp>

#include "store/ticket_rows.hpp"

#include <fmt/format.h>

namespace switchboard::store {

std::optional<std::string> name_like(pqxx::transaction_base& tx, const std::string& table, const std::string& name,
                                     std::int64_t but) {
    const auto form = same_name_form(name);
    for (const auto& row : query(tx, fmt::format("SELECT name FROM {} WHERE id <> $1 ORDER BY id", table), but))
        if (auto other = get<std::string>(row["name"]); same_name_form(other) == form) return other;
    return std::nullopt;
}

void config_changed(pqxx::transaction_base& tx, std::string_view kind, std::int64_t id,
                    std::optional<std::int64_t> actor) {
    append_event(tx, events::config_changed{std::string{kind}, id}, {.actor = actor});
}

// pqxx 6 gives no constraint name, but the message quotes it: … constraint "queue_name_key" …, and the table before it.
std::string column_of(const pqxx::sql_error& e, std::string_view ending) {
    std::vector<std::string> quoted;
    const std::string message = e.what();
    for (std::size_t at = 0; (at = message.find('"', at)) != message.npos;) {
        const auto end = message.find('"', at + 1);
        if (end == message.npos) break;
        quoted.push_back(message.substr(at + 1, end - at - 1));
        at = end + 1;
    }
    for (const auto& name : quoted) {
        if (!name.ends_with(ending)) continue;
        auto column = name.substr(0, name.size() - ending.size());
        for (const auto& table : {"users", "skill", "licence", "queue_member", "queue", "gateway", "agent_skill",
                                  "agent_licence", "agent_channel", "agent_hours", "calendar", "sla_target"})
            if (column.starts_with(std::string{table} + "_")) {
                column.erase(0, std::string_view{table}.size() + 1);
                break;
            }
        return column;
    }
    return {};
}

} // namespace switchboard::store

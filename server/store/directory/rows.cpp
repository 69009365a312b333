#include "store/directory/rows.hpp"

#include <switchboard/util/json.hpp>
#include <switchboard/util/name.hpp>

#include "store/ticket_rows.hpp"

#include <nlohmann/json.hpp>

namespace switchboard::store {

using nlohmann::json;

const std::string user_columns =
    "id, login, name, email, role, active, grade, units, preferences, must_change_password, version, created_at";

user user_of(const pqxx::row& r) {
    user u;
    u.id = get<std::int64_t>(r[0]);
    u.login = get<std::string>(r[1]);
    u.name = get<std::string>(r[2]);
    u.email = get<std::string>(r[3]);
    u.role = get<std::string>(r[4]);
    u.active = get<bool>(r[5]);
    u.grade = get<std::int64_t>(r[6]);
    u.units = get<std::int64_t>(r[7]);
    u.preferences = get<std::string>(r[8]);
    u.must_change_password = get<bool>(r[9]);
    u.version = get<std::int64_t>(r[10]);
    u.created_at = get<timestamp>(r[11]);
    return u;
}

std::optional<user> read_user(pqxx::transaction_base& tx, std::int64_t id) {
    const auto rows = query(tx, "SELECT " + user_columns + " FROM users WHERE id = $1", id);
    if (rows.empty()) return std::nullopt;
    return user_of(rows[0]);
}

std::vector<skill_need> skill_needs_from(std::string_view json) {
    std::vector<skill_need> out;
    for (const auto& n : own_json(json)) out.push_back({n.at("skill_id"), n.value("min", 1)});
    return out;
}

std::vector<licence_need> licence_needs_from(std::string_view json) {
    std::vector<licence_need> out;
    for (const auto& n : own_json(json)) out.push_back({n.at("licence_id"), n.value("jurisdiction", "")});
    return out;
}

std::vector<queue_step> queue_steps_from(std::string_view text) {
    std::vector<queue_step> out;
    const auto number = [](const json& c, const char* key) {
        return c.contains(key) ? std::optional{c.at(key).get<std::int64_t>()} : std::nullopt;
    };
    for (const auto& s : own_json(text)) {
        queue_step step{s.at("after_s"), s.at("skip_if"), {}};
        for (const auto& c : s.at("changes"))
            step.changes.push_back({c.at("what"), number(c, "skill_id"), number(c, "queue_id"), number(c, "value")});
        out.push_back(std::move(step));
    }
    return out;
}

std::string to_json(const std::vector<queue_step>& steps) {
    auto out = json::array();
    for (const auto& s : steps) {
        auto changes = json::array();
        for (const auto& c : s.changes) {
            json one{{"what", c.what}};
            if (c.skill_id) one["skill_id"] = *c.skill_id;
            if (c.queue_id) one["queue_id"] = *c.queue_id;
            if (c.value) one["value"] = *c.value;
            changes.push_back(std::move(one));
        }
        out.push_back({{"after_s", s.after_s}, {"skip_if", s.skip_if}, {"changes", std::move(changes)}});
    }
    return out.dump();
}

std::string to_json(const std::vector<skill_need>& needs) {
    auto out = nlohmann::json::array();
    for (const auto& n : needs) out.push_back({{"skill_id", n.skill_id}, {"min", n.min}});
    return out.dump();
}

std::string to_json(const std::vector<licence_need>& needs) {
    auto out = nlohmann::json::array();
    for (const auto& n : needs) out.push_back({{"licence_id", n.licence_id}, {"jurisdiction", n.jurisdiction}});
    return out.dump();
}

std::vector<disposition> dispositions_from(std::string_view text) {
    std::vector<disposition> out;
    for (const auto& d : own_json(text)) out.push_back({d.at("id"), d.at("name"), d.at("retired")});
    return out;
}

std::string to_json(const std::vector<disposition>& all) {
    auto out = json::array();
    for (const auto& d : all) out.push_back({{"id", d.id}, {"name", d.name}, {"retired", d.retired}});
    return out.dump();
}

std::optional<std::string> name_like(pqxx::transaction_base& tx, const std::string& table, const std::string& name,
                                     std::int64_t but) {
    const auto form = same_name_form(name);
    for (const auto& row : query(tx, "SELECT name FROM " + table + " WHERE id <> $1 ORDER BY id", but))
        if (auto other = get<std::string>(row[0]); same_name_form(other) == form) return other;
    return std::nullopt;
}

void config_changed(pqxx::transaction_base& tx, std::string_view kind, std::int64_t id,
                    std::optional<std::int64_t> actor) {
    append_event(tx, "config.changed", {}, {}, {}, actor, nlohmann::json{{"kind", kind}, {"id", id}}.dump());
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

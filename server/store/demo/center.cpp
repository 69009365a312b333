#include "store/demo/parts.hpp"

#include "store/directory/agent_sets.hpp"
#include "store/noun_table.hpp"
#include "store/promises.hpp"
#include "store/sql.hpp"

#include <switchboard/store/configuration.hpp>
#include <switchboard/util/form.hpp>
#include <switchboard/util/hash.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <stdexcept>

namespace switchboard::store::demo {

using nlohmann::json;

std::int64_t id_of(const ids& all, const std::string& name, const char* what) {
    const auto found = all.find(name);
    if (found == all.end()) throw std::runtime_error{fmt::format("the demo defines no {} '{}'", what, name)};
    return found->second;
}

namespace {

constexpr int delay_per_rank_s = 30;

template <class... A>
std::int64_t insert(pqxx::transaction_base& tx, const std::string& sql, const A&... args) {
    return value_of<std::int64_t>(query(tx, fmt::format("{} RETURNING id", sql), args...));
}

ids write_names(pqxx::transaction_base& tx, const char* table, const json& names) {
    ids out;
    for (const std::string name : names)
        out.emplace(name, insert(tx, fmt::format("INSERT INTO {} (name) VALUES ($1)", table), name));
    return out;
}

json skill_terms(const center& c, const json& levels) {
    auto out = json::array();
    for (const auto& [name, min] : levels.items())
        out.push_back({{"skill_id", id_of(c.skills, name, "skill")}, {"min", min}});
    return out;
}

void write_queues(pqxx::transaction_base& tx, center& c, const json& source) {
    std::optional<std::int64_t> supervisors; // the first of the list; the others escalate to it
    for (const auto& q : source) {
        const auto skill = q.value("skill", "");
        queue_terms row{.id = 0, .skill = skill};
        std::optional<std::int64_t> calendar;
        if (q.contains("calendar")) calendar = id_of(c.calendars, q.at("calendar"), "calendar");
        row.id =
            insert(tx,
                   R"(
            INSERT INTO queue (
                name, order_mode, ring_s, cool_s, wrapup_s, sla_target_s, skills, sender_name, signature,
                escalation_queue_id, calendar_id, closed_action)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12))",
                   q.at("name").get<std::string>(), q.value("order_mode", "fifo"), q.value("ring_s", 20),
                   q.value("cool_s", 60), q.value("wrapup_s", 30), q.at("sla_target_s").get<std::int64_t>(),
                   (skill.empty() ? json::array() : skill_terms(c, {{skill, 1}})).dump(), q.value("sender_name", ""),
                   q.value("signature", ""), supervisors, calendar, q.value("closed_action", "wait"));
        if (!supervisors) supervisors = row.id;
        c.queues.emplace(q.at("name"), std::move(row));
    }
}

std::int64_t queue_id(const center& c, const std::string& name) {
    const auto found = c.queues.find(name);
    if (found == c.queues.end()) throw std::runtime_error{"the demo defines no queue '" + name + "'"};
    return found->second.id;
}

void write_gateways(pqxx::transaction_base& tx, center& c, const json& source) {
    for (const auto& g : source)
        c.gateways.emplace(g.at("name"), insert(tx,
                                                R"(
            INSERT INTO gateway (name, kind, settings, queue_id, from_name, from_address)
            VALUES ($1, $2, $3, $4, $5, $6))",
                                                g.at("name").get<std::string>(), g.at("kind").get<std::string>(),
                                                g.value("settings", json::object()).dump(), queue_id(c, g.at("queue")),
                                                g.value("from_name", ""), g.value("from_address", "")));
}

void write_rules(pqxx::transaction_base& tx, const center& c, const json& source) {
    int position = 0;
    for (const auto& r : source) {
        json when = json::object(), then = json::object();
        for (const char* key : {"words", "languages", "channels", "addresses"})
            if (r.contains(key)) when[key] = r.at(key);
        for (const std::string gateway : r.value("gateways", json::array()))
            when["gateway_ids"].push_back(id_of(c.gateways, gateway, "gateway"));
        for (const char* key : {"priority", "tier", "language"})
            if (r.contains(key)) then[key] = r.at(key);
        if (r.contains("queue")) then["queue_id"] = queue_id(c, r.at("queue"));
        if (r.contains("skills")) then["skills"] = skill_terms(c, r.at("skills"));
        for (const auto& l : r.value("licences", json::array()))
            then["licences"].push_back({{"licence_id", id_of(c.licences, l.at("licence"), "licence")},
                                        {"jurisdiction", l.at("jurisdiction")}});
        rule made;
        made.position.value = position += 10;
        made.name = r.at("name").get<std::string>();
        put(made.conditions, from_own_json(when.dump()));
        put(made.actions, from_own_json(then.dump()));
        table_of<rule>().insert(tx, switchboard::get(made));
    }
}

agent_change terms_of(const json& u, const json& channels, const center& c, timestamp now) {
    agent_change out;
    out.skills.emplace();
    for (const auto& [name, level] : u.value("skills", json::object()).items())
        out.skills->push_back({id_of(c.skills, name, "skill"), level});
    out.queues.emplace();
    for (const auto& [name, rank] : u.value("queues", json::object()).items())
        out.queues->push_back({queue_id(c, name), rank, rank.get<std::int64_t>() * delay_per_rank_s});
    out.channels.emplace();
    for (const std::string name : u.value("channels", json::array()))
        out.channels->push_back({name, channels.at(name).at("capacity"), channels.at(name).at("weight")});
    out.licences.emplace();
    for (const auto& l : u.value("licences", json::array()))
        out.licences->push_back({id_of(c.licences, l.at("licence"), "licence"), l.at("jurisdictions"),
                                 now - std::chrono::days{365}, now + std::chrono::days{365} * l.at("years").get<int>(),
                                 "active"});
    return out;
}

void write_people(pqxx::transaction_base& tx, center& c, const json& source, const std::string& password_hash) {
    const auto now = value_of<timestamp>(tx.exec("SELECT now()"));
    for (const auto& u : source.at("user")) {
        agent a{.id = 0, .login = u.at("login"), .name = u.at("name"), .skills = {}, .queues = {}, .jurisdictions = {}};
        a.id = insert(tx, R"(
            INSERT INTO users (login, name, email, roles, password_hash, grade)
            VALUES ($1, $2, $3, (SELECT jsonb_build_array(id) FROM role WHERE lower(name) = $4), $5, $6))",
                      a.login, a.name, a.login + "@example.com", u.value("role", "agent"), password_hash,
                      u.value("grade", 5));
        if (!u.contains("queues")) continue;
        replace_sets(tx, a.id, terms_of(u, source.at("channels"), c, now));
        query(tx, "INSERT INTO presence (agent_id) VALUES ($1)", a.id);
        a.skills = u.value("skills", json::object());
        for (const auto& [name, rank] : u.at("queues").items()) a.queues.push_back(name);
        for (const auto& l : u.value("licences", json::array()))
            for (const std::string j : l.at("jurisdictions")) a.jurisdictions.push_back(j);
        c.agents.push_back(std::move(a));
    }
}

void write_customers(pqxx::transaction_base& tx, center& c, const json& source) {
    for (const auto& k : source) {
        std::optional<std::int64_t> organization;
        if (k.contains("organization"))
            organization =
                insert(tx, "INSERT INTO organization (name) VALUES ($1)", k.at("organization").get<std::string>());
        customer row{.id = 0,
                     .name = k.at("name"),
                     .language = k.at("language"),
                     .jurisdiction = k.at("jurisdiction"),
                     .email = k.at("email"),
                     .tel = k.at("tel"),
                     .policy = k.at("policy")};
        row.id = insert(tx,
                        R"(
            INSERT INTO customer (name, organization_id, language, timezone, jurisdiction, notes, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, now() - interval '400 days'))",
                        row.name, organization, row.language, k.at("timezone").get<std::string>(), row.jurisdiction,
                        "Policy " + row.policy);
        query(tx, R"(
            INSERT INTO customer_identity (kind, value, customer_id) VALUES ('email', $1, $3), ('tel', $2, $3))",
              row.email, row.tel, row.id);
        c.customers.push_back(std::move(row));
    }
}

} // namespace

center write_center(pqxx::transaction_base& tx, const json& source, const std::string& password_hash) {
    center c;
    c.skills = write_names(tx, "skill", source.at("skills"));
    c.licences = write_names(tx, "licence", source.at("licences"));
    c.calendars = write_calendars(tx, source.at("calendar"));
    write_queues(tx, c, source.at("queue"));
    write_targets(tx, c, source.at("target"));
    c.promises = read_promises(tx);
    write_gateways(tx, c, source.at("gateway"));
    write_rules(tx, c, source.at("rule"));
    for (const auto& [channel, terms] : source.at("channels").items()) c.weights.emplace(channel, terms.at("weight"));
    write_people(tx, c, source, password_hash);
    write_customers(tx, c, source.at("customers"));
    write_actions(tx, source.at("action_kind"), source.at("action_limit"));
    query(tx, R"(INSERT INTO token (name, token_hash, scopes) VALUES ('demo gateways', $1, '["intake"]'))",
          sha256_hex(source.at("token").get<std::string>()));
    return c;
}

} // namespace switchboard::store::demo

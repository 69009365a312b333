#include <switchboard/store/agents.hpp>

#include "store/audit_changes.hpp"
#include "store/directory/agent_sets.hpp"
#include "store/directory/rows.hpp"
#include "store/grant_rows.hpp"
#include "store/guard.hpp"
#include "store/noun_change.hpp"
#include "store/run.hpp"
#include "store/ticket_rows.hpp"

#include <switchboard/util/form.hpp>

#include <fmt/format.h>

#include <map>

namespace switchboard::store {
namespace {

/// Profiles of these ids, in their order, with one statement a set.
std::vector<agent_profile> read_profiles(pqxx::transaction_base& tx, const std::vector<std::int64_t>& ids) {
    const auto wanted = array_literal(ids);
    std::map<std::int64_t, agent_profile> all;
    for (const auto& r : query(tx, R"(
            SELECT u.id, u.name, u.roles, u.active, u.grade, u.units, u.version, h.calendar_id
            FROM users u
            LEFT JOIN agent_hours h ON h.agent_id = u.id
            WHERE u.id = ANY($1::bigint[]))",
                               wanted)) {
        agent_profile p;
        p.id = get<std::int64_t>(r["id"]);
        p.name = get<std::string>(r["name"]);
        for (const auto& role : from_own_json(get<std::string>(r["roles"])).items) p.roles.push_back(role.number);
        p.active = get<bool>(r["active"]);
        p.grade = get<std::int64_t>(r["grade"]);
        p.units = get<std::int64_t>(r["units"]);
        p.version = get<std::int64_t>(r["version"]);
        p.calendar_id = get<std::optional<std::int64_t>>(r["calendar_id"]);
        p.presence = {.agent_id = p.id, .state = "offline", .channels = {}, .reason = {}, .since = {}};
        all.emplace(p.id, std::move(p));
    }
    for (const auto& r : query(
             tx, fmt::format("SELECT {} FROM presence WHERE agent_id = ANY($1::bigint[])", presence_columns), wanted)) {
        auto state = presence_of(r);
        all.at(state.agent_id).presence = std::move(state);
    }
    read_sets(tx, wanted, all);

    std::vector<agent_profile> out;
    for (const auto id : ids)
        if (const auto found = all.find(id); found != all.end()) out.push_back(std::move(found->second));
    return out;
}

std::optional<agent_profile> read_profile(pqxx::transaction_base& tx, std::int64_t id) {
    auto found = read_profiles(tx, {id});
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

/// What is set up of it, without what follows from that or changes by itself.
datum settings_of(const agent_profile& p) {
    auto out = switchboard::get(p);
    for (const auto* other : {"presence", "load", "version"}) out.remove(other);
    return out;
}

void replace_hours(pqxx::transaction_base& tx, std::int64_t id, std::optional<std::int64_t> calendar) {
    if (calendar)
        query(tx, R"(
            INSERT INTO agent_hours (agent_id, calendar_id)
            VALUES ($1, $2)
            ON CONFLICT (agent_id) DO UPDATE
            SET calendar_id = EXCLUDED.calendar_id)",
              id, *calendar);
    else
        query(tx, "DELETE FROM agent_hours WHERE agent_id = $1", id);
}

} // namespace

boost::asio::awaitable<page<agent_profile>> agents::list(page_request part) {
    return run(db_, [part](pqxx::connection& c) {
        pqxx::work tx{c};
        std::vector<std::int64_t> ids;
        static const auto given_work = fmt::format(R"(
            SELECT id
            FROM users u
            WHERE id > $1 AND active AND (({} AND NOT {}) OR EXISTS (SELECT FROM queue_member m WHERE m.agent_id = u.id))
            ORDER BY id LIMIT $2)",
                                                   user_takes_work(), user_may(permission::config_people));
        for (const auto& r : query(tx, given_work, part.after, part.limit + 1))
            ids.push_back(store::get<std::int64_t>(r["id"]));
        page<agent_profile> out{read_profiles(tx, ids), std::nullopt};
        if (std::ssize(out.items) > part.limit) {
            out.items.pop_back();
            out.next = std::to_string(out.items.back().id);
        }
        return out;
    });
}

boost::asio::awaitable<std::optional<agent_profile>> agents::get(std::int64_t id) {
    return run(db_, [id](pqxx::connection& c) {
        pqxx::work tx{c};
        return read_profile(tx, id);
    });
}

boost::asio::awaitable<agents::changed> agents::put(std::int64_t id, agent_change terms,
                                                    std::optional<std::int64_t> expected_version, giver by) {
    return run(db_, [=](pqxx::connection& c) {
        return told<agent_profile>([&]() -> changed {
            pqxx::work tx{c};
            query(tx, "SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE", id);
            auto before = read_profile(tx, id);
            if (!before) return std::unexpected{refusal::missing()};
            if (auto wrong = who_may_more(tx, by, {id})) return std::unexpected{std::move(*wrong)};
            if (expected_version && *expected_version != before->version) return std::unexpected{refusal::stale()};
            query(tx, R"(
                UPDATE users
                SET grade = COALESCE($2, grade), units = COALESCE($3, units), version = version + 1
                WHERE id = $1)",
                  id, terms.grade, terms.units);
            replace_sets(tx, id, terms);
            if (terms.calendar_id) replace_hours(tx, id, *terms.calendar_id);
            auto after = read_profile(tx, id);
            audit_notes notes{by.id};
            note_changes(tx, notes, audit_kind::changed, "agent", switchboard::get(*after),
                         audit_changes(settings_of(*before), settings_of(*after)));
            config_changed(tx, "agent", id, by.id.user_id);
            tx.commit();
            notes.tell();
            return std::move(*after);
        });
    });
}

} // namespace switchboard::store

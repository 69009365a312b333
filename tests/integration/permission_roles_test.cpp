// Promise 11, for every shipped role: generated from the permission that a route publishes and the audience that a type
// of event declares, from how far the role reaches, and from where its holder stands to the object. The letters of
// permission_matrix.inc, which somebody wrote, hold against the same rule.
#include "integration/permission_fixture.hpp"

#include <switchboard/model/permission.hpp>

namespace switchboard::test {
namespace {

/// Where somebody with a role stands to the object.
enum class place { owner, colleague, stranger };
struct holder {
    std::string role;
    place at;
    client who;
    std::int64_t id = 0;
};

class permissions_of_roles : public permission_matrix {
protected:
    using roles = std::map<std::string, grants>;
    /// As the server tells them.
    roles shipped() const {
        roles out;
        for (const auto& role : center.admin.get("/api/v1/roles").json()["items"])
            for (const auto& one : role["grants"])
                out[role["name"]].add(named_value<permission>(one["permission"].get<std::string>()).value(),
                                      named_value<reach>(one["reach"].get<std::string>()).value());
        return out;
    }

    /// Somebody of each of these roles in the object's queue, who has the object or whose colleague has it, and
    /// somebody of another queue.
    std::vector<holder> holders_of(const std::vector<shipped_role>& all) {
        std::vector<holder> out;
        for (const auto r : all) {
            const auto number = std::to_string(static_cast<std::int64_t>(r));
            const std::string name = center.admin.get("/api/v1/roles/" + number).json()["name"];
            const auto seated = [&](const std::string& login, std::int64_t queue) {
                auto one = center.agent(login, {queue});
                const auto user = "/api/v1/users/" + std::to_string(one.id);
                EXPECT_EQ(center.admin.patch(user, {{"roles", having(r)}}).status, 200);
                return one;
            };
            const auto inside = seated("in." + number, support), outside = seated("out." + number, billing);
            out.push_back({name, place::owner, inside.http, inside.id});
            out.push_back({name, place::colleague, inside.http, inside.id});
            out.push_back({name, place::stranger, outside.http, outside.id});
        }
        return out;
    }

    std::optional<permission> published(const line& l) const {
        if (l.route == "GET /api/v1/agents/{id}") return permission::team_watch; // of anybody but oneself
        const auto space = l.route.find(' ');
        auto method = l.route.substr(0, space);
        for (char& c : method) c = static_cast<char>(c | 0x20);
        const auto& paths = nouns.document()["paths"];
        const auto path = paths.find(l.route.substr(space + 1));
        if (path == paths.end()) return std::nullopt; // of a WebSocket
        return named_value<permission>((*path)[method].value("x-permission", ""));
    }

    static bool reaches(const grants& g, permission p, place at) {
        const auto far = g.reach_of(p);
        return far == reach::all || (far && at == place::owner) || (far == reach::queues && at == place::colleague);
    }

    /// What a role is answered: the letter.
    char expected(const line& l, const grants& g, place at) const {
        const auto people = l.letters.substr(1, 5);
        const auto needed = published(l);
        if (!needed && people == std::string(5, people[0])) return people[0];
        if (needed && !g.may(*needed)) return 'x';
        if (people == "+0000") return '0'; // its maker's alone
        static const std::set<std::string> of_tickets{"tickets",   "contacts",   "attachments", "replies",
                                                      "customers", "follow-ups", "actions"};
        const auto noun = l.route.contains("{id}") ? noun_of(l) : "";
        if (needed && of_tickets.contains(noun)) {
            const auto to_see = noun == "customers" ? permission::customer_read : permission::ticket_read;
            if (!reaches(g, to_see, at)) return '0';
            if (reaches_tickets(*needed) && !reaches(g, *needed, at)) return 'x';
        }
        return '+';
    }
};

TEST_F(permissions_of_roles, are_as_somebody_wrote_them) {
    const auto granted = shipped();
    const std::vector<std::tuple<std::string, place, std::size_t>> known{{"Agent", place::owner, 1},
                                                                         {"Agent", place::colleague, 2},
                                                                         {"Agent", place::stranger, 3},
                                                                         {"Supervisor", place::stranger, 4},
                                                                         {"Admin", place::stranger, 5}};
    for (const auto& l : all_lines())
        for (const auto& [role, at, column] : known) {
            const bool is_himself = l.letters.substr(1, 5) == "+0000" || l.route == "GET /api/v1/agents/{id}";
            if (column == 1 && is_himself) continue;
            EXPECT_EQ(expected(l, granted.at(role), at), l.letters[column]) << l.route << " for " << role;
        }
}

TEST_F(permissions_of_roles, hold_for_every_route) {
    using enum shipped_role;
    const auto granted = shipped();
    const auto lines_of_all = all_lines();
    for (const auto& h : holders_of({novice, senior, quality, auditor}))
        for (const auto& l : lines_of_all) {
            if (l.route.contains("sessions") && l.route.starts_with("DELETE")) continue; // ends the holder's own
            if (l.route == "DELETE /api/v1/session") continue;
            static const std::set<std::string> of_his_tickets{"tickets", "follow-ups", "actions"};
            if (h.at == place::owner && of_his_tickets.contains(noun_of(l))) has_tickets = h.id;
            const auto where = h.at == place::owner       ? " who has it"
                               : h.at == place::colleague ? " of the queue"
                                                          : " of another queue";
            check(l, expected(l, granted.at(h.role), h.at), h.role + where, h.who);
            has_tickets.reset();
        }
}

TEST_F(permissions_of_roles, may_only_read_where_they_are_to) {
    const auto granted = shipped();
    for (const auto& l : all_lines())
        if (const auto needed = published(l); needed && !l.route.starts_with("GET") &&
                                              !l.route.ends_with("/read") && // one's own mark
                                              !l.route.ends_with("/unmask")) // which reads, and says why
            for (const auto* role : {"Quality", "Auditor"})
                EXPECT_FALSE(granted.at(role).may(*needed)) << role << " could " << l.route;
    for (const auto* role : {"Supervisor", "Quality", "Auditor", "Admin"})
        EXPECT_TRUE(granted.at(role).reaches_all(permission::ticket_read)) << role;
    EXPECT_TRUE(granted.at("Agent").cover(granted.at("Novice")) && granted.at("Novice").cover(granted.at("Agent")));
    EXPECT_TRUE(granted.at("Senior").cover(granted.at("Agent")));
}

TEST_F(permissions_of_roles, hold_for_every_type_of_event) {
    std::set<std::string> types;
    for (const auto& kind : events::all::kinds) types.emplace(kind.type);
    const auto granted = shipped();
    std::vector<std::pair<holder, websocket_client>> others;
    for (const auto& h :
         holders_of({shipped_role::novice, shipped_role::senior, shipped_role::quality, shipped_role::auditor})) {
        others.emplace_back(h, websocket_client{center.server.port(), "/api/v1/live", h.who.identity});
        others.back().second.send({{"type", "hello"}, {"after", nullptr}});
        others.back().second.until("welcome");
    }
    for (const auto& type : types) {
        const auto insert = "INSERT INTO event (type, queue_id, agent_id, data) VALUES ('" + type + "', ";
        center.sql(insert + std::to_string(support) + ", " + std::to_string(owner_id) + R"(, '{"of":"ours"}'))");
        center.sql(insert + R"(NULL, NULL, '{"of":"nobody"}'))");
        for (const auto& [h, feed] : others) // the owner's in a queue that is not his
            if (h.at == place::owner)
                center.sql(insert + std::to_string(elsewhere) + ", " + std::to_string(h.id) + R"(, '{"of":")" + h.role +
                           R"("}'))");
    }
    const auto mark = center.skill("the end");
    for (auto& [h, feed] : others) {
        feed.until([&](const json& f) { return is_of_skill(f, mark); });
        std::set<std::string> got;
        for (const auto& f : feed.seen)
            if (f.contains("data")) got.insert(f["type"].get<std::string>() + " of " + f["data"].value("of", ""));
        for (const auto& type : types) {
            const auto needed = events::audience_of(type)->needs;
            const auto& g = granted.at(h.role);
            const auto sees = [&](place at) { return !needed || reaches(g, *needed, at); };
            const bool outside = h.at == place::stranger;
            EXPECT_EQ(got.contains(type + " of ours"), sees(outside ? place::stranger : place::colleague))
                << type << " to " << h.role;
            EXPECT_EQ(got.contains(type + " of nobody"), sees(place::stranger)) << type << " to " << h.role;
            EXPECT_EQ(got.contains(type + " of " + h.role), !outside || sees(place::stranger))
                << type << " of himself to " << h.role;
        }
    }
}

} // namespace
} // namespace switchboard::test

#include "api/route_table.hpp"

#include "api/permission.hpp"
#include "api/wire/ticket_requests.hpp"
#include "support/granted.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::api {
namespace {

answer<nothing> nothing_at_all(call) {
    co_return nothing{};
}

route_table table_of(std::initializer_list<std::pair<const char*, const char*>> lines) {
    route_table table;
    for (const auto& [method, path] : lines)
        table.add(method, path, who::anyone, "",
                  [](call c) -> answer<nothing> { return nothing_at_all(std::move(c)); });
    return table;
}

TEST(route_table, are_found_by_method_and_pattern) {
    const auto table = table_of({{"GET", "/api/v1/queues"},
                                 {"GET", "/api/v1/queues/{id}"},
                                 {"GET", "/api/v1/queues/overview"},
                                 {"PATCH", "/api/v1/queues/{id}"},
                                 {"POST", "/api/v1/intake/{gateway}"},
                                 {"GET", "/api/v1/attachments/{id}/pages/{n}.png"}});
    const auto path_of = [&](const char* method, const char* path) {
        const auto found = table.find(method, split_path(path));
        return found.match ? found.match->path : "none, allowed: " + found.allowed;
    };
    EXPECT_EQ(path_of("GET", "/api/v1/queues"), "/api/v1/queues");
    EXPECT_EQ(path_of("HEAD", "/api/v1/queues"), "/api/v1/queues");
    EXPECT_EQ(path_of("GET", "/api/v1/queues/12"), "/api/v1/queues/{id}");
    EXPECT_EQ(path_of("GET", "/api/v1/queues/overview"), "/api/v1/queues/overview");
    EXPECT_EQ(path_of("PUT", "/api/v1/queues/12"), "none, allowed: GET, PATCH");
    for (const auto* path : {"/api/v1/queues/", "/api/v1/queues/0", "/api/v1/queues/-1", "/api/v1/queues/x",
                             "/api/v1/queues/99999999999999999999", "/api/v1", "/", "//", "/api/v1/intake/"})
        EXPECT_EQ(path_of("GET", path), "none, allowed: ") << path;
    EXPECT_THAT(table.find("POST", split_path("/api/v1/intake/sales")).values, testing::ElementsAre("sales"));
    EXPECT_THAT(table.find("GET", split_path("/api/v1/attachments/5/pages/3.png")).values,
                testing::ElementsAre("5", "3"));
}

TEST(if_match, reads_what_clients_send) {
    http::request r;
    const auto version = [&](const char* tag) {
        r.headers = {{"if-match", tag}};
        if_match at;
        EXPECT_FALSE(detail::read(r, at));
        return at.version;
    };
    EXPECT_EQ(version("\"7\""), 7);
    EXPECT_EQ(version("W/\"7\""), 7);
    EXPECT_EQ(version("*"), std::nullopt);
    EXPECT_EQ(version("7"), 7);
    EXPECT_EQ(version("\"abc\""), 0) << "a tag that is not ours never matches";
}

TEST(if_match, that_says_nothing_or_too_much_is_refused_and_not_passed_over) {
    for (const auto* tag : {"", " ", "\"\"", "\"1\", \"2\"", "1, 2"}) {
        http::request r;
        r.headers = {{"if-match", tag}};
        if_match at;
        const auto wrong = detail::read(r, at);
        ASSERT_TRUE(wrong) << tag;
        EXPECT_EQ(wrong->status, 400) << tag;
    }
}

TEST(query, is_held_against_its_declaration) {
    const auto errors = [](http::pairs pairs) {
        decoder d;
        ticket_query q;
        decode_query(d, pairs, q);
        std::vector<std::string> out;
        for (const auto& e : d.errors) out.push_back(e.field + ": " + e.message);
        return out;
    };
    EXPECT_THAT(errors({{"state", "open"}, {"limit", "200"}, {"queue_id", "3"}}), testing::IsEmpty());
    EXPECT_THAT(errors({{"limit", "201"}}), testing::ElementsAre("limit: must be between 1 and 200"));
    EXPECT_THAT(errors({{"limit", "1x"}}), testing::ElementsAre("limit: must be a whole number"));
    EXPECT_THAT(errors({{"state", "shut"}}), testing::ElementsAre(testing::StartsWith("state: must be one of open")));
    EXPECT_THAT(errors({{"colour", "red"}}), testing::ElementsAre("colour: is not known here"));
    EXPECT_THAT(errors({{"limit", "1"}, {"limit", "2"}}), testing::ElementsAre("limit: is given twice"));
}

// Who may use which route: by permission or scope, against what the route asks for.
struct permission_case {
    const char* asker; // agent supervisor admin, or a scope
    access may_use;
    int status; // 0 = may
};

principal asker_named(std::string_view name) {
    principal p;
    if (name == "agent" || name == "supervisor" || name == "admin") {
        p.user_id = 1;
        p.csrf_token = "token";
        p.granted = name == "admin"        ? grants::everything()
                    : name == "supervisor" ? test::supervisors_grants()
                                           : test::agents_grants();
    } else {
        p.token_id = 1;
        p.scopes = {std::string{name.substr(6)}};
        p.granted = grants_of(named_value<token_scope>(p.scopes.front()).value());
    }
    return p;
}

TEST(permission, is_by_grant_and_scope) {
    using enum permission;
    const permission_case cases[] = {
        {"agent", ticket_read, 0},
        {"agent", team_watch, 403},
        {"agent", config_people, 403},
        {"agent", who::person, 0},
        {"agent", who::known, 0},
        {"agent", who::intake, 403},
        {"agent", {who::person, ticket_reply}, 0},
        {"agent", {who::person, ticket_assign}, 403},
        {"supervisor", team_watch, 0},
        {"supervisor", config_people, 403},
        {"admin", config_people, 0},
        {"admin", who::intake, 403},
        {"token:intake", who::intake, 0},
        {"token:intake", {who::person_or_intake, callback_promise}, 0},
        {"token:intake", who::known, 403},
        {"token:intake", ticket_read, 403},
        {"token:read", ticket_read, 0},
        {"token:read", team_watch, 0},
        {"token:read", who::known, 0},
        {"token:read", config_people, 403},
        {"token:read", system_read, 403},
        {"token:read", quarantine_replay, 403},
        {"token:read", who::intake, 403},
        {"token:read", who::person, 403},
        {"token:admin", config_people, 0},
        {"token:admin", who::person, 403},
        {"token:admin", {who::person, ticket_reply}, 403},
        {"token:admin", who::intake, 403},
    };
    for (const auto& c : cases) {
        route r;
        r.may_use = c.may_use;
        http::request request;
        request.method = "POST";
        request.headers = {{"x-csrf-token", "token"}};
        const auto wrong = obstacle(r, request, asker_named(c.asker));
        EXPECT_EQ(wrong ? wrong->status : 0, c.status) << c.asker << ' ' << static_cast<int>(c.may_use.from) << ' '
                                                       << (c.may_use.needs ? name_of(*c.may_use.needs) : "");
    }
}

TEST(permission, that_is_missing_is_named) {
    route r;
    r.may_use = permission::team_watch;
    http::request request;
    request.method = "GET";
    EXPECT_EQ(obstacle(r, request, asker_named("agent"))->detail,
              "this needs the permission team.watch, which none of your roles has");
}

TEST(permission, asks_people_for_the_csrf_token_when_they_change_something) {
    route r;
    r.may_use = permission::ticket_read;
    http::request request;
    const auto asker = asker_named("admin");
    for (const auto* method : {"POST", "PUT", "PATCH", "DELETE"}) {
        request.method = method;
        request.headers.clear();
        EXPECT_EQ(obstacle(r, request, asker)->status, 403) << method;
        request.headers = {{"x-csrf-token", "tokem"}};
        EXPECT_EQ(obstacle(r, request, asker)->status, 403) << method;
        request.headers = {{"x-csrf-token", "token"}};
        EXPECT_FALSE(obstacle(r, request, asker)) << method;
    }
    request.method = "GET";
    request.headers.clear();
    EXPECT_FALSE(obstacle(r, request, asker));
}

TEST(permission, sends_strangers_to_sign_in) {
    route r;
    http::request request;
    request.method = "GET";
    r.may_use = permission::ticket_read;
    EXPECT_EQ(obstacle(r, request, std::nullopt)->status, 401);
    r.may_use = who::anyone;
    EXPECT_FALSE(obstacle(r, request, std::nullopt));
}

} // namespace
} // namespace switchboard::api

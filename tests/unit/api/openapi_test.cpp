#include <switchboard/api/router.hpp>

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <set>

namespace switchboard::api {
namespace {

nlohmann::json described() {
    return nlohmann::json::parse(openapi_document());
}

TEST(openapi, is_the_same_text_every_time) {
    EXPECT_EQ(openapi_document(), openapi_document());
}

TEST(openapi, names_every_schema_that_it_refers_to) {
    const auto document = openapi_document();
    const auto schemas = described()["components"]["schemas"];
    const std::string begin = "\"#/components/schemas/";
    std::size_t seen = 0;
    for (auto at = document.find(begin); at != document.npos; at = document.find(begin, at + 1), ++seen) {
        const auto name = document.substr(at + begin.size(), document.find('"', at + begin.size()) - at - begin.size());
        EXPECT_TRUE(schemas.contains(name)) << name;
    }
    EXPECT_GT(seen, 100u);
}

TEST(openapi, gives_every_operation_an_id_of_its_own) {
    std::set<std::string> ids;
    for (const auto& [path, methods] : described()["paths"].items())
        for (const auto& [method, operation] : methods.items())
            EXPECT_TRUE(ids.insert(operation["operationId"]).second) << path << ' ' << method;
    EXPECT_GT(ids.size(), 60u);
}

TEST(openapi, says_what_decoding_enforces) {
    const auto schemas = described()["components"]["schemas"];
    const auto& need = schemas["skill_need_create"];
    EXPECT_EQ(need["properties"]["min"]["maximum"], 10);
    EXPECT_EQ(need["additionalProperties"], false);
    EXPECT_EQ(need["required"], (nlohmann::json{"skill_id"}));
    EXPECT_EQ(schemas["ticket_summary"]["properties"]["state"]["enum"].size(), 6u);
    EXPECT_EQ(schemas["ticket"]["properties"].size(), schemas["ticket_summary"]["properties"].size() + 15);
}

TEST(openapi, has_the_routes_of_the_contract) {
    const auto paths = described()["paths"];
    for (const auto* path : {"/api/v1/session",
                             "/api/v1/me",
                             "/api/v1/users/{id}",
                             "/api/v1/skills",
                             "/api/v1/licences/{id}",
                             "/api/v1/queues/{id}/members",
                             "/api/v1/calendars/{id}",
                             "/api/v1/sla-targets",
                             "/api/v1/tickets/{id}/sla",
                             "/api/v1/agents/{id}",
                             "/api/v1/gateways",
                             "/api/v1/rules/{id}",
                             "/api/v1/tokens/{id}",
                             "/api/v1/intake/{gateway}",
                             "/api/v1/contacts/{id}/raw",
                             "/api/v1/attachments/{id}",
                             "/api/v1/customers/{id}/tickets",
                             "/api/v1/tickets/{id}/timeline",
                             "/api/v1/tickets/{id}/replies",
                             "/api/v1/tickets/{id}/callback",
                             "/api/v1/tickets/{id}/callback/attempts",
                             "/api/v1/callbacks/{id}/result",
                             "/api/v1/tickets/{id}/wrapup-done",
                             "/api/v1/offers/{id}/accept",
                             "/api/v1/me/work",
                             "/api/v1/me/presence",
                             "/api/v1/queues/overview",
                             "/api/v1/agents/overview",
                             "/api/v1/openapi.json"})
        EXPECT_TRUE(paths.contains(path)) << path;
}

} // namespace
} // namespace switchboard::api

#include <switchboard/api/router.hpp>

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <functional>
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
    EXPECT_EQ(schemas["ticket"]["properties"].size(), schemas["ticket_summary"]["properties"].size() + 16);
}

/// Calls visit(place, schema) for each property of each schema, those inside of others too.
void each_property(const nlohmann::json& in, const std::string& place,
                   const std::function<void(const std::string&, const nlohmann::json&)>& visit) {
    if (in.is_object() && in.contains("properties") && in["properties"].is_object())
        for (const auto& [name, property] : in["properties"].items()) visit(place + "." + name, property);
    if (in.is_structured())
        for (const auto& [name, inner] : in.items())
            if (name != "example") each_property(inner, place + "." + name, visit);
}

TEST(openapi, describes_every_property) {
    std::size_t seen = 0;
    each_property(described(), "", [&](const std::string& place, const nlohmann::json& property) {
        ++seen;
        EXPECT_TRUE(property.value("description", "").ends_with('.')) << place;
    });
    EXPECT_GT(seen, 1000u);
}

TEST(openapi, names_the_refusals_of_each_route) {
    const auto document = described();
    const auto statuses = [&](const char* method, const char* path) {
        std::string out;
        for (const auto& [status, _] : document["paths"][path][method]["responses"].items()) out += status + " ";
        return out;
    };
    EXPECT_EQ(statuses("get", "/api/v1/openapi.json"), "200 400 503 ");
    EXPECT_EQ(statuses("get", "/api/v1/queues/{id}"), "200 400 401 403 404 503 ");
    EXPECT_EQ(statuses("patch", "/api/v1/queues/{id}"), "200 400 401 403 404 409 412 413 415 422 503 ");
    EXPECT_EQ(statuses("post", "/api/v1/intake/{gateway}"), "200 201 400 401 403 404 409 413 422 503 ");
    EXPECT_EQ(statuses("post", "/api/v1/session"), "200 400 401 413 415 422 429 503 ");
    for (const auto& [path, methods] : document["paths"].items())
        for (const auto& [method, about] : methods.items())
            for (const auto& [status, response] : about["responses"].items()) {
                EXPECT_NE(status, "default") << path;
                if (!response.contains("$ref")) continue;
                const auto name =
                    response["$ref"].get<std::string>().substr(std::string{"#/components/responses/"}.size());
                EXPECT_TRUE(document["components"]["responses"].contains(name)) << name;
            }
}

TEST(openapi, has_an_example_of_everything_that_is_json) {
    for (const auto& [path, methods] : described()["paths"].items())
        for (const auto& [method, about] : methods.items()) {
            if (about.contains("requestBody") && about["requestBody"]["content"].contains("application/json"))
                EXPECT_TRUE(about["requestBody"]["content"]["application/json"].contains("example")) << path;
            for (const auto& [status, response] : about["responses"].items())
                if (response.contains("content") && response["content"].contains("application/json") &&
                    path != "/api/v1/openapi.json")
                    EXPECT_TRUE(response["content"]["application/json"].contains("example")) << path << ' ' << status;
        }
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

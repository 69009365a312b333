#include "support/contact_center.hpp"

#include "store/run.hpp"

#include <switchboard/util/time.hpp>

#include <gtest/gtest.h>

#include <stdexcept>

namespace switchboard::test {

using nlohmann::json;

namespace {

std::string path_of(const std::string& thing, const json& it) {
    return thing + std::to_string(it.at("id").get<std::int64_t>());
}

seat seated(const running_server& server, const std::string& login) {
    auto http = server.person(login);
    const auto id = http.get("/api/v1/session").json().at("user").at("id").get<std::int64_t>();
    seat s{id, http, websocket_client{server.port(), "/api/v1/live", http.identity}};
    s.live.send({{"type", "hello"}, {"after", nullptr}});
    s.live.until("welcome");
    return s;
}

} // namespace

void seat::ready(const std::vector<std::string>& channels) {
    json terms{{"state", "ready"}};
    if (!channels.empty()) terms["channels"] = channels;
    presence(terms);
}

void seat::presence(const json& terms) {
    const auto answer = http.put("/api/v1/me/presence", terms);
    EXPECT_EQ(answer.status, 200) << answer.body;
}

json seat::offered() {
    return live
        .until([this](const json& f) { return f["type"] == "offer.created" && f["data"]["offer"]["agent_id"] == id; })
        .at("data")
        .at("offer");
}

json seat::take() {
    const auto answer = accept(offered());
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.json().at("ticket");
}

http_answer seat::accept(const json& offer) const {
    return http.post(path_of("/api/v1/offers/", offer) + "/accept");
}

http_answer seat::decline(const json& offer) const {
    return http.post(path_of("/api/v1/offers/", offer) + "/decline", {{"reason", "lunch"}});
}

http_answer seat::act(std::int64_t ticket, const std::string& what, const json& body) const {
    return http.post("/api/v1/tickets/" + std::to_string(ticket) + "/" + what, body);
}

json seat::ticket(std::int64_t number) const {
    const auto answer = http.get("/api/v1/tickets/" + std::to_string(number));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.json();
}

contact_center::contact_center(const std::function<void(config&)>& adjust)
    : server{adjust}, admin{server.person("admin")},
      intake{server.machine({{"name", "gateways"}, {"scopes", {"intake"}}})} {}

std::int64_t contact_center::make(const std::string& path, const json& body) {
    const auto answer = admin.post(path, body);
    if (answer.status != 201) throw std::runtime_error{path + " " + std::to_string(answer.status) + " " + answer.body};
    return answer.json().at("id");
}

std::int64_t contact_center::queue(const std::string& name, json terms) {
    terms["name"] = name;
    return make("/api/v1/queues", terms);
}

std::int64_t contact_center::skill(const std::string& name) {
    return make("/api/v1/skills", {{"name", name}});
}

std::int64_t contact_center::licence(const std::string& name) {
    return make("/api/v1/licences", {{"name", name}});
}

std::int64_t contact_center::gateway(const std::string& name, const std::string& kind, std::int64_t queue, json terms) {
    terms.update({{"name", name}, {"kind", kind}, {"queue_id", queue}});
    return make("/api/v1/gateways", terms);
}

std::int64_t contact_center::rule(const json& conditions, const json& actions) {
    const json always{{"always", true}};
    return make("/api/v1/rules",
                {{"name", "rule"}, {"conditions", conditions.empty() ? always : conditions}, {"actions", actions}});
}

seat contact_center::agent(const std::string& login, const std::vector<std::int64_t>& queues, const json& profile) {
    const auto id =
        make("/api/v1/users",
             {{"login", login}, {"name", login}, {"roles", an_agent}, {"password", running_server::password}});
    json terms{{"queues", json::array()},
               {"units", 300},
               {"channels", json::array({{{"channel", "phone"}, {"capacity", 1}, {"weight", 100}},
                                         {{"channel", "chat"}, {"capacity", 3}, {"weight", 30}},
                                         {{"channel", "email"}, {"capacity", 3}, {"weight", 10}}})}};
    for (const auto q : queues) terms["queues"].push_back({{"queue_id", q}});
    terms.update(profile);
    const auto put = admin.put("/api/v1/agents/" + std::to_string(id), terms);
    if (put.status != 200) throw std::runtime_error{put.body};
    return seated(server, login);
}

seat contact_center::sign_in(const std::string& login) {
    return seated(server, login);
}

std::int64_t contact_center::post(const std::string& gateway, const std::string& body, const std::string& type) {
    const auto answer = intake.send("POST", "/api/v1/intake/" + gateway, body, {{"Content-Type", type}});
    if (answer.status != 201)
        throw std::runtime_error{gateway + " " + std::to_string(answer.status) + " " + answer.body};
    return answer.json().at("ticket_id");
}

std::int64_t contact_center::mail(const std::string& gateway, const std::string& from, const std::string& subject,
                                  const headers& more) {
    std::string text = "From: Ada <" + from + ">\r\nSubject: " + subject + "\r\nMessage-ID: <in-" +
                       std::to_string(++made_) + "@example.com>\r\n";
    bool addressed = false;
    for (const auto& [name, value] : more) {
        text += name + ": " + value + "\r\n";
        addressed = addressed || name == "To";
    }
    if (!addressed) text += "To: help@shop.example\r\n";
    return post(gateway, text + "\r\nThe kettle leaks.\r\n", "message/rfc822");
}

std::int64_t contact_center::call(const std::string& gateway, const std::string& from) {
    const json body{{"call_id", "call-" + std::to_string(++made_)},
                    {"direction", "in"},
                    {"from", from},
                    {"to", "+493055555"},
                    {"started_at", to_rfc3339(now())}};
    return post(gateway, body.dump(), "application/json");
}

std::int64_t contact_center::chat(const std::string& gateway, const std::string& session) {
    const json body{{"session_id", session},
                    {"message_id", std::to_string(++made_)},
                    {"text", "Is anybody there?"},
                    {"from", {{"id", session}, {"name", "Ada"}}}};
    return post(gateway, body.dump(), "application/json");
}

std::string contact_center::sql(const std::string& text) const {
    const auto c = store::connect(server.database_url());
    pqxx::work tx{*c};
    const auto rows = tx.exec(text);
    tx.commit();
    return rows.empty() || rows[0].size() == 0 ? "" : rows[0][0].c_str();
}

} // namespace switchboard::test

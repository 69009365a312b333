// Every route of the OpenAPI document against a running server, with values made from its schemas: what is valid, and
// what has one thing wrong. Every response has to be in the document, with its status, media type and form.
#include "support/contact_center.hpp"
#include "support/json_schema.hpp"
#include "unit/channels/fax_images.hpp"

#include <switchboard/util/hash.hpp>
#include <switchboard/util/time.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace switchboard::test {
namespace {

using nlohmann::json;

const std::string tomorrow = to_rfc3339(now() + std::chrono::days{1});
const std::string nothing = "999999999"; // an id that nothing has

/// What a schema cannot tell, by the name of the property.
const std::map<std::string, json> known_values{{"kind", "email"},
                                               {"timezone", "Europe/Berlin"},
                                               {"time_zone", "Europe/Berlin"},
                                               {"phone", "+493012345678"},
                                               {"language", "en"},
                                               {"disposition", "resolved"},
                                               {"password", "long enough 4711"},
                                               {"content", "YQ=="},
                                               {"type", "text/plain"},
                                               {"value", "ada@example.com"},
                                               {"email", "ada@example.com"},
                                               {"gateway", "mail"},
                                               {"from_address", "help@shop.example"},
                                               {"page_url", "https://shop.example/"},
                                               {"jurisdiction", "DE"},
                                               {"from", "09:00"},
                                               {"to", "17:00"},
                                               {"date", "2030-12-24"},
                                               {"solve", "resolved"},
                                               {"valid_until", "2100-01-01T00:00:00Z"},
                                               {"not_after", to_rfc3339(now() + std::chrono::days{2})},
                                               {"current_password", running_server::password}};

/// Routes whose success no value made from a schema comes to, and why.
const std::map<std::string, std::string> beyond{
    {"post /api/v1/hooks/{gateway}", "a provider's signature"},
    {"get /api/v1/contacts/{id}/picture", "another server's picture"},
};

struct operation {
    std::string method, path;
    const json* about;

    std::string name() const { return method + " " + path; }
    bool is(std::string_view other) const { return name() == other; }
};

class conformance : public testing::Test {
protected:
    conformance() {
        elsewhere = center.queue("Elsewhere");
        queue = center.queue("Support", {{"escalation_queue_id", elsewhere}, {"wrapup_s", 600}});
        center.gateway("mail", "email", queue, {{"from_address", "help@shop.example"}});
        center.gateway("line", "phone", queue);
        center.gateway("pbx", "asterisk", queue); // whose columns nobody has named
        center.gateway("web", "widget", queue);
        center.gateway("chats", "chat", queue);
        EXPECT_EQ(center.admin.post("/api/v1/object-kinds", {{"name", "order"}, {"title", "Order"}}).status, 201);
        const auto kind = center.admin.post("/api/v1/action-kinds", {{"name", "call_back"}, {"title", "Call back"}});
        kind_of_action = kind.json()["id"];
        EXPECT_EQ(center.admin.post("/api/v1/action-limits", {{"kind_id", kind_of_action}}).status, 201);
        me = center.admin.get("/api/v1/me").json()["id"];
        const json works_here{
            {"queues", {{{"queue_id", queue}}}},
            {"units", 300},
            {"channels", {{{"channel", "email"}, {"capacity", 99}}, {{"channel", "phone"}, {"capacity", 99}}}}};
        EXPECT_EQ(center.admin.put("/api/v1/agents/" + std::to_string(me), works_here).status, 200);
        document = center.server.stranger().get("/api/v1/openapi.json").json();
    }

    /// Somebody whom the document lets in.
    client asker_of(const operation& o) {
        const auto security = (*o.about)["security"];
        if (security.empty()) return center.server.stranger();
        if (o.is("patch /api/v1/me")) return center.server.person("agent"); // whose password changes
        if (o.is("delete /api/v1/me/sessions")) return center.server.person("supervisor");
        for (const auto& way : security)
            if (way.contains("session"))
                return o.path.contains("/session") || o.path.starts_with("/api/v1/me") ? center.server.person("admin")
                                                                                       : center.admin;
        return center.intake;
    }

    std::string made(const std::string& path, const json& body) {
        const auto a = center.admin.post("/api/v1/" + path, body);
        EXPECT_EQ(a.status, 201) << path << ' ' << a.body;
        return a.json()["id"].dump();
    }
    std::string uuid() { return fmt::format("00000000-0000-4000-8000-{:012}", ++made_); }
    std::string fresh() { return "thing " + std::to_string(++made_); }
    /// Of the admin, unless nobody has it.
    std::string ticket(const std::string& state = "active") {
        const auto id = std::to_string(center.mail("mail", "ada@example.com", fresh()));
        const bool nobodys = state == "waiting" || state == "offered";
        center.sql(fmt::format("UPDATE ticket SET state = '{}', owner_id = {} WHERE id = {}", state,
                               nobodys ? "NULL" : std::to_string(me), id));
        return id;
    }
    std::string ticket_after(const std::string& act, const json& body) {
        const auto id = ticket();
        EXPECT_EQ(center.admin.post("/api/v1/tickets/" + id + "/" + act, body).status, 200) << act;
        return id;
    }
    std::string mail() {
        const auto body =
            fmt::format("From: Ada <ada@example.com>\r\nTo: help@shop.example\r\nSubject: {0}\r\n"
                        "Message-ID: <{0}@example.com>\r\nMIME-Version: 1.0\r\nContent-Type: "
                        "multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Hi"
                        "<img src=\"http://127.0.0.1:1/a.png\"></p>\r\n--b\r\nContent-Type: image/tiff\r\n"
                        "Content-Disposition: attachment; filename=a.tif\r\nContent-Transfer-Encoding: "
                        "base64\r\n\r\n{1}\r\n--b--\r\n",
                        "mail-" + std::to_string(++made_), base64(channels::make_tiff(1)));
        return center.intake.send("POST", "/api/v1/intake/mail", body, {{"Content-Type", "message/rfc822"}})
            .json()["contact_id"]
            .dump();
    }
    std::string reply() {
        const auto a = center.admin.post("/api/v1/tickets/" + ticket() + "/replies", {{"text", "Dear Ada"}});
        EXPECT_EQ(a.status, 201) << a.body;
        return a.json()["contact"]["id"].dump();
    }
    std::string offer() {
        const auto id = ticket("offered");
        center.sql("INSERT INTO agent_load (agent_id, channel, used, capacity) VALUES (" + std::to_string(me) +
                   ", 'email', 1, 9) ON CONFLICT (agent_id, channel) DO UPDATE SET used = agent_load.used + 1");
        return center.sql(fmt::format("INSERT INTO offer (ticket_id, agent_id, queue_id, channel, epoch, expires_at) "
                                      "SELECT id, {}, queue_id, channel, 0, now() + interval '1 hour' FROM ticket "
                                      "WHERE id = {} RETURNING id",
                                      me, id));
    }
    std::string callback() {
        const auto id = made("tickets/" + ticket() + "/callback", {{"phone", "+493012345678"}});
        center.sql(fmt::format("UPDATE callback SET state = 'dialling', mode = 'customer_first' WHERE id = {0}; INSERT "
                               "INTO dial_order (callback_id, attempt, gateway_id) SELECT {0}, 1, id FROM gateway "
                               "WHERE name = 'line'",
                               id));
        return id;
    }

    /// Something that this route can work on, for {id}.
    std::string object_of(const operation& o) {
        const auto noun = o.path.substr(8, o.path.find("/{") - 8);
        if (o.path.contains("/moves/")) {
            const auto stays = made("customers", {{"name", fresh()}});
            const json goes{{"customer_id", std::stoll(made("customers", {{"name", fresh()}}))},
                            {"reason", "one person"}};
            EXPECT_EQ(center.admin.post("/api/v1/customers/" + stays + "/merge", goes).status, 200);
            return stays;
        }
        if (o.is("post /api/v1/tickets/{id}/claim") || o.is("post /api/v1/tickets/{id}/assign"))
            return ticket("waiting");
        if (o.is("post /api/v1/tickets/{id}/visitor")) {
            const auto id = std::to_string(center.chat("chats", fresh()));
            center.sql("UPDATE contact SET details = jsonb_set(details::jsonb, '{claimed_email}', "
                       "'\"visitor@example.com\"') WHERE ticket_id = " +
                       id);
            return id;
        }
        if (o.is("post /api/v1/tickets/{id}/wrapup-done")) {
            const auto id = std::to_string(center.call("line"));
            const json to_me{{"agent_id", me}, {"reason", "knows it"}};
            EXPECT_EQ(center.admin.post("/api/v1/tickets/" + id + "/assign", to_me).status, 200);
            EXPECT_EQ(center.admin.post("/api/v1/tickets/" + id + "/solve", {{"disposition", "resolved"}}).status, 200);
            return id;
        }
        if (o.path.ends_with("/files/{id}")) {
            target_of(o, nothing); // which opens the session
            const json file{{"name", "a.txt"}, {"type", "text/plain"}, {"content", "YQ=="}};
            const json message{{"type", "message"}, {"client_msg_id", uuid()}, {"text", "a"}, {"attachments", {file}}};
            const auto path = "/api/v1/chat/web/sessions/" + session_ + "/messages";
            EXPECT_EQ(center.server.stranger().post(path, message, {{"Chat-Token", token_}}).status, 201);
            return center.sql("SELECT max(id) FROM attachment");
        }
        if (o.is("post /api/v1/tickets/{id}/resume")) return ticket_after("hold", {{"until", tomorrow}});
        if (o.is("post /api/v1/tickets/{id}/reopen")) return ticket_after("solve", {{"disposition", "resolved"}});
        if (o.path.contains("/callback") && noun == "tickets" && !o.is("post /api/v1/tickets/{id}/callback")) {
            const auto id = ticket();
            made("tickets/" + id + "/callback", {{"phone", "+493012345678"}});
            center.sql(fmt::format("UPDATE ticket SET state = 'active', owner_id = {} WHERE id = {}", me, id));
            return id;
        }
        if (noun == "tickets") return ticket();
        if (o.path.ends_with("/undo") || o.path.ends_with("/retry")) {
            const auto id = reply();
            if (o.path.ends_with("/retry")) center.sql("UPDATE outbox SET state = 'failed' WHERE contact_id = " + id);
            return id;
        }
        if (o.path.ends_with("/replay"))
            return center.intake
                .send("POST", "/api/v1/intake/pbx", fmt::format("what,is,this,{}\n", ++made_),
                      {{"Content-Type", "text/csv"}})
                .json()["contact_id"]
                .dump();
        if (noun == "contacts") return mail();
        if (noun == "attachments")
            return center.sql("SELECT id FROM attachment WHERE contact_id = " + mail() + " LIMIT 1");
        if (noun == "customers") {
            const auto id = center.sql("SELECT customer_id FROM ticket WHERE id = " + ticket());
            if (o.path.contains("/split")) // somebody is left
                center.sql(
                    fmt::format("INSERT INTO customer_identity (kind, value, customer_id) VALUES ('email', '{}', {})",
                                fresh(), id));
            return id;
        }
        if (noun == "offers") return offer();
        if (noun == "objects") { // what no kind declares is sensitive, too
            const auto whose = made("customers", {{"name", fresh()}});
            return center.sql(fmt::format(
                "INSERT INTO customer_object (source, kind_id, external_key, customer_id, data, observed_at) "
                "SELECT 'shop', min(id), '{}', {}, '{{\"a\": 1}}', now() FROM object_kind RETURNING id",
                fresh(), whose));
        }
        if (noun == "callbacks") return callback();
        if (noun == "follow-ups")
            return made("tickets/" + ticket() + "/follow-ups",
                        {{"due_at", tomorrow}, {"channel", "email"}, {"reason", "is it mended?"}});
        if (noun == "actions") {
            const auto id =
                made("tickets/" + ticket() + "/actions", {{"kind_id", kind_of_action}, {"form", json::object()}});
            if (o.path.ends_with("/approve") || o.path.ends_with("/refuse")) // somebody else's, that waits
                center.sql("UPDATE action SET state = 'awaiting_approval', authorised_by = NULL, authorised_at = NULL, "
                           "requested_by = (SELECT id FROM users WHERE login = 'agent') WHERE id = " +
                           id);
            return id;
        }
        if (noun == "draft-files")
            return made("tickets/" + ticket() + "/drafts/reply/files",
                        {{"name", "a"}, {"type", "text/plain"}, {"content", "YQ=="}});
        if (noun == "sla-targets") return made(noun, {{"queue_id", center.queue(fresh())}, {"first_answer_s", 60}});
        if (noun == "gateways")
            return made(noun, {{"name", "g" + std::to_string(++made_)},
                               {"kind", "email"},
                               {"queue_id", queue},
                               {"from_address", "x@shop.example"}});
        if (noun == "users" || noun == "agents")
            return made("users", {{"login", "u" + std::to_string(++made_)}, {"name", "Somebody"}, {"roles", an_agent}});
        if (noun == "rules") return made(noun, {{"name", fresh()}, {"conditions", {{"always", true}}}});
        if (noun == "tokens") return made(noun, {{"name", fresh()}, {"scopes", {"read"}}});
        if (noun == "me/sessions")
            return center.sql(fmt::format("INSERT INTO session (token_hash, user_id, csrf_token, expires_at) VALUES "
                                          "('{}', {}, '', now() + interval '1 hour') RETURNING id",
                                          fresh(), me));
        // A noun that is added by a form is made from that form's schema.
        const auto collection = document["paths"].find("/api/v1/" + noun);
        if (collection == document["paths"].end() || !collection->contains("post") ||
            !document["paths"].contains(collection.key() + "/{id}"))
            return nothing;
        const operation add{"post", collection.key(), &(*collection)["post"]};
        if (const auto* form = body_schema(add))
            return made(noun, json_schema{document}.value(*form, false,
                                                          [&](auto& name, auto& of) { return known(add, name, of); }));
        return nothing;
    }

    std::string last_move() const { return center.sql("SELECT coalesce(max(id), 1) FROM customer_move"); }

    /// The path with its values in it.
    std::string target_of(const operation& o, const std::string& id, bool is_there = true) {
        const bool chats = o.path.contains("/chat/"), of_customer = o.path.contains("/customers/");
        if (chats && o.path.contains("{session}") && session_.empty()) {
            const auto a = center.server.stranger().post("/api/v1/chat/web/sessions").json();
            session_ = a["session"], token_ = a["token"];
        }
        const std::vector<std::pair<std::string, std::string>> values{{"{id}", id},
                                                                      {"{n}", of_customer ? last_move() : "1"},
                                                                      {"{source}", "shop"},
                                                                      {"{key}", "A-1"},
                                                                      {"{kind}", of_customer ? "email"
                                                                                 : o.path.contains("/objects/")
                                                                                     ? "order"
                                                                                     : "reply"},
                                                                      {"{value}", "ada@example.com"},
                                                                      {"{session}", session_},
                                                                      {"{gateway}", !is_there ? "no-such-gateway"
                                                                                    : chats   ? "web"
                                                                                              : "mail"}};
        auto path = o.path;
        for (const auto& [what, value] : values)
            if (const auto at = path.find(what); at != path.npos) path.replace(at, what.size(), value);
        return path;
    }

    /// What a property holds, where the schema alone does not say it.
    json known(const operation& o, const std::string& name, const json& schema) {
        if (name == "queue_id" && o.path.ends_with("/transfer")) return elsewhere;
        if (name == "value" && o.path.ends_with("/visitor")) return "visitor@example.com";
        const bool of_kind = o.path.contains("/action-kinds"), of_limit = o.path.contains("/action-limits");
        if (of_kind && (name == "amount_field" || name == "currency" || name == "conditions"))
            return json::value_t::discarded;
        if (of_kind && name == "sensitive") return false;
        if (of_limit && name.starts_with("per_")) return json::value_t::discarded; // of what costs nothing
        if (o.path.ends_with("/actions")) {
            if (name == "kind_id") return kind_of_action;
            if (name == "object_id") return json::value_t::discarded; // it is done to none
            if (name == "form") return json::object();
        }
        if (name == "amount" && o.path.ends_with("/approve")) return json::value_t::discarded;
        const auto type =
            schema.contains("type") && schema["type"].is_string() ? schema["type"].get<std::string>() : "";
        if (const auto table = schema.value("x-refers-to", ""); !table.empty())
            return std::stoll(center.sql("SELECT max(id) FROM " + table));
        if (type == "integer" && name.ends_with("_id") && name != "after_id") return id_of(name);
        if (name == "draft_version" || name == "draft_files" || name == "contact_id") return json::value_t::discarded;
        if (name == "scopes") return {"read"};
        if (name == "fields" && o.path.ends_with("/unmask")) return {"a"};
        if (name == "settings") return {{"own_addresses", {"help@shop.example"}}}; // of an e-mail gateway
        if (name == "login") return "l" + std::to_string(++made_);
        if (name == "name" && (of_kind || o.path.contains("/object-kinds"))) return "k" + std::to_string(++made_);
        if (name == "observed_at") return to_rfc3339(now());
        if (name == "id" && o.path.contains("/objects/")) return id_of("customer_id");
        if ((name == "email" || name == "phone") && o.path.contains("/objects/")) return json::value_t::discarded;
        if (name == "name" && o.path.ends_with("/gateways")) return "n" + std::to_string(++made_);
        if (name == "name" && o.path.starts_with("/api/v1/gateways/")) return "n" + std::to_string(++made_);
        if (name == "name" && type == "string") return fresh();
        if (name == "client_msg_id") return uuid();
        if (schema.value("format", "") == "date-time" && !known_values.contains(name)) return tomorrow;
        if (type == "string" && !schema.contains("enum") && known_values.contains(name)) return known_values.at(name);
        return nullptr;
    }
    json id_of(const std::string& name) {
        if (name.ends_with("queue_id")) return queue;
        if (name.ends_with("agent_id") || name == "user_id") return me;
        const auto table = name.substr(0, name.size() - 3);
        if (table == "customer") return std::stoll(made("customers", {{"name", fresh()}}));
        if (table == "skill" || table == "licence" || table == "calendar") {
            auto& id = ids_[table];
            if (id == 0)
                id = std::stoll(table == "calendar" ? made("calendars", {{"name", fresh()}, {"timezone", "UTC"}})
                                                    : made(table + "s", {{"name", fresh()}}));
            return id;
        }
        return nullptr;
    }

    http_answer ask(const operation& o, const client& who, const std::string& target, const std::string& body,
                    const std::string& type) {
        auto method = o.method;
        for (char& c : method) c = static_cast<char>(c & ~0x20);
        headers more;
        if (!body.empty()) more.emplace_back("Content-Type", type);
        if (o.path.contains("{session}")) more.emplace_back("Chat-Token", token_);
        const auto a = who.send(method, target, body, more);
        hold(o, a, method + " " + target + " " + body.substr(0, 300));
        return a;
    }

    /// Holds a response against the document.
    void hold(const operation& o, const http_answer& a, const std::string& asked) {
        ++asked_;
        for (const auto& wrong : differences(o, a)) tell(o, wrong, asked + " -> " + a.body.substr(0, 600));
    }
    std::vector<std::string> differences(const operation& o, const http_answer& a) const {
        const auto status = std::to_string(a.status);
        const auto& responses = (*o.about)["responses"];
        if (!responses.contains(status)) return {"answers " + status + ", which is not in the document"};
        const json_schema forms{document};
        const auto& about = forms.resolved(responses[status]);
        if (!about.contains("content")) {
            if (a.body.empty()) return {};
            return {"has a body with " + status};
        }
        const auto type = a.header("content-type").substr(0, a.header("content-type").find(';'));
        const auto& media = about["content"];
        if (!media.contains(type) && !media.contains("*/*")) return {"answers " + status + " with " + type};
        if (!type.ends_with("json") || type.ends_with("ndjson")) return {}; // a value in each line
        const auto body = json::parse(a.body, nullptr, false);
        if (body.is_discarded()) return {"answers " + status + " with what is no JSON"};
        auto wrong = forms.violations((media.contains(type) ? media[type] : media["*/*"])["schema"], body);
        for (auto& w : wrong) w = status + ": " + w;
        return wrong;
    }
    void tell(const operation& o, const std::string& what, const std::string& asked) {
        if (told_.insert(o.name() + what.substr(0, 60)).second)
            ADD_FAILURE() << o.name() << ' ' << what << "\n  " << asked;
    }

    const json* body_schema(const operation& o) const {
        if (!o.about->contains("requestBody")) return nullptr;
        const auto& content = (*o.about)["requestBody"]["content"];
        return content.contains("application/json") ? &content["application/json"]["schema"] : nullptr;
    }
    /// The parameters behind the question mark: all of them, with `field` holding `value`.
    std::string query_of(const operation& o, bool all, const std::string& field = {}, const std::string& value = {}) {
        std::string out;
        for (const auto& p : (*o.about)["parameters"]) {
            if (p["in"] != "query" ||
                (!all && !p.value("required", false) && p["name"] != "n" && p["name"] != "outcome"))
                continue;
            const auto name = p["name"].get<std::string>();
            if (name == "after" || name == "before") continue; // a place in a list is the list's to say
            json good = name == "owner_id" ? json("me") : known(o, name, p["schema"]);
            if (good.is_null())
                good = json_schema{document}.value(p["schema"], true, [](auto&, auto&) { return json{}; });
            const auto text = field == name ? value : good.is_string() ? good.get<std::string>() : good.dump();
            out += (out.empty() ? "?" : "&") + name + "=" + text;
        }
        return out;
    }

    void valid(const operation& o) {
        const auto who = asker_of(o);
        for (const bool all : {true, false}) {
            const auto target = target_of(o, object_of(o)) + query_of(o, all);
            std::string body;
            std::string type = "application/json";
            if (const auto* schema = body_schema(o)) {
                auto value =
                    json_schema{document}.value(*schema, all, [&](auto& name, auto& of) { return known(o, name, of); });
                if (o.is("post /api/v1/session")) value = {{"login", "admin"}, {"password", running_server::password}};
                body = value.dump();
            } else if (o.about->contains("requestBody")) {
                body = fmt::format("From: a@example.com\r\nMessage-ID: <{}@x>\r\n\r\nHi\r\n", ++made_);
                type = "message/rfc822";
            }
            const auto a = ask(o, who, target, body, type);
            if (a.status < 300) succeeded_.insert(o.name());
            if (a.status >= 300 && std::getenv("CONFORMANCE_TELL") != nullptr)
                fmt::print("{} {} {} {} -> {}\n", o.method, target, body.substr(0, 700), a.status,
                           a.body.substr(0, 300));
        }
    }

    void invalid(const operation& o) {
        const auto who = asker_of(o);
        const auto target = target_of(o, object_of(o));
        for (const auto& p : (*o.about)["parameters"]) {
            if (p["in"] != "query") continue;
            const json_schema forms{document};
            for (const auto& w :
                 forms.wrong_values(p["schema"], forms.value(p["schema"], true, [](auto&, auto&) { return json{}; }))) {
                if (w.what == "of another type" && p["schema"]["type"] == "string") continue; // every text is one
                if (w.value.is_number_float() && p["schema"]["type"] == "string") continue;
                const auto text = w.value.is_string() ? w.value.get<std::string>() : w.value.dump();
                const auto name = p["name"].get<std::string>();
                refused(o,
                        ask(o, who, target + "?" + name + "=" + (text == "of another type" ? "other" : text), {}, {}),
                        name, w.what);
            }
        }
        if (const auto query = query_of(o, true); !query.empty())
            refused(o, ask(o, who, target + query + "&no_such_parameter=1", {}, {}), "no_such_parameter", "unknown");
        const auto* schema = body_schema(o);
        if (!schema) return;
        const json_schema forms{document};
        const auto good = forms.value(*schema, true, [&](auto& name, auto& of) { return known(o, name, of); });
        for (const auto& w : forms.wrong_values(*schema, good))
            if (!w.field.empty()) refused(o, ask(o, who, target, w.value.dump(), "application/json"), w.field, w.what);
        if (o.path.contains("{session}")) return;
        EXPECT_EQ(ask(o, who, target, "{", "application/json").status, 400) << o.name();
        EXPECT_EQ(ask(o, who, target, "[]", "application/json").status, 422) << o.name();
        EXPECT_EQ(ask(o, who, target, "{}", "text/plain").status, 415) << o.name();
    }
    /// 422 that names the field.
    void refused(const operation& o, const http_answer& a, const std::string& field, const std::string& what) {
        if (a.status != 422) return tell(o, fmt::format("{} {} is answered {}", field, what, a.status), a.body);
        for (const auto& e : a.json()["errors"])
            if (e["field"] == field || (e["field"] == "settings" && field.starts_with("settings."))) return;
        tell(o, fmt::format("{} {}: errors do not name it", field, what), a.body);
    }

    std::vector<operation> operations() const {
        std::vector<operation> out, last;
        for (const auto& [path, methods] : document["paths"].items())
            for (const auto& [method, about] : methods.items())
                (method == "delete" ? last : out).push_back({method, path, &about});
        out.insert(out.end(), last.begin(), last.end());
        return out;
    }

    contact_center center;
    json document;
    std::int64_t queue = 0, elsewhere = 0, me = 0, kind_of_action = 0;
    std::set<std::string> succeeded_, told_;
    int asked_ = 0;

private:
    int made_ = 0;
    std::string session_, token_;
    std::map<std::string, std::int64_t> ids_;
};

TEST_F(conformance, of_every_route_holds_for_valid_values) {
    for (const auto& o : operations()) valid(o);
    for (const auto& o : operations())
        EXPECT_TRUE(succeeded_.contains(o.name()) || beyond.contains(o.name()))
            << o.name() << ": no value made from its schema is taken";
    RecordProperty("asked", asked_);
}

TEST_F(conformance, of_every_route_holds_for_invalid_values) {
    for (const auto& o : operations()) invalid(o);
    EXPECT_GT(asked_, 1000);
    RecordProperty("asked", asked_);
}

TEST_F(conformance, holds_for_the_examples) {
    const json_schema forms{document};
    int seen = 0;
    const auto check = [&](const operation& o, const json& with_content) {
        for (const auto& [type, media] : forms.resolved(with_content).value("content", json::object()).items())
            if (media.contains("example"))
                for (++seen; const auto& wrong : forms.violations(media["schema"], media["example"]))
                    tell(o, "has an example that is wrong: " + wrong, type);
    };
    for (const auto& o : operations()) {
        check(o, o.about->value("requestBody", json::object()));
        for (const auto& [status, response] : (*o.about)["responses"].items()) check(o, response);
    }
    EXPECT_GT(seen, 500);
}

TEST_F(conformance, is_missed_when_a_response_differs) {
    const operation skill{"get", "/api/v1/skills/{id}", &document["paths"]["/api/v1/skills/{id}"]["get"]};
    const auto as_it_is = center.admin.get("/api/v1/skills/" + std::to_string(center.skill("German")));
    EXPECT_EQ(differences(skill, as_it_is), std::vector<std::string>{});
    const auto altered = [&](const std::function<void(json&)>& how) {
        auto other = as_it_is;
        auto body = other.json();
        how(body);
        other.body = body.dump();
        return differences(skill, other).size();
    };
    EXPECT_EQ(altered([](json& b) { b.erase("name"); }), 1u) << "a member is dropped";
    EXPECT_EQ(altered([](json& b) { b["nickname"] = ""; }), 1u) << "a member is in no schema";
    EXPECT_EQ(altered([](json& b) { b["name"] = 7; }), 1u);
    auto other = as_it_is;
    other.status = 418;
    EXPECT_EQ(differences(skill, other).size(), 1u) << "an undocumented status";
    other = as_it_is;
    other.fields = {{"content-type", "text/html"}};
    EXPECT_EQ(differences(skill, other).size(), 1u) << "another media type";
}

TEST_F(conformance, of_every_route_holds_for_strangers_and_for_what_does_not_exist) {
    for (const auto& o : operations()) {
        const auto* schema = body_schema(o);
        const auto body =
            schema
                ? json_schema{document}.value(*schema, true, [&](auto& n, auto& of) { return known(o, n, of); }).dump()
                : "";
        const auto target = target_of(o, nothing, false) + query_of(o, false);
        if (!(*o.about)["security"].empty())
            EXPECT_EQ(ask(o, center.server.stranger(), target, body, "application/json").status, 401) << o.name();
        if (o.path.contains("{id}") || o.path.contains("{gateway}")) {
            const auto status = ask(o, asker_of(o), target, body, "application/json").status;
            if (!o.is("delete /api/v1/tickets/{id}/drafts/{kind}")) EXPECT_EQ(status, 404) << o.name();
        }
    }
}

} // namespace
} // namespace switchboard::test

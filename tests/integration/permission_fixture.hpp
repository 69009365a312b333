#pragma once

#include "support/described_nouns.hpp"
#include "unit/channels/fax_images.hpp"

#include <switchboard/model/events.hpp>
#include <switchboard/model/permission.hpp>
#include <switchboard/util/hash.hpp>
#include <switchboard/util/time.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace switchboard::test {

using nlohmann::json;

struct line {
    std::string route, letters, input = "{}", of = {};
};
struct event_line {
    std::string_view type, letters, nobodys;
};
#include "permission_matrix.inc"

struct asker {
    std::string name;
    std::size_t column; // of the letters
    client who;
};

inline const std::string nothing = "999999999"; // an id that nothing has
inline const std::string words = "Iron 4711";   // in every text of these customers, notes and replies

inline std::string replaced(std::string text, const std::string& what, const std::string& with) {
    for (std::size_t at = 0; (at = text.find(what, at)) != text.npos; at += with.size())
        text.replace(at, what.size(), with);
    return text;
}

/// Promise 11, for every route and every type of event: permission_matrix.inc says who may what, and this asks it of a
/// running server, with objects that are one's own and objects that are another's.
class permission_matrix : public testing::Test {
protected:
    /// Not the one who makes the objects, whose sessions the last lines would end.
    client another_admin() {
        center.admin.post(
            "/api/v1/users",
            {{"login", "chief"}, {"name", "Chief"}, {"roles", an_admin}, {"password", running_server::password}});
        return center.server.person("chief");
    }

    permission_matrix() {
        support = center.queue("Support");
        billing = center.queue("Billing");
        elsewhere = center.queue("Elsewhere");
        mailbox = center.gateway("mail", "email", support, {{"from_address", "help@shop.example"}});
        center.gateway("chat", "widget", support);
        center.gateway("hooks", "postmark", support, {{"settings", {{"secret", "post:mark"}}}});
        center.gateway("pbx", "asterisk", support); // whose columns nobody has named
        kind_of_action = center.make("/api/v1/action-kinds", {{"name", "call_back"}, {"title", "Have somebody call"}});
        center.make("/api/v1/action-limits", {{"kind_id", kind_of_action}});
        const auto bills = center.gateway("bills", "email", billing);
        const auto seated = [&](const char* login, std::int64_t queue) { return center.agent(login, {queue}); };
        auto has_it = seated("owner", support);
        owner_id = has_it.id;
        owner = has_it.http;
        const auto machine = [&](const char* scope, const json& gateways) {
            json terms{{"name", scope}, {"scopes", {scope}}};
            if (!gateways.is_null()) terms["gateway_ids"] = gateways;
            return center.server.machine(terms);
        };
        center.sql("INSERT INTO token (name, token_hash, scopes, gateway_ids) VALUES ('past', '" +
                   sha256_hex("sb_past") + "', '[\"intake\", \"read\", \"admin\"]', '[" + std::to_string(mailbox) +
                   "]')");
        auto past = center.server.stranger();
        past.identity = {{"Authorization", "Bearer sb_past"}};
        askers = {{"nobody", 0, center.server.stranger()},
                  {"the owner", 1, has_it.http},
                  {"an agent of the queue", 2, seated("mate", support).http},
                  {"an agent of another queue", 3, seated("stranger", billing).http},
                  {"a supervisor", 4, center.server.person("supervisor")},
                  {"an admin", 5, another_admin()},
                  {"a token with intake", 7, machine("intake", nullptr)},
                  {"a token with intake, bound", 8, machine("intake", {mailbox})},
                  {"a token with intake, bound elsewhere", 9, machine("intake", {bills})},
                  {"a token with read", 11, machine("read", nullptr)},
                  {"a token with admin", 12, machine("admin", nullptr)},
                  {"a bound token of the past", 13, past}};
    }

    /// A mail with everything that a mail can have: its contact.
    std::string mail() {
        const auto tiff = base64(channels::make_tiff(1));
        const auto number = std::to_string(++made_);
        const auto text = "From: " + words + " <iron4711@example.com>\r\nTo: help@shop.example\r\nSubject: " + words +
                          " " + number + "\r\nMessage-ID: <" + number + "@example.com>\r\nMIME-Version: 1.0\r\n" +
                          "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n" +
                          "<p>" + words + "<img src=\"http://127.0.0.1:1/a.png\"></p>\r\n--b\r\nContent-Type: " +
                          "image/tiff\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; " +
                          "filename=a.tif\r\n\r\n" + tiff + "\r\n--b--\r\n";
        return id_of(intake("mail", text, "message/rfc822"), "contact_id");
    }
    /// A ticket that the owner has.
    std::string ticket() {
        const auto id = ticket_of(mail());
        center.sql("UPDATE ticket SET state = 'active', owner_id = " + std::to_string(has_tickets.value_or(owner_id)) +
                   " WHERE id = " + id);
        return id;
    }
    std::string ticket_of(const std::string& contact) {
        return center.sql("SELECT ticket_id FROM contact WHERE id = " + contact);
    }
    std::string offer() {
        const auto id = ticket_of(mail());
        center.sql("UPDATE ticket SET state = 'offered' WHERE id = " + id);
        center.sql(
            "UPDATE agent_load SET used = used + 1, capacity = capacity + 1 WHERE channel = 'email' AND agent_id = " +
            std::to_string(owner_id));
        return center.sql("INSERT INTO offer (ticket_id, agent_id, queue_id, channel, epoch, expires_at) SELECT id, " +
                          std::to_string(owner_id) + ", queue_id, channel, 0, now() + interval '1 hour' FROM ticket " +
                          "WHERE id = " + id + " RETURNING id");
    }

    /// An object of Support, or of the owner, for {id} behind this noun. What a request may use up is made anew.
    std::string object(const std::string& noun) {
        const auto made = [&](const char* path, json body) {
            return id_of(center.admin.post(std::string{"/api/v1/"} + path, body));
        };
        const auto fresh = [&] { return "thing " + std::to_string(++made_); };
        if (noun == "tickets") return ticket();
        if (noun == "offers") return offer();
        if (noun == "replies")
            return id_of(owner.post("/api/v1/tickets/" + ticket() + "/replies", {{"text", words}}), "/contact/id");
        if (noun == "draft-files")
            return id_of(owner.post("/api/v1/tickets/" + ticket() + "/drafts/reply/files",
                                    {{"name", words}, {"type", "text/plain"}, {"content", base64(words)}}));
        if (noun == "callbacks")
            return id_of(owner.post("/api/v1/tickets/" + ticket() + "/callback", {{"phone", "+493012345678"}}));
        if (noun == "follow-ups")
            return id_of(center.admin.post(
                "/api/v1/tickets/" + ticket() + "/follow-ups",
                {{"due_at", to_rfc3339(now() + std::chrono::hours{1})}, {"channel", "email"}, {"reason", words}}));
        if (noun == "actions") // which everybody may authorise
            return id_of(center.admin.post("/api/v1/tickets/" + ticket() + "/actions",
                                           {{"kind_id", kind_of_action}, {"form", json::object()}}));
        if (noun == "sla-targets")
            return made("sla-targets", {{"queue_id", center.queue(fresh())}, {"first_answer_s", 60}});
        if (noun == "somebody") return made("users", {{"login", fresh()}, {"name", "Somebody"}, {"roles", an_agent}});
        if (noun == "rules") return made("rules", {{"name", fresh()}, {"conditions", {{"always", true}}}});
        if (noun == "sessions")
            return center.sql("INSERT INTO session (token_hash, user_id, csrf_token, expires_at) VALUES ('" + fresh() +
                              "', " + std::to_string(owner_id) + ", '', now() + interval '1 hour') RETURNING id");
        if (noun == "addresses") { // of a customer's
            const auto customer = object("customers");
            center.sql("INSERT INTO customer_identity (kind, value, customer_id) VALUES ('email', "
                       "'second4711@example.com', " +
                       customer + ") ON CONFLICT DO NOTHING");
            return customer;
        }
        if (noun == "tokens") return made("tokens", {{"name", fresh()}, {"scopes", {"read"}}});
        if (noun != "queues" && nouns.paths().contains("/api/v1/" + noun))
            return made(noun.c_str(), nouns.form("/api/v1/" + noun));
        return kept_.contains(noun) ? kept_[noun] : kept_[noun] = lasting_object(noun);
    }
    std::string lasting_object(const std::string& noun) {
        const auto made = [&](const char* path, const json& body) {
            EXPECT_EQ(center.admin.post(std::string{"/api/v1/"} + path, body).status, 201) << path;
        };
        if (noun == "contacts") return mail();
        if (noun == "attachments") return center.sql("SELECT id FROM attachment WHERE contact_id = " + mail());
        if (noun == "customers") return center.sql("SELECT customer_id FROM ticket WHERE id = " + ticket());
        if (noun == "moves") { // that of number 1: of this customer, and undone
            const auto customer = object("customers");
            center.sql(
                "WITH other AS (INSERT INTO customer (name) VALUES ('Other') RETURNING id) INSERT INTO "
                "customer_move (kind, from_id, to_id, identities, ticket_ids, reason, undone_at) SELECT 'split', " +
                customer + ", id, '[]', '{}', '', now() FROM other");
            return customer;
        }
        if (noun == "quarantine") return id_of(intake("pbx", "what,is,this,1700000001.1\n", "text/csv"), "contact_id");
        if (noun == "queues") return std::to_string(support);
        if (noun == "gateways") return std::to_string(mailbox);
        if (noun == "users" || noun == "agents") return std::to_string(owner_id);
        if (noun == "intake") return "mail";
        if (noun == "hooks" || noun == "chat") return noun;
        if (noun == "objects") {
            made("object-kinds", {{"name", "policy"},
                                  {"title", "Policy"},
                                  {"fields", {{{"name", "account"}, {"label", "Account"}, {"type", "text"}}}}});
            const auto whose = center.number("SELECT customer_id FROM ticket WHERE id = " + ticket());
            return id_of(center.admin.put("/api/v1/objects/bank/policy/1",
                                          {{"customer", {{"id", whose}}}, {"data", {{"account", words}}}}));
        }
        ADD_FAILURE()
            << "{id} behind /" << noun << "/ means nothing to the matrix: teach object() in "
            << "tests/integration/permission_matrix_test.cpp to make one that belongs to Support or to the owner";
        return nothing;
    }

    /// The path with this object in it.
    static std::string path_to(const line& l, const std::string& object) {
        auto path = l.route.substr(l.route.find(' ') + 1);
        if (path.contains("{session}")) path = replaced(path, "{id}", nothing); // of a session that is not known
        path = replaced(replaced(replaced(path, "{id}", object), "{gateway}", object), "{n}", "1");
        path = replaced(path, "{kind}/{value}", "email/second4711@example.com");
        path = replaced(replaced(path, "{session}", nothing), "{kind}", "reply");
        return l.route.starts_with("GET") && l.input != "{}" ? path + "?" + l.input : path;
    }
    static std::string noun_of(const line& l) {
        if (!l.of.empty()) return l.of;
        const auto before = l.route.substr(0, l.route.find("/{"));
        return before.substr(before.rfind('/') + 1);
    }

    int upgraded(const std::string& path, const client& who) const {
        try {
            const websocket_client open{center.server.port(), path, who.identity};
            return 101;
        } catch (const std::runtime_error&) {
            return upgrade_answer(center.server.port(), path, who.identity);
        }
    }
    http_answer ask(const line& l, const client& who, const std::string& object) const {
        const auto method = l.route.substr(0, l.route.find(' '));
        const auto path = path_to(l, object);
        if (method == "UPGRADE") return {upgraded(path, who), {}, ""};
        if (method == "GET" || method == "DELETE") return who.send(method, path);
        auto body = replaced(l.input, "{elsewhere}", std::to_string(elsewhere));
        body = replaced(std::move(body), "{owner}", std::to_string(owner_id));
        body = replaced(std::move(body), "{kind_id}", std::to_string(kind_of_action));
        return who.send(method, path, body, {{"Content-Type", "application/json"}});
    }

    void check(const line& l, const asker& a) { check(l, l.letters.at(a.column), a.name, a.who); }

    void check(const line& l, char letter, const std::string& name, const client& who) {
        const bool has_object = l.route.contains('{');
        const auto answer = ask(l, who, has_object ? object(noun_of(l)) : "");
        const auto s = answer.status;
        const bool reads = l.route.starts_with("GET");
        const bool through =
            s == 101 || (s >= 200 && s < 300) || s == 502 || (!reads && (s == 409 || s == 412 || s == 422));
        const bool as_told = letter == '+'   ? through
                             : letter == '-' ? s == 401
                             : letter == 'x' ? s == 403
                             : letter == '0' ? s == 404
                                             : false;
        EXPECT_TRUE(as_told) << l.route << " answers " << name << " with " << s << ", the matrix says '" << letter
                             << "': " << answer.body;
        if (letter == '0' && s == 404)
            EXPECT_EQ(answer.json()["detail"], ask(l, who, nothing).json()["detail"])
                << l.route << " tells " << name << " what is hidden from what does not exist";
    }

    static bool is_of_skill(const json& frame, std::int64_t id) {
        return frame["type"] == "config.changed" && frame["data"].value("kind", "") == "skill" &&
               frame["data"]["id"] == id;
    }
    static std::string id_of(const http_answer& a, const std::string& field = "id") {
        const json::json_pointer place{field.starts_with('/') ? field : "/" + field};
        const auto body = a.json();
        EXPECT_TRUE(a.status < 300 && body.contains(place)) << a.status << " " << a.body;
        return a.status < 300 && body.contains(place) ? body[place].dump() : nothing;
    }
    http_answer intake(const std::string& gateway, const std::string& bytes, const std::string& type) const {
        return center.intake.send("POST", "/api/v1/intake/" + gateway, bytes, {{"Content-Type", type}});
    }

    /// Those of nouns first, since the last of the others end the askers' sessions.
    std::vector<line> all_lines() const {
        std::vector<line> out;
        for (const auto& noun : nouns.paths())
            for (auto l : of_nouns) {
                l.route = replaced(l.route, "{noun}", noun);
                if (std::ranges::none_of(lines, [&](const line& other) { return other.route == l.route; }))
                    out.push_back(std::move(l));
            }
        out.insert(out.end(), std::begin(lines), std::end(lines));
        return out;
    }

    contact_center center;
    described_nouns nouns{center};
    std::int64_t support = 0, billing = 0, elsewhere = 0, mailbox = 0, owner_id = 0;
    std::int64_t kind_of_action = 0;         // which everybody may authorise
    std::optional<std::int64_t> has_tickets; // instead of the owner
    client owner{0};
    std::vector<asker> askers;

private:
    int made_ = 0;
    std::map<std::string, std::string> kept_;
};

} // namespace switchboard::test

// What other systems know of customers, pushed by them.
#include "support/contact_center.hpp"

#include <switchboard/util/time.hpp>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace switchboard::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

class objects : public testing::Test {
protected:
    objects() {
        center.gateway("mail", "email", support);
        const json fields{{{"name", "total"}, {"label", "Total"}, {"type", "money"}, {"column", true}},
                          {{"name", "state"},
                           {"label", "State"},
                           {"type", "choice"},
                           {"choices", {"paid", "sent", "delivered"}},
                           {"required", true}},
                          {{"name", "account"}, {"label", "Account"}, {"type", "text"}, {"sensitive", true}}};
        const auto made =
            center.admin.post("/api/v1/object-kinds", {{"name", "order"}, {"title", "Order"}, {"fields", fields}});
        EXPECT_EQ(made.status, 201) << made.body;
    }

    static json body(const json& customer, const std::string& state, const std::string& observed_at = "") {
        json out{{"customer", customer},
                 {"data", {{"total", {{"amount", 1999}, {"currency", "EUR"}}}, {"state", state}, {"account", "DE12"}}}};
        if (!observed_at.empty()) out["observed_at"] = observed_at;
        return out;
    }
    http_answer put(const std::string& key, const json& object) const {
        return boss.http.put("/api/v1/objects/shop/order/" + key, object);
    }
    json of(const client& who, std::int64_t customer) const {
        return who.get(fmt::format("/api/v1/customers/{}/objects", customer)).json()["items"];
    }
    json in_bulk(const std::vector<json>& lines) const {
        std::string text;
        for (const auto& l : lines) text += l.is_string() ? l.get<std::string>() + "\n" : l.dump() + "\n";
        const auto a = boss.http.send("POST", "/api/v1/objects", text, {{"Content-Type", "application/x-ndjson"}});
        EXPECT_EQ(a.status, 200) << a.body;
        return a.json();
    }
    static json line(const std::string& key, const json& customer, const std::string& state) {
        auto out = body(customer, state);
        out["source"] = "shop", out["kind"] = "order", out["key"] = key;
        return out;
    }

    contact_center center;
    std::int64_t support = center.queue("Support");
    seat boss = center.sign_in("supervisor");
    seat agent = center.agent("grace", {support});
    const json ada{{"email", "Ada@Example.com"}, {"name", "Ada Lovelace"}};
};

TEST_F(objects, are_created_changed_and_kept_as_they_were_seen_last) {
    const auto made = put("A-1", body(ada, "paid", "2026-11-01T10:00:00Z"));
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(made.json()["outcome"], "created");
    const std::int64_t customer = made.json()["customer_id"];
    EXPECT_EQ(put("A-1", body(ada, "paid", "2026-11-01T10:00:00Z")).json()["outcome"], "unchanged");
    EXPECT_EQ(put("A-1", body(ada, "delivered", "2026-11-03T10:00:00Z")).json()["outcome"], "updated");
    EXPECT_EQ(put("A-1", body(ada, "sent", "2026-11-02T10:00:00Z")).json()["outcome"], "older") << "came late";
    const auto kept = of(boss.http, customer);
    ASSERT_EQ(kept.size(), 1u);
    EXPECT_EQ(kept[0]["data"]["state"], "delivered");
    EXPECT_EQ(kept[0]["observed_at"], "2026-11-03T10:00:00Z");
    EXPECT_EQ(kept[0]["title"], "Order");
}

TEST_F(objects, are_of_who_writes_from_that_address_later) {
    const std::int64_t customer = put("A-1", body(ada, "paid")).json()["customer_id"];
    EXPECT_EQ(agent.http.get(fmt::format("/api/v1/customers/{}/objects", customer)).status, 404);
    const auto ticket = center.mail("mail", "ada@example.com");
    EXPECT_EQ(center.number(fmt::format("SELECT customer_id FROM ticket WHERE id = {}", ticket)), customer);
    const auto seen = of(agent.http, customer);
    ASSERT_EQ(seen.size(), 1u);
    EXPECT_FALSE(seen[0]["data"].contains("account")) << "sensitive";
    EXPECT_EQ(seen[0]["masked"], json{"account"});
    EXPECT_THAT(of(boss.http, customer).dump(), Not(HasSubstr("DE12"))) << "for nobody, unless he says why";

    EXPECT_EQ(put("A-1", body(ada, "sent")).json()["outcome"], "updated");
    const auto told = agent.live.until("object.changed")["data"];
    EXPECT_EQ(told["ticket_id"], ticket);
    EXPECT_EQ(told["kind"], "order");
    EXPECT_FALSE(told.dump().contains("1999"));
}

TEST_F(objects, have_sensitive_fields_that_are_shown_to_who_may_and_says_why) {
    const auto made = put("A-1", body(ada, "paid")).json();
    center.mail("mail", "ada@example.com");
    const auto path = fmt::format("/api/v1/objects/{}/unmask", made["id"].get<int>());
    const json asked{{"fields", {"account"}}, {"reason", "identity_check"}};
    EXPECT_EQ(agent.http.post(path, asked).status, 403);
    EXPECT_EQ(boss.http.post(path, {{"fields", {"account"}}, {"reason", "curious"}}).status, 422);
    EXPECT_EQ(boss.http.post(path, {{"fields", {"shoe size"}}, {"reason", "audit"}}).status, 422);
    EXPECT_EQ(boss.http.post(path, {{"fields", json::array()}, {"reason", "audit"}}).status, 422);
    EXPECT_EQ(boss.http.post("/api/v1/objects/999999/unmask", asked).status, 404);
    EXPECT_EQ(center.sql("SELECT count(*) FROM audit_entry WHERE what = 'unmasked'"), "0") << "nothing was seen";

    const auto shown = boss.http.post(path, asked);
    ASSERT_EQ(shown.status, 200) << shown.body;
    EXPECT_THAT(shown.json()["data"]["account"].get<std::string>(), HasSubstr("DE12"));
    EXPECT_EQ(shown.json()["data"].size(), 1u);
    const auto told = center.admin.get("/api/v1/audit?what=unmasked").json()["items"];
    ASSERT_EQ(told.size(), 1u);
    EXPECT_EQ(told[0]["actor_id"], boss.id);
    EXPECT_EQ(told[0]["noun"], "customer");
    EXPECT_EQ(told[0]["noun_id"], made["customer_id"]);
    EXPECT_EQ(told[0]["details"],
              (json{{"object_id", made["id"]}, {"fields", {"account"}}, {"reason", "identity_check"}}));
    EXPECT_THAT(told.dump(), Not(HasSubstr("DE12")));
}

TEST_F(objects, that_break_their_limits_are_refused_whole) {
    const auto refused = [&](json object, const std::string& field) {
        const auto a = put("A-1", object);
        EXPECT_EQ(a.status, 422) << object << a.body;
        EXPECT_EQ(a.json()["errors"][0]["field"], field) << a.body;
    };
    auto wrong = body(ada, "paid");
    wrong["data"]["total"] = 19.99;
    refused(wrong, "data.total");
    refused(body(ada, "lost"), "data.state");
    wrong = body(ada, "paid");
    wrong["data"]["colour"] = "red";
    refused(wrong, "data.colour");
    refused({{"customer", ada}, {"data", json::object()}}, "data.state");
    refused(body({{"id", 999'999}}, "paid"), "customer.id");
    refused(body(json::object(), "paid"), "customer");
    refused(body({{"email", "nobody"}}, "paid"), "customer.email");
    refused(body(ada, "paid", "2100-01-01T00:00:00Z"), "observed_at");
    EXPECT_EQ(boss.http.put("/api/v1/objects/shop/boat/A-1", body(ada, "paid")).json()["errors"][0]["field"], "kind");
    EXPECT_EQ(boss.http.put("/api/v1/objects/The%20shop/order/A-1", body(ada, "paid")).status, 422);
    EXPECT_EQ(center.sql("SELECT count(*) FROM customer_object"), "0");
    EXPECT_EQ(center.sql("SELECT count(*) FROM customer"), "0") << "nobody was made for what was refused";
}

TEST_F(objects, in_bulk_are_taken_or_refused_line_by_line) {
    const json carl{{"phone", "+49 30 1234567"}, {"name", "Carl"}};
    const auto done = in_bulk({line("A-1", ada, "paid"), "this is no JSON", line("A-2", carl, "lost"),
                               line("A-2", carl, "sent"), line("A-1", ada, "delivered"), line("A-3", ada, "paid")});
    EXPECT_EQ(done["created"], 3);
    EXPECT_EQ(done["updated"], 1) << "the same key once more";
    EXPECT_EQ(done["refused"], 2);
    ASSERT_EQ(done["results"].size(), 6u);
    EXPECT_EQ(done["results"][1]["line"], 2);
    EXPECT_EQ(done["results"][2]["errors"][0]["field"], "data.state");
    EXPECT_EQ(done["results"][0]["customer_id"], done["results"][5]["customer_id"]);
    EXPECT_EQ(center.sql("SELECT count(*) FROM customer"), "2");
    EXPECT_EQ(center.sql("SELECT data->>'state' FROM customer_object WHERE external_key = 'A-1'"), "delivered");
}

TEST_F(objects, beyond_what_is_taken_at_once_are_refused_whole) {
    std::string lines;
    for (int n = 0; n < 20'001; ++n) lines += line(fmt::format("A-{}", n), ada, "paid").dump() + "\n";
    const auto a = boss.http.send("POST", "/api/v1/objects", lines, {{"Content-Type", "application/x-ndjson"}});
    EXPECT_EQ(a.status, 413) << a.body;
    EXPECT_EQ(center.sql("SELECT count(*) FROM customer_object"), "0");
}

TEST_F(objects, have_one_kind_of_key_by_either_way) {
    for (const auto* key : {"%20", "a%0Ab"}) EXPECT_EQ(put(key, body(ada, "paid")).status, 422) << key;
    EXPECT_EQ(put(std::string(201, 'k'), body(ada, "paid")).json()["errors"][0]["field"], "key");
    EXPECT_EQ(put(std::string(200, 'k'), body(ada, "paid")).status, 200);
    EXPECT_EQ(in_bulk({line("a\nb", ada, "paid"), line(std::string(201, 'k'), ada, "paid")})["refused"], 2);
}

TEST_F(objects, pushed_by_many_at_once_are_one_each) {
    std::vector<std::jthread> senders;
    for (int s = 0; s < 4; ++s)
        senders.emplace_back([&] {
            std::vector<json> lines;
            for (int n = 0; n < 120; ++n)
                lines.push_back(
                    line(fmt::format("B-{}", n), {{"email", fmt::format("c{}@example.com", n % 40)}}, "paid"));
            const auto done = in_bulk(lines);
            EXPECT_EQ(done["refused"], 0);
        });
    senders.clear();
    EXPECT_EQ(center.sql("SELECT count(*) FROM customer_object"), "120");
    EXPECT_EQ(center.sql("SELECT count(*) FROM customer"), "40");
}

TEST_F(objects, go_along_when_customers_are_merged_and_come_back) {
    const std::int64_t customer = put("A-1", body(ada, "paid")).json()["customer_id"];
    const std::int64_t other = put("B-1", body({{"email", "bob@example.com"}}, "paid")).json()["customer_id"];
    ASSERT_EQ(
        boss.http.post(fmt::format("/api/v1/customers/{}/merge", customer), {{"customer_id", other}, {"reason", "one"}})
            .status,
        200);
    EXPECT_EQ(of(boss.http, customer).size(), 2u);
    EXPECT_EQ(of(boss.http, other).size(), 2u) << "by the old number";
    EXPECT_EQ(put("C-1", body({{"id", other}}, "paid")).json()["customer_id"], customer);
    const auto move = boss.http.get(fmt::format("/api/v1/customers/{}/moves", customer)).json()["items"][0]["id"];
    ASSERT_EQ(
        boss.http.post(fmt::format("/api/v1/customers/{}/moves/{}/undo", customer, move.get<int>()), json::object())
            .status,
        200);
    EXPECT_EQ(of(boss.http, customer).size(), 2u);
    EXPECT_EQ(of(boss.http, other).size(), 1u);
}

TEST_F(objects, pushed_while_customers_are_merged_are_of_who_stays) {
    const std::int64_t stays = put("A-1", body(ada, "paid")).json()["customer_id"];
    const std::int64_t goes = put("B-1", body({{"email", "bob@example.com"}}, "paid")).json()["customer_id"];
    std::vector<std::jthread> senders;
    for (const auto& whose : {json{{"id", goes}}, json{{"email", "bob@example.com"}}})
        senders.emplace_back([&, whose](const std::stop_token& enough) {
            for (int n = 0; n < 500 && !enough.stop_requested(); ++n)
                EXPECT_EQ(put(fmt::format("S-{}", n % 40), body(whose, n % 2 == 0 ? "paid" : "sent")).status, 200);
        });
    for (int i = 0; i < 6; ++i) {
        const json terms{{"customer_id", goes}, {"reason", "one"}};
        ASSERT_EQ(boss.http.post(fmt::format("/api/v1/customers/{}/merge", stays), terms).status, 200);
        EXPECT_EQ(center.sql("SELECT count(*) FROM customer_object o JOIN customer c ON c.id = o.customer_id WHERE "
                             "c.merged_into IS NOT NULL"),
                  "0");
        const auto move = boss.http.get(fmt::format("/api/v1/customers/{}/moves", stays)).json()["items"][0]["id"];
        const auto undo = fmt::format("/api/v1/customers/{}/moves/{}/undo", stays, move.get<int>());
        ASSERT_EQ(boss.http.post(undo, json::object()).status, 200);
    }
    senders.clear();
    EXPECT_EQ(center.sql("SELECT count(*) FROM customer"), "2");
}

TEST_F(objects, stay_readable_when_their_kind_changes_and_their_kind_stays_while_they_are_there) {
    const std::int64_t customer = put("A-1", body(ada, "paid")).json()["customer_id"];
    const auto kind = center.admin.get("/api/v1/object-kinds").json()["items"][0];
    const auto path = "/api/v1/object-kinds/" + kind["id"].dump();
    ASSERT_EQ(center.admin
                  .patch(path, {{"fields", {{{"name", "weight"}, {"label", "Weight"}, {"type", "number"}}}}},
                         {{"If-Match", "\"1\""}})
                  .status,
              200);
    const auto kept = of(boss.http, customer)[0];
    EXPECT_EQ(kept["data"], json::object()) << "what nobody declares may be sensitive";
    const json asked{{"fields", {"state"}}, {"reason", "needed_for_request"}};
    const auto shown = boss.http.post("/api/v1/objects/" + kept["id"].dump() + "/unmask", asked);
    EXPECT_EQ(shown.json()["data"], (json{{"state", "paid"}})) << "as it was seen";
    center.mail("mail", "ada@example.com");
    EXPECT_EQ(of(agent.http, customer)[0]["data"], json::object()) << "what nobody declares may be sensitive";
    EXPECT_EQ(put("A-1", body(ada, "sent")).status, 422);
    EXPECT_EQ(center.admin.remove(path, {{"If-Match", "\"2\""}}).status, 409);
    for (const auto* name : {"Order", "my order", "1order", ""}) {
        const auto a = center.admin.post("/api/v1/object-kinds", {{"name", name}, {"title", "x"}});
        EXPECT_TRUE(a.status == 422 || a.status == 409) << name << a.body;
    }
}

} // namespace
} // namespace switchboard::test

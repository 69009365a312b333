// What other systems know of customers, pushed by them.
#include "support/contact_center.hpp"

#include <switchboard/util/time.hpp>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

namespace switchboard::test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAre;

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

TEST_F(objects, that_come_late_make_nobody_known) {
    const std::int64_t customer = put("A-1", body(ada, "paid", "2026-11-02T10:00:00Z")).json()["customer_id"];
    const auto everybody = "SELECT (SELECT count(*) FROM customer) || ' ' || (SELECT count(*) FROM customer_identity)";
    const auto before = center.sql(everybody);
    const json bob{{"email", "bob@example.com"}, {"name", "Bob"}};
    const auto late = put("A-1", body(bob, "sent", "2026-11-01T10:00:00Z")).json();
    EXPECT_EQ(late["outcome"], "older");
    EXPECT_EQ(late["customer_id"], customer);
    EXPECT_EQ(center.sql(everybody), before);
    auto late_line = line("A-1", {{"email", "bob@example.com"}, {"phone", "+493012345678"}}, "sent");
    late_line["observed_at"] = "2026-11-01T10:00:00Z";
    const auto done = in_bulk({late_line, line("A-2", bob, "paid")})["results"];
    EXPECT_EQ(done[0]["outcome"], "older");
    EXPECT_EQ(done[1]["outcome"], "created");
    EXPECT_EQ(center.sql(fmt::format("SELECT name || ' ' || string_agg(value, ' ') FROM customer c "
                                     "JOIN customer_identity i ON i.customer_id = c.id WHERE c.id = {} GROUP BY name",
                                     done[1]["customer_id"].get<std::int64_t>())),
              "Bob bob@example.com")
        << "of what came late nothing is known";
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

    ASSERT_EQ(boss.http.remove("/api/v1/objects/shop/order/A-1").status, 200);
    EXPECT_EQ(boss.http.post(path, asked).status, 404) << "it is no more";
}

TEST_F(objects, stay_masked_for_who_sets_up_their_kind_and_may_not_see_them) {
    put("A-1", body(ada, "paid"));
    const auto role = center.admin.post(
        "/api/v1/roles", {{"name", "Declares"}, {"grants", {{{"permission", "config.objects"}, {"reach", "all"}}}}});
    ASSERT_EQ(role.status, 201) << role.body;
    ASSERT_EQ(center.admin.patch(fmt::format("/api/v1/users/{}", agent.id), {{"roles", {2, role.json()["id"]}}}).status,
              200);
    const auto kind = center.admin.get("/api/v1/object-kinds").json()["items"][0];
    const auto path = "/api/v1/object-kinds/" + kind["id"].dump();
    auto open = kind["fields"], gone = open, more = open;
    open[2]["sensitive"] = false;
    gone.erase(2);
    more.push_back({{"name", "colour"}, {"label", "Colour"}, {"type", "text"}});
    for (const auto& fields : {open, gone}) {
        const auto refused = agent.http.patch(path, {{"fields", fields}});
        EXPECT_EQ(refused.status, 403) << refused.body;
        EXPECT_EQ(refused.json()["errors"][0]["field"], "fields");
    }
    EXPECT_EQ(agent.http.patch(path, {{"fields", more}}).status, 200);
    more[2]["sensitive"] = false;
    EXPECT_EQ(center.admin.patch(path, {{"fields", more}}).status, 200);
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

TEST_F(objects, have_keys_of_any_characters_by_either_way) {
    const std::vector<std::pair<std::string, std::string>> keys{{"2026/11/A-1", "2026%2F11%2FA-1"},
                                                                {"/", "%2F"},
                                                                {"two words", "two%20words"},
                                                                {"..", ".."},
                                                                {".", "%2E"},
                                                                {"a/../b", "a%2F..%2Fb"},
                                                                {"Größe 7", "Gr%C3%B6%C3%9Fe%207"},
                                                                {"50%", "50%25"},
                                                                {"a+b?c#d", "a+b%3Fc%23d"},
                                                                {std::string(200, '/'), [] {
                                                                     std::string all;
                                                                     for (int i = 0; i < 200; ++i) all += "%2f";
                                                                     return all;
                                                                 }()}};
    for (const auto& [key, in_path] : keys) {
        EXPECT_EQ(put(in_path, body(ada, "paid")).json()["outcome"], "created") << key;
        EXPECT_EQ(in_bulk({line(key, ada, "sent")})["updated"], 1) << key << ": the same object";
        EXPECT_EQ(center.sql("SELECT external_key FROM customer_object ORDER BY id DESC LIMIT 1"), key);
        EXPECT_EQ(boss.http.remove("/api/v1/objects/shop/order/" + in_path).json()["outcome"], "removed") << key;
    }
    EXPECT_EQ(boss.http.put("/api/v1/objects/shop%2Forder/A-1", body(ada, "paid")).status, 404)
        << "what is escaped divides nothing";
}

TEST_F(objects, said_to_be_of_two_customers_are_refused_with_both_fields) {
    const std::int64_t bob = put("B-1", body({{"email", "bob@example.com"}}, "paid")).json()["customer_id"];
    put("C-1", body({{"phone", "+49 30 1234567"}}, "paid"));
    const auto fields_of = [](const json& errors) {
        std::vector<std::string> out;
        for (const auto& e : errors) out.push_back(e["field"]);
        return out;
    };
    const json number_and_phone{{"id", bob}, {"phone", "+49 30 1234567"}},
        mail_and_phone{{"email", "bob@example.com"}, {"phone", "+49 30 1234567"}};
    const auto alone = put("A-1", body(number_and_phone, "paid"));
    EXPECT_EQ(alone.status, 422) << alone.body;
    EXPECT_THAT(fields_of(alone.json()["errors"]), ElementsAre("customer.id", "customer.phone"));
    const auto many = in_bulk({line("A-1", mail_and_phone, "paid"), line("A-2", number_and_phone, "paid")});
    EXPECT_EQ(many["refused"], 2);
    EXPECT_THAT(fields_of(many["results"][0]["errors"]), ElementsAre("customer.email", "customer.phone"));
    EXPECT_EQ(center.sql("SELECT count(*) FROM customer_object"), "2");
    EXPECT_EQ(put("A-1", body({{"id", bob}, {"email", "bob@example.com"}}, "paid")).status, 200) << "both are his";
    EXPECT_EQ(put("A-2", body({{"id", bob}, {"email", "new@example.com"}}, "paid")).status, 200) << "nobody's yet";
}

TEST_F(objects, that_are_removed_are_not_brought_back_by_what_was_seen_earlier) {
    const auto remove = [&](const std::string& query = "") {
        return boss.http.remove("/api/v1/objects/shop/order/A-1" + query);
    };
    const std::int64_t customer = put("A-1", body(ada, "paid", "2026-11-01T10:00:00Z")).json()["customer_id"];
    const auto ticket = center.mail("mail", "ada@example.com");
    EXPECT_EQ(remove("?observed_at=2026-10-31T10:00:00Z").json()["outcome"], "older") << "it was seen since";
    EXPECT_EQ(remove("?observed_at=yesterday").json()["errors"][0]["field"], "observed_at");
    const auto gone = remove("?observed_at=2026-11-02T10:00:00Z");
    ASSERT_EQ(gone.status, 200) << gone.body;
    EXPECT_EQ(gone.json()["outcome"], "removed");
    EXPECT_EQ(gone.json()["customer_id"], customer);
    EXPECT_EQ(of(boss.http, customer), json::array());
    EXPECT_EQ(agent.live.until("object.changed")["data"]["ticket_id"], ticket);
    EXPECT_EQ(center.sql("SELECT data || coalesce(told_value, '') FROM customer_object"), "{}")
        << "nothing is known of it";
    EXPECT_EQ(remove().status, 404) << "it is gone";
    EXPECT_EQ(boss.http.remove("/api/v1/objects/shop/order/never").status, 404);

    EXPECT_EQ(put("A-1", body(ada, "sent", "2026-11-02T09:00:00Z")).json()["outcome"], "older") << "came late";
    EXPECT_EQ(of(boss.http, customer), json::array());
    EXPECT_EQ(put("A-1", body(ada, "paid", to_rfc3339(now() + std::chrono::minutes{5}))).json()["outcome"], "created");
    EXPECT_EQ(of(boss.http, customer).size(), 1u);
    EXPECT_EQ(remove().json()["outcome"], "removed") << "whatever the shop's clock says";
}

TEST_F(objects, in_bulk_are_removed_by_a_line_before_they_have_come_too) {
    put("A-1", body(ada, "paid", "2026-11-01T10:00:00Z"));
    const auto gone = [](const std::string& key) {
        return json{{"source", "shop"},
                    {"kind", "order"},
                    {"key", key},
                    {"removed", true},
                    {"observed_at", "2026-11-02T10:00:00Z"}};
    };
    const auto done = in_bulk({gone("A-1"), gone("A-2"), gone("A-1")});
    EXPECT_EQ(done["removed"], 1);
    EXPECT_EQ(done["unchanged"], 2);
    EXPECT_EQ(put("A-2", body(ada, "paid", "2026-11-01T10:00:00Z")).json()["outcome"], "older");
    const json neither{{"source", "shop"}, {"kind", "order"}, {"key", "A-3"}, {"customer", ada}};
    EXPECT_EQ(in_bulk({neither})["results"][0]["errors"][0]["field"], "data");
}

TEST_F(objects, that_were_removed_long_ago_are_forgotten_and_do_not_keep_their_kind) {
    put("A-1", body(ada, "paid")), put("A-2", body(ada, "paid"));
    for (const auto* key : {"A-1", "A-2"})
        ASSERT_EQ(boss.http.remove(std::string{"/api/v1/objects/shop/order/"} + key).status, 200);
    center.sql("UPDATE customer_object SET received_at = now() - interval '31 days' WHERE external_key = 'A-1'");
    eventually([&] { return center.sql("SELECT string_agg(external_key, ' ') FROM customer_object") == "A-2"; },
               "the older is forgotten");
    const auto kind = center.admin.get("/api/v1/object-kinds").json()["items"][0];
    EXPECT_EQ(center.admin.remove("/api/v1/object-kinds/" + kind["id"].dump(), {{"If-Match", "\"1\""}}).status, 204);
}

TEST_F(objects, in_bulk_take_no_idempotency_key) {
    const auto a = boss.http.send("POST", "/api/v1/objects", line("A-1", ada, "paid").dump(),
                                  {{"Content-Type", "application/x-ndjson"}, {"Idempotency-Key", "once"}});
    EXPECT_EQ(a.status, 400) << a.body;
    EXPECT_THAT(a.body, HasSubstr("observed_at"));
    EXPECT_EQ(center.sql("SELECT count(*) FROM customer_object"), "0");
}

TEST_F(objects, that_become_anothers_are_told_to_who_works_for_either) {
    put("A-1", body(ada, "paid"));
    const auto hers = center.mail("mail", "ada@example.com"), his = center.mail("mail", "bob@example.com");
    ASSERT_EQ(put("A-1", body({{"email", "bob@example.com"}}, "paid")).json()["outcome"], "updated");
    std::set<std::int64_t> told;
    while (told.size() < 2) told.insert(agent.live.until("object.changed")["data"]["ticket_id"].get<std::int64_t>());
    EXPECT_EQ(told, (std::set{hers, his}));
}

TEST_F(objects, pushed_since_a_merge_go_back_with_whom_they_were_pushed_for) {
    const std::int64_t stays = put("A-1", body(ada, "paid")).json()["customer_id"];
    const json bob{{"email", "bob@example.com"}};
    const std::int64_t goes = put("B-1", body(bob, "paid")).json()["customer_id"];
    put("B-2", body(bob, "paid"));
    const json terms{{"customer_id", goes}, {"reason", "one"}};
    ASSERT_EQ(boss.http.post(fmt::format("/api/v1/customers/{}/merge", stays), terms).status, 200);
    put("by-address", body(bob, "paid"));
    put("by-number", body({{"id", goes}}, "paid"));
    put("A-2", body(ada, "paid"));
    put("A-3", body({{"id", stays}}, "paid"));
    put("B-2", body(ada, "paid")); // it was hers all the time
    put("B-1", body(bob, "sent"));
    const auto move = boss.http.get(fmt::format("/api/v1/customers/{}/moves", stays)).json()["items"][0]["id"];
    const auto undo = fmt::format("/api/v1/customers/{}/moves/{}/undo", stays, move.get<int>());
    ASSERT_EQ(boss.http.post(undo, json::object()).status, 200);
    const auto keys = [&](std::int64_t customer) {
        std::vector<std::string> out;
        for (const auto& o : of(boss.http, customer)) out.push_back(o["key"]);
        return out;
    };
    EXPECT_THAT(keys(goes), UnorderedElementsAre("B-1", "by-address", "by-number"));
    EXPECT_THAT(keys(stays), UnorderedElementsAre("A-1", "A-2", "A-3", "B-2"));
}

TEST_F(objects, go_with_the_address_that_is_somebody_elses) {
    const json carl{{"email", "carl@example.com"}, {"phone", "+49 30 1234567"}};
    const std::int64_t customer = put("A-1", body(carl, "paid")).json()["customer_id"];
    put("A-2", body({{"phone", "+49 30 1234567"}}, "paid"));
    const auto made =
        boss.http.post(fmt::format("/api/v1/customers/{}/split", customer),
                       {{"identities", {{{"kind", "tel"}, {"value", "+49301234567"}}}}, {"reason", "two"}});
    ASSERT_EQ(made.status, 201) << made.body;
    ASSERT_EQ(of(boss.http, made.json()["id"]).size(), 1u);
    EXPECT_EQ(of(boss.http, made.json()["id"])[0]["key"], "A-2");
    EXPECT_EQ(of(boss.http, customer).size(), 1u);
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
    EXPECT_EQ(of(boss.http, customer).size(), 1u);
    EXPECT_EQ(of(boss.http, other).size(), 2u) << "with what was pushed for that number meanwhile";
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

// Customers noted by hand, merged, split, and all of it undone.
#include "support/contact_center.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace switchboard::test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class customer_moves : public testing::Test {
protected:
    customer_moves() {
        center.gateway("mail", "email", support);
        center.gateway("pbx", "phone", support, {{"settings", {{"default_country", "DE"}}}});
    }

    std::int64_t whose(std::int64_t ticket) const {
        return center.number(fmt::format("SELECT customer_id FROM ticket WHERE id = {}", ticket));
    }
    static std::string path(std::int64_t customer, const std::string& more = "") {
        return fmt::format("/api/v1/customers/{}{}", customer, more);
    }
    json customer(std::int64_t id) const { return boss.http.get(path(id)).json(); }
    static std::vector<std::string> addresses(const json& customer) {
        std::vector<std::string> out;
        for (const auto& i : customer["identities"]) out.push_back(i["value"]);
        return out;
    }
    std::vector<std::int64_t> tickets(std::int64_t id) const {
        std::vector<std::int64_t> out;
        for (const auto& t : boss.http.get(path(id, "/tickets")).json()["items"]) out.push_back(t["id"]);
        return out;
    }
    http_answer merge(std::int64_t stays, std::int64_t goes) const {
        return boss.http.post(path(stays, "/merge"), {{"customer_id", goes}, {"reason", "said so on the phone"}});
    }
    http_answer split(std::int64_t from, const json& identities, const std::string& name = "") const {
        return boss.http.post(path(from, "/split"),
                              {{"identities", identities}, {"name", name}, {"reason", "the number of the neighbour"}});
    }
    std::int64_t last_move(std::int64_t id) const {
        return boss.http.get(path(id, "/moves")).json().at("items").at(0).at("id");
    }
    http_answer undo(std::int64_t id, const json& why = json::object()) const {
        return boss.http.post(path(id, fmt::format("/moves/{}/undo", last_move(id))), why);
    }
    void is_consistent() const {
        EXPECT_EQ(center.sql(R"(
            SELECT count(*) FROM ticket t JOIN customer c ON c.id = t.customer_id WHERE c.merged_into IS NOT NULL)"),
                  "0")
            << "tickets of somebody who is nobody any more";
        EXPECT_EQ(center.sql("SELECT count(*) FROM contact c JOIN ticket t ON t.id = c.ticket_id WHERE c.customer_id "
                             "IS DISTINCT FROM t.customer_id AND c.customer_id IS NOT NULL"),
                  "0");
    }

    contact_center center;
    std::int64_t support = center.queue("Support");
    seat boss = center.sign_in("supervisor");
    seat agent = center.agent("grace", {support});
};

TEST_F(customer_moves, merging_moves_all_and_the_old_number_leads_to_who_stays) {
    const auto mail = center.mail("mail", "ada@example.com"), call = center.call("pbx", "+4930111111");
    const auto ada = whose(mail), caller = whose(call);
    ASSERT_EQ(boss.http.patch(path(caller), {{"notes", "Deaf on the left"}, {"language", "de"}}).status, 200);
    ASSERT_EQ(boss.http.patch(path(ada), {{"language", "en"}}).status, 200);

    const auto preview = boss.http.post(path(ada, "/merge/preview"), {{"customer_id", caller}}).json();
    EXPECT_EQ(preview["identities"], (json{{{"kind", "tel"}, {"value", "+4930111111"}}}));
    EXPECT_EQ(preview["open_tickets"], 1);
    EXPECT_THAT(preview["fills"].dump(), HasSubstr("Deaf on the left"));
    EXPECT_EQ(preview["gives_up"], (json{{{"field", "language"}, {"value", "de"}}}));
    EXPECT_THAT(tickets(ada), ElementsAre(mail)) << "a look changes nothing";

    const auto merged = merge(ada, caller);
    ASSERT_EQ(merged.status, 200) << merged.body;
    EXPECT_THAT(addresses(merged.json()), ElementsAre("ada@example.com", "+4930111111"));
    EXPECT_EQ(merged.json()["notes"], "Deaf on the left");
    EXPECT_EQ(merged.json()["language"], "en");
    EXPECT_THAT(tickets(ada), ElementsAre(call, mail));
    EXPECT_EQ(customer(caller)["id"], ada) << "the old number";
    EXPECT_THAT(tickets(caller), ElementsAre(call, mail));
    EXPECT_EQ(boss.http.get("/api/v1/customers").json()["items"].size(), 1u);
    const auto told = agent.live.until("ticket.changed")["data"];
    EXPECT_EQ(told["ticket"]["customer"]["id"], ada);
    EXPECT_EQ(told["change"], "customer_moved");
    EXPECT_EQ(whose(center.call("pbx", "+4930111111")), ada) << "who calls again is known";
    is_consistent();
}

TEST_F(customer_moves, a_merge_undone_gives_back_what_moved_and_what_came_from_there_since) {
    const auto mail = center.mail("mail", "ada@example.com"), letter = center.mail("mail", "bob@example.com");
    const auto ada = whose(mail), bob = whose(letter);
    ASSERT_EQ(boss.http.patch(path(bob), {{"notes", "Deaf"}, {"timezone", "Europe/Berlin"}}).status, 200);
    ASSERT_EQ(merge(ada, bob).status, 200);
    ASSERT_EQ(boss.http.patch(path(ada), {{"timezone", "Europe/Madrid"}}).status, 200);
    const auto since = center.mail("mail", "bob@example.com", "Again"),
               of_ada = center.mail("mail", "ada@example.com", "Another");

    const auto undone = undo(ada);
    ASSERT_EQ(undone.status, 200) << undone.body;
    EXPECT_EQ(undone.json()["id"], bob);
    EXPECT_THAT(addresses(undone.json()), ElementsAre("bob@example.com"));
    EXPECT_THAT(tickets(bob), UnorderedElementsAre(letter, since));
    EXPECT_THAT(tickets(ada), UnorderedElementsAre(mail, of_ada));
    EXPECT_EQ(customer(ada)["notes"], "") << "filled in by the merge";
    EXPECT_EQ(customer(ada)["timezone"], "Europe/Madrid") << "changed by somebody since";
    EXPECT_EQ(customer(bob)["notes"], "Deaf");
    EXPECT_EQ(undo(ada).status, 409) << "once";
    is_consistent();
}

TEST_F(customer_moves, an_undo_keeps_who_did_it_and_why) {
    const auto ada = whose(center.mail("mail", "ada@example.com")), bob = whose(center.mail("mail", "bob@example.com"));
    ASSERT_EQ(merge(ada, bob).status, 200);
    const auto before = boss.http.get(path(ada, "/moves")).json()["items"][0];
    EXPECT_TRUE(before["undone_by"].is_null());
    EXPECT_EQ(undo(ada, {{"reason", std::string(1001, 'x')}}).json()["errors"][0]["field"], "reason");
    ASSERT_EQ(undo(ada, {{"reason", "they are father and son"}}).status, 200);
    for (const auto either : {ada, bob}) {
        const auto after = boss.http.get(path(either, "/moves")).json()["items"][0];
        EXPECT_EQ(after["undone_by"]["name"], before["by"]["name"]);
        EXPECT_EQ(after["undo_reason"], "they are father and son");
        EXPECT_FALSE(after["undone_at"].is_null());
    }
    ASSERT_EQ(merge(ada, bob).status, 200);
    ASSERT_EQ(undo(ada).status, 200) << "a reason is not asked for";
    EXPECT_EQ(boss.http.get(path(ada, "/moves")).json()["items"][0]["undo_reason"], "");
}

TEST_F(customer_moves, the_company_goes_along_and_comes_back) {
    const auto ada = whose(center.mail("mail", "ada@example.com")), bob = whose(center.mail("mail", "bob@example.com"));
    center.sql(fmt::format("INSERT INTO organization (name) VALUES ('Harbour Books'); UPDATE customer SET "
                           "organization_id = (SELECT max(id) FROM organization) WHERE id = {}",
                           bob));
    const auto preview = boss.http.post(path(ada, "/merge/preview"), {{"customer_id", bob}}).json();
    EXPECT_EQ(preview["fills"], (json{{{"field", "organization"}, {"value", "Harbour Books"}}}));
    EXPECT_EQ(merge(ada, bob).json()["organization"]["name"], "Harbour Books");
    ASSERT_EQ(undo(ada).status, 200);
    EXPECT_TRUE(customer(ada)["organization"].is_null());
    EXPECT_EQ(customer(bob)["organization"]["name"], "Harbour Books");
}

TEST_F(customer_moves, a_split_takes_the_tickets_in_which_nobody_else_wrote) {
    const auto mail = center.mail("mail", "ada@example.com"), call = center.call("pbx", "+4930111111");
    const auto ada = whose(mail), caller = whose(call);
    ASSERT_EQ(merge(ada, caller).status, 200);
    const json number{{{"kind", "tel"}, {"value", "+4930111111"}}};
    const auto preview = boss.http.post(path(ada, "/split/preview"), {{"identities", number}}).json();
    EXPECT_EQ(preview["open_tickets"], 1);

    const auto made = split(ada, number, "Bert Neighbour");
    ASSERT_EQ(made.status, 201) << made.body;
    const std::int64_t bert = made.json()["id"];
    EXPECT_EQ(made.json()["name"], "Bert Neighbour");
    EXPECT_THAT(tickets(bert), ElementsAre(call));
    EXPECT_THAT(tickets(ada), ElementsAre(mail));
    EXPECT_EQ(whose(center.call("pbx", "+4930111111")), bert);

    const auto undone = undo(bert);
    ASSERT_EQ(undone.status, 200) << undone.body;
    EXPECT_EQ(undone.json()["id"], ada);
    EXPECT_THAT(tickets(ada), UnorderedElementsAre(mail, call)) << "all that the other had by then";
    EXPECT_EQ(customer(bert)["id"], ada);
    is_consistent();
}

TEST_F(customer_moves, refuses_what_makes_no_sense_and_says_why) {
    const auto ada = whose(center.mail("mail", "ada@example.com")), bob = whose(center.mail("mail", "bob@example.com"));
    const auto cleo = whose(center.mail("mail", "cleo@example.com")),
               dora = whose(center.mail("mail", "dora@example.com"));
    EXPECT_EQ(merge(ada, ada).status, 409);
    EXPECT_EQ(merge(ada, 999'999).status, 422);
    EXPECT_EQ(merge(999'999, ada).status, 404);
    EXPECT_EQ(split(ada, {{{"kind", "email"}, {"value", "bob@example.com"}}}).status, 422) << "another's";
    EXPECT_EQ(split(ada, {{{"kind", "email"}, {"value", "ada@example.com"}}}).status, 422) << "nothing would be left";
    EXPECT_EQ(split(ada, json::array()).status, 422) << "nothing would move";
    EXPECT_EQ(agent.http.post(path(ada, "/merge"), {{"customer_id", bob}, {"reason", "x"}}).status, 403);

    ASSERT_EQ(merge(ada, bob).status, 200);
    EXPECT_EQ(merge(bob, ada).status, 409) << "they are one already";
    const auto first = last_move(ada);
    ASSERT_EQ(merge(cleo, ada).status, 200);
    EXPECT_THAT(customer(bob)["id"], cleo) << "over two merges";
    const auto late = boss.http.post(path(ada, fmt::format("/moves/{}/undo", first)), json::object());
    EXPECT_EQ(late.status, 409) << "it is of somebody who is another by now";
    const auto others = boss.http.post(path(dora, fmt::format("/moves/{}/undo", first)), json::object());
    EXPECT_EQ(others.status, 404) << "it is another customer's";
    EXPECT_EQ(boss.http.post(path(ada, "/moves/999999/undo"), json::object()).status, 404);
    ASSERT_EQ(undo(cleo).status, 200);
    center.sql("UPDATE customer_move SET moved_at = now() - interval '30 days' WHERE id = " + std::to_string(first));
    const auto old = boss.http.post(path(ada, fmt::format("/moves/{}/undo", first)), json::object());
    EXPECT_EQ(old.status, 409);
    EXPECT_THAT(old.body, HasSubstr("too long ago"));
    is_consistent();
}

TEST_F(customer_moves, lose_nothing_that_comes_in_meanwhile) {
    const auto ada = whose(center.mail("mail", "ada@example.com"));
    auto bob = whose(center.mail("mail", "bob@example.com"));
    std::atomic<bool> stop{false};
    std::vector<std::jthread> senders;
    std::atomic<int> sent{2};
    for (int s = 0; s < 3; ++s)
        senders.emplace_back([&, s] {
            const client own = center.intake;
            for (int n = 0; !stop && n < 200; ++n) {
                const auto mail = fmt::format("From: bob@example.com\r\nTo: help@shop.example\r\nSubject: {0}\r\n"
                                              "Message-ID: <{0}@example.com>\r\n\r\nHello\r\n",
                                              fmt::format("storm-{}-{}", s, n));
                const auto a = own.send("POST", "/api/v1/intake/mail", mail, {{"Content-Type", "message/rfc822"}});
                EXPECT_EQ(a.status, 201) << a.body;
                ++sent;
            }
        });
    for (int i = 0; i < 6; ++i) {
        ASSERT_EQ(merge(ada, bob).status, 200);
        is_consistent();
        ASSERT_EQ(undo(ada).status, 200);
        is_consistent();
    }
    stop = true;
    senders.clear();
    EXPECT_EQ(center.number("SELECT count(*) FROM ticket"), sent);
    EXPECT_EQ(center.sql(fmt::format("SELECT count(*) FROM ticket WHERE customer_id = {}", ada)), "1");
    EXPECT_EQ(center.sql("SELECT count(*) FROM customer"), "2") << "nobody was made anew";
}

TEST_F(customer_moves, two_at_once_are_one) {
    const auto ada = whose(center.mail("mail", "ada@example.com")), bob = whose(center.mail("mail", "bob@example.com"));
    std::vector<int> statuses(4);
    {
        std::vector<std::jthread> at_once;
        for (int i = 0; i < 4; ++i)
            at_once.emplace_back([&, i] { statuses[i] = (i % 2 == 0 ? merge(ada, bob) : merge(bob, ada)).status; });
    }
    EXPECT_EQ(std::ranges::count(statuses, 200), 1);
    EXPECT_EQ(std::ranges::count(statuses, 409), 3);
    EXPECT_EQ(center.sql("SELECT count(*) FROM customer WHERE merged_into IS NOT NULL"), "1");
    is_consistent();
}

TEST_F(customer_moves, suggests_who_may_be_the_same_and_merges_nobody) {
    const auto ada = whose(center.mail("mail", "ada@example.com"));
    ASSERT_EQ(boss.http.patch(path(ada), {{"name", "Ada Lovelace"}}).status, 200);
    const auto made = [&](const json& body) {
        const auto a = boss.http.post("/api/v1/customers", body);
        EXPECT_EQ(a.status, 201) << a.body;
        return a.json()["id"].get<std::int64_t>();
    };
    const auto namesake = made({{"name", "ada lovelace"}});
    const auto by_phone = made({{"name", "A. L."}, {"identities", {{{"kind", "whatsapp"}, {"value", "+4930111111"}}}}});
    ASSERT_EQ(boss.http.post(path(ada, "/identities"), {{"kind", "tel"}, {"value", "0049 30 111111"}}).status, 200);
    made({{"name", "Ada L%"}});
    const auto found = boss.http.get(path(ada, "/duplicates")).json()["items"];
    ASSERT_EQ(found.size(), 2u) << found;
    EXPECT_EQ(found[0]["customer"]["id"], by_phone);
    EXPECT_EQ(found[0]["why"], (json{"has the same number: +4930111111"}));
    EXPECT_EQ(found[1]["customer"]["id"], namesake);
    EXPECT_EQ(agent.http.get(path(ada, "/duplicates")).json()["items"], json::array()) << "of whom he sees nothing";
}

TEST_F(customer_moves, somebody_new_is_noted_down_and_found_by_the_first_call) {
    const auto made = agent.http.post("/api/v1/customers", {{"name", "Carla Cheng"},
                                                            {"timezone", "Europe/Berlin"},
                                                            {"identities",
                                                             {{{"kind", "tel"}, {"value", "030 / 222 222"}},
                                                              {{"kind", "email"}, {"value", " Carla@Example.com "}}}}});
    ASSERT_EQ(made.status, 201) << made.body;
    const std::int64_t carla = made.json()["id"];
    EXPECT_THAT(addresses(made.json()), ElementsAre("carla@example.com", "+4930222222"));
    EXPECT_EQ(made.json()["identities"][0]["verification"], "claimed");
    EXPECT_EQ(agent.http.get(path(carla)).status, 200) << "whoever made her sees her before there is a ticket";
    EXPECT_EQ(whose(center.call("pbx", "+4930222222")), carla);

    const auto twice = agent.http.post(
        "/api/v1/customers", {{"name", "C."}, {"identities", {{{"kind", "email"}, {"value", "carla@example.com"}}}}});
    EXPECT_EQ(twice.status, 409);
    EXPECT_EQ(twice.json()["errors"][0]["field"], "identities[0].value");
    EXPECT_THAT(twice.json()["detail"].dump(), HasSubstr("Carla Cheng"));
    EXPECT_EQ(center.sql("SELECT count(*) FROM customer"), "1") << "nothing was made";
    const json one{{"kind", "email"}, {"value", "new@example.com"}};
    const auto same = agent.http.post("/api/v1/customers", {{"name", "D."}, {"identities", {one, one}}});
    EXPECT_EQ(same.status, 422);
    EXPECT_EQ(same.json()["errors"][0]["field"], "identities[1].value");
    for (const json& wrong :
         {json{{"kind", "email"}, {"value", "carla"}}, json{{"kind", "tel"}, {"value", "12"}},
          json{{"kind", "fax"}, {"value", "call me"}}, json{{"kind", "pigeon"}, {"value", "+4930"}}}) {
        const auto refused = agent.http.post(path(carla, "/identities"), wrong);
        EXPECT_EQ(refused.status, 422) << wrong;
    }
}

TEST_F(customer_moves, an_address_is_confirmed_with_how_and_taken_away_again) {
    const auto ada = whose(center.mail("mail", "ada@example.com"));
    const json confirmed{{"kind", "email"}, {"value", "ada@example.com"}, {"how", "code_read_back"}, {"words", "4711"}};
    ASSERT_EQ(agent.http.post(path(ada, "/identities/confirm"), confirmed).status, 200);
    EXPECT_EQ(customer(ada)["identities"][0]["verification"], "confirmed");
    EXPECT_EQ(customer(ada)["identities"][0]["confirmed_how"], "code_read_back: 4711");
    auto nobodys = confirmed;
    nobodys["value"] = "eve@example.com";
    EXPECT_EQ(agent.http.post(path(ada, "/identities/confirm"), nobodys).status, 422);

    EXPECT_EQ(agent.http.remove(path(ada, "/identities/email/ada@example.com")).status, 403);
    EXPECT_EQ(boss.http.remove(path(ada, "/identities/email/eve@example.com")).status, 404) << "no address of hers";
    ASSERT_EQ(boss.http.remove(path(ada, "/identities/email/ada%40example.com")).status, 200);
    EXPECT_EQ(boss.http.remove(path(ada, "/identities/email/ada%40example.com")).status, 404) << "it is gone";
    EXPECT_TRUE(addresses(customer(ada)).empty());
    EXPECT_NE(whose(center.mail("mail", "ada@example.com", "Again")), ada);
}

} // namespace
} // namespace switchboard::test

// Whose customers an agent sees, and what is told when one changes.
#include "support/contact_center.hpp"

#include <switchboard/store/migrate.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace switchboard::test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;

class customers : public testing::Test {
protected:
    customers() {
        center.gateway("mail", "email", support);
        center.gateway("bills", "email", billing);
        center.gateway("pbx", "phone", billing, {{"settings", {{"default_country", "DE"}}}});
    }

    std::string path_of(std::int64_t ticket) const {
        return "/api/v1/customers/" + center.sql("SELECT customer_id FROM ticket WHERE id = " + std::to_string(ticket));
    }
    /// The ids of who is found.
    static std::vector<std::string> found(const client& who, const std::string& query = "") {
        const auto answer = who.get("/api/v1/customers" + query);
        EXPECT_EQ(answer.status, 200) << answer.body;
        std::vector<std::string> out;
        for (const auto& c : answer.json()["items"]) out.push_back("/api/v1/customers/" + c["id"].dump());
        return out;
    }

    /// Whether the socket has brought news of a customer since it was asked last.
    bool hears_of_customers(seat& who) {
        const auto mark = center.skill("mark " + std::to_string(++marks_));
        bool heard = false;
        who.live.until([&](const json& f) {
            heard = heard || f["type"] == "customer.changed";
            return f["type"] == "config.changed" && f["data"]["kind"] == "skill" && f["data"]["id"] == mark;
        });
        return heard;
    }

    contact_center center;
    int marks_ = 0;
    std::int64_t support = center.queue("Support"), billing = center.queue("Billing");
    seat agent = center.agent("grace", {support});
    client supervisor = center.server.person("supervisor");
};

TEST_F(customers, of_tickets_that_an_agent_sees_are_the_only_ones) {
    const auto own = path_of(center.mail("mail", "ada@example.com"));
    const auto others = path_of(center.mail("bills", "rich@example.com"));
    EXPECT_THAT(found(agent.http), ElementsAre(own));
    EXPECT_THAT(found(supervisor), ElementsAre(others, own));
    EXPECT_THAT(found(agent.http, "?q=rich"), IsEmpty());
    EXPECT_THAT(found(agent.http, "?q=Ada"), ElementsAre(own)) << "both have this name";

    EXPECT_EQ(agent.http.get(own).status, 200);
    for (const auto* more : {"", "/tickets"}) {
        const auto hidden = agent.http.get(others + more);
        const auto none = agent.http.get(std::string{"/api/v1/customers/999999"} + more);
        EXPECT_EQ(hidden.status, 404);
        EXPECT_EQ(hidden.json()["detail"], none.json()["detail"]);
        EXPECT_EQ(supervisor.get(others + more).status, 200);
    }
    const auto changed = agent.http.patch(others, {{"notes", "x"}});
    EXPECT_EQ(changed.status, 404) << changed.body;
    EXPECT_EQ(supervisor.get(others).json()["notes"], "");
}

TEST_F(customers, come_and_go_with_their_tickets) {
    auto owner = center.agent("owner", {support});
    owner.ready();
    const auto ticket = center.mail("mail");
    const auto customer = path_of(ticket);
    owner.take();
    EXPECT_EQ(agent.http.get(customer).status, 200) << "a colleague's, in the same queue";
    ASSERT_EQ(owner.act(ticket, "transfer", {{"queue_id", billing}}).status, 200);
    EXPECT_EQ(agent.http.get(customer).status, 404);
    EXPECT_EQ(owner.http.get(customer).status, 404);
    center.sql("UPDATE ticket SET state = 'active', owner_id = " + std::to_string(agent.id) +
               " WHERE id = " + std::to_string(ticket));
    EXPECT_EQ(agent.http.get(customer).status, 200) << "owned, though in a queue of others";
}

TEST_F(customers, are_noted_down_with_a_number_of_the_country_that_has_given_it_out) {
    center.gateway("us", "phone", billing, {{"settings", {{"default_country", "US"}}}});
    const auto with = [&](const std::string& number) {
        return supervisor.post("/api/v1/customers",
                               {{"name", "Ada"}, {"identities", {{{"kind", "tel"}, {"value", number}}}}});
    };
    const auto made = with("030 1234567");
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.json()["identities"][0]["value"], "+49301234567") << "no number in the United States begins with 0";
    const auto nobodys = with("0001234567");
    EXPECT_EQ(nobodys.status, 422) << nobodys.body;
    EXPECT_EQ(nobodys.json()["errors"][0]["field"], "identities[0].value");
}

TEST_F(customers, belong_to_an_organization_that_is_kept_by_hand) {
    const auto ada = path_of(center.mail("mail", "ada@example.com"));
    const auto rich = path_of(center.mail("bills", "rich@example.com"));
    const auto made =
        supervisor.post("/api/v1/organizations", {{"name", "Analytical Engines"}, {"notes", "pays late"}});
    ASSERT_EQ(made.status, 201) << made.body;
    const auto company = made.json()["id"];
    EXPECT_EQ(supervisor.post("/api/v1/organizations", {{"name", "analytical engines"}}).status, 409) << "looks alike";
    EXPECT_EQ(agent.http.post("/api/v1/organizations", {{"name", "Mine"}}).status, 403);
    EXPECT_EQ(agent.http.get("/api/v1/organizations").json()["items"][0]["notes"], "pays late");

    const auto joined = agent.http.patch(ada, {{"organization_id", company}});
    ASSERT_EQ(joined.status, 200) << joined.body;
    EXPECT_EQ(joined.json()["organization"]["name"], "Analytical Engines");
    const auto of_company = "?organization_id=" + company.dump();
    EXPECT_THAT(found(supervisor, of_company), ElementsAre(ada));
    EXPECT_THAT(found(supervisor, of_company + "&q=rich@example.com"), IsEmpty()) << "known in full, of another";
    EXPECT_THAT(found(agent.http, of_company), ElementsAre(ada));

    const auto nowhere = agent.http.patch(ada, {{"organization_id", 999'999}});
    EXPECT_EQ(nowhere.status, 422) << nowhere.body;
    EXPECT_EQ(nowhere.json()["errors"][0]["field"], "organization_id");
    const auto path = "/api/v1/organizations/" + company.dump();
    EXPECT_EQ(supervisor.remove(path).status, 409) << "somebody belongs to it";
    EXPECT_EQ(agent.http.patch(ada, {{"organization_id", nullptr}}).json()["organization"], nullptr);
    EXPECT_EQ(supervisor.remove(path).status, 204);
}

TEST_F(customers, noted_down_belong_to_an_organization_at_once) {
    const auto company = supervisor.post("/api/v1/organizations", {{"name", "Engines"}}).json()["id"];
    const auto made = supervisor.post("/api/v1/customers", {{"name", "Ada"}, {"organization_id", company}});
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.json()["organization"]["id"], company);
    const auto none = supervisor.post("/api/v1/customers", {{"name", "Ada"}, {"organization_id", 999'999}});
    EXPECT_EQ(none.status, 422);
    EXPECT_EQ(none.json()["errors"][0]["field"], "organization_id");
}

TEST_F(customers, are_found_by_whoever_knows_an_address_or_a_number_in_full) {
    const auto by_mail = path_of(center.mail("bills", "rich@example.com"));
    const auto by_phone = path_of(center.call("pbx", "+4930123456"));
    for (const auto* whole : {"rich@example.com", "%20RICH@Example.COM%20"})
        EXPECT_THAT(found(agent.http, std::string{"?q="} + whole), ElementsAre(by_mail)) << whole;
    for (const auto* whole : {"%2B4930123456", "0049%2030%20123456", "%2B49%20(30)%2012-34-56", "030%20123456"})
        EXPECT_THAT(found(agent.http, std::string{"?q="} + whole), ElementsAre(by_phone)) << whole;
    for (const auto* part : {"rich@example", "rich@", "@example.com", "%2B493012345", "%2B49", "123456", "%25", ""})
        EXPECT_THAT(found(agent.http, std::string{"?q="} + part), IsEmpty()) << part;
    EXPECT_EQ(agent.http.get(by_mail).status, 404) << "an id is nothing that a customer tells";
}

TEST_F(customers, who_are_found_by_an_address_tell_no_more_than_a_name_to_who_does_not_see_them) {
    const auto path = path_of(center.mail("bills", "rich@example.com"));
    const auto second = json{{"kind", "email"}, {"value", "private@example.com"}};
    ASSERT_EQ(supervisor.post(path + "/identities", second).status, 200);
    const json sure{{"kind", "email"}, {"value", "rich@example.com"}, {"how", "checked"}, {"words", "passport seen"}};
    ASSERT_EQ(supervisor.post(path + "/identities/confirm", sure).status, 200);
    ASSERT_EQ(supervisor.patch(path, {{"notes", "owes us"}, {"jurisdiction", "DE"}, {"language", "de"}}).status, 200);
    const auto told = agent.http.get("/api/v1/customers?q=rich@example.com").json()["items"][0];
    EXPECT_EQ(told["notes"], "");
    EXPECT_EQ(told["jurisdiction"], "");
    EXPECT_EQ(told["identities"].size(), 1u) << told;
    EXPECT_EQ(told["identities"][0]["value"], "rich@example.com");
    EXPECT_EQ(told["identities"][0]["confirmed_how"], "");
    EXPECT_THAT(told.dump(), testing::Not(testing::HasSubstr("passport")));
    const auto company = supervisor.post("/api/v1/organizations", {{"name", "Engines"}, {"notes", ""}}).json()["id"];
    ASSERT_EQ(supervisor.patch(path, {{"organization_id", company}}).status, 200);
    EXPECT_THAT(found(agent.http, "?q=rich@example.com&organization_id=" + company.dump()), IsEmpty())
        << "nor where he belongs, one after the other";
    EXPECT_THAT(found(supervisor, "?q=rich@example.com&organization_id=" + company.dump()), ElementsAre(path));
    const auto whole = supervisor.get("/api/v1/customers?q=rich@example.com").json()["items"][0];
    EXPECT_EQ(whole["notes"], "owes us");
    EXPECT_EQ(whole["identities"].size(), 2u);
}

TEST_F(customers, fill_the_pages_of_an_agent_though_others_lie_between) {
    std::vector<std::string> own;
    for (int i = 0; i < 7; ++i) {
        own.insert(own.begin(), path_of(center.mail("mail", "c" + std::to_string(i) + "@example.com")));
        center.mail("bills", "r" + std::to_string(i) + "@example.com");
    }
    std::vector<std::string> seen;
    std::string after;
    for (const std::size_t expected : {3u, 3u, 1u}) {
        const auto answer = agent.http.get("/api/v1/customers?limit=3" + after).json();
        EXPECT_EQ(answer["items"].size(), expected);
        for (const auto& c : answer["items"]) seen.push_back("/api/v1/customers/" + c["id"].dump());
        if (!answer["next"].is_null()) after = "&after=" + answer["next"].get<std::string>();
        EXPECT_EQ(answer["next"].is_null(), expected == 1);
    }
    EXPECT_EQ(seen, own);
}

TEST_F(customers, keep_their_jurisdiction_from_agents) {
    const auto customer = path_of(center.mail("mail"));
    EXPECT_EQ(agent.http.patch(customer, {{"notes", "Likes tea"}, {"language", "de"}}).status, 200);
    const auto refused = agent.http.patch(customer, {{"jurisdiction", "US-NY"}, {"notes", "no"}});
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(refused.json()["errors"][0]["field"], "jurisdiction");
    EXPECT_EQ(supervisor.patch(customer, {{"jurisdiction", "US-NY"}}).status, 200);
    const auto now = agent.http.get(customer).json();
    EXPECT_EQ(now["jurisdiction"], "US-NY");
    EXPECT_EQ(now["notes"], "Likes tea");
}

TEST_F(customers, are_told_of_by_number_and_asked_for_under_ones_own_right) {
    auto other = center.agent("other", {billing});
    const auto customer = path_of(center.mail("mail", "ada@example.com"));
    ASSERT_EQ(agent.http.patch(customer, {{"name", "Ada Lovelace"}, {"notes", "Likes tea"}, {"language", ""}}).status,
              200);
    const auto told = agent.live.until("customer.changed")["data"];
    EXPECT_EQ(told["customer_id"].dump(), customer.substr(customer.rfind('/') + 1));
    EXPECT_EQ(told["version"], 2);
    EXPECT_EQ(told["fields"], (json{"name", "notes"})) << "what was so already has not changed";
    EXPECT_EQ(told.size(), 3u) << told;
    EXPECT_EQ(agent.http.get(customer).json()["name"], "Ada Lovelace");
    EXPECT_EQ(other.http.get(customer).status, 404);
    EXPECT_FALSE(hears_of_customers(other)) << "of somebody of whom he sees nothing";
}

TEST_F(customers, are_told_of_to_who_sees_them_by_any_of_their_tickets_or_made_them) {
    auto biller = center.agent("biller", {billing}), nobody = center.agent("nobody", {center.queue("Other")});
    const auto made = nobody.http.post("/api/v1/customers", {{"name", "Carla"}}).json()["id"].dump();
    EXPECT_TRUE(hears_of_customers(nobody)) << "he has made her";
    EXPECT_FALSE(hears_of_customers(agent));
    ASSERT_EQ(supervisor.patch("/api/v1/customers/" + made, {{"notes", "x"}}).status, 200);
    EXPECT_TRUE(hears_of_customers(nobody));

    const auto ada = path_of(center.mail("mail", "ada@example.com"));
    ASSERT_EQ(path_of(center.mail("bills", "ada@example.com", "Another")), ada);
    ASSERT_EQ(supervisor.patch(ada, {{"notes", "Likes tea"}}).status, 200);
    EXPECT_TRUE(hears_of_customers(agent));
    EXPECT_TRUE(hears_of_customers(biller));
    EXPECT_FALSE(hears_of_customers(nobody));
}

TEST_F(customers, leave_the_log_where_it_told_too_much) {
    center.sql(R"(INSERT INTO event (type, data) VALUES ('customer.changed',
               '{"customer": {"id": 7, "version": 3, "name": "Ada", "notes": "Likes tea"}}'))");
    const auto known = store::read_migrations(store::find_migrations());
    const auto it = std::ranges::find(known, "customer_events", &store::migration::name);
    ASSERT_NE(it, known.end());
    for (int i = 0; i < 2; ++i) center.sql(it->sql);
    EXPECT_EQ(json::parse(center.sql("SELECT data FROM event WHERE type = 'customer.changed'")),
              (json{{"customer_id", 7}, {"version", 3}, {"fields", json::array()}}));
}

TEST_F(customers, agents_search_colleagues_by_name_alone) {
    const auto id = center.admin
                        .post("/api/v1/users", {{"login", "secretlogin"},
                                                {"name", "Grace Hopper"},
                                                {"email", "private@example.com"},
                                                {"roles", an_agent},
                                                {"password", running_server::password}})
                        .json()["id"];
    const auto hits = [&](const client& who, const std::string& q) {
        return who.get("/api/v1/users?q=" + q).json()["items"].size();
    };
    for (const auto* hidden : {"secretlogin", "private@", "example.com"}) {
        EXPECT_EQ(hits(agent.http, hidden), 0u) << hidden;
        EXPECT_EQ(hits(supervisor, hidden), 1u) << hidden;
    }
    EXPECT_EQ(hits(agent.http, "hopper"), 1u);
    const auto shown = agent.http.get("/api/v1/users/" + id.dump()).json();
    EXPECT_EQ(shown["name"], "Grace Hopper");
    EXPECT_EQ(shown["login"], "");
    EXPECT_EQ(shown["email"], "");
    EXPECT_EQ(agent.http.get("/api/v1/users/" + std::to_string(agent.id)).json()["login"], "grace") << "one's own";
}

} // namespace
} // namespace switchboard::test

#include "support/contact_center.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include <algorithm>
#include <random>
#include <thread>

/// What is done to what customers have: within one's authority at once, beyond it by somebody else's approval, and
/// never more than the limits let pass, however it is asked for.
namespace switchboard::test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

class actions : public testing::Test {
protected:
    contact_center center;
    std::int64_t queue = center.queue("Support", {{"ring_s", 600}, {"wrapup_s", 0}}), other = center.queue("Other");
    std::int64_t mailbox = center.gateway("mail", "email", queue, {{"from_address", "help@shop.example"}});
    std::int64_t order_kind = center.make(
        "/api/v1/object-kinds", {{"name", "order"},
                                 {"title", "Order"},
                                 {"fields", {{{"name", "delivered"}, {"label", "Delivered"}, {"type", "date"}}}}});
    std::int64_t refund = center.make(
        "/api/v1/action-kinds", {{"name", "refund"},
                                 {"title", "Refund"},
                                 {"amount_field", "amount"},
                                 {"currency", "EUR"},
                                 {"fields",
                                  {{{"name", "amount"}, {"label", "Amount"}, {"type", "money"}, {"required", true}},
                                   {{"name", "why"}, {"label", "Why"}, {"type", "text"}}}}});
    seat ana = center.agent("ana", {queue}), boss = center.sign_in("supervisor");

    void limit(json whose_and_how_much) const {
        whose_and_how_much["kind_id"] = refund;
        const auto made = center.admin.post("/api/v1/action-limits", whose_and_how_much);
        EXPECT_EQ(made.status, 201) << made.body;
    }
    void agents_may(json how_much) const {
        how_much["role_id"] = 2;
        limit(std::move(how_much));
    }
    void supervisors_may(json how_much) const {
        how_much["role_id"] = 4;
        limit(std::move(how_much));
    }
    std::int64_t taken_by(seat& who, const std::string& from = "ada@example.com") {
        const auto mail = center.mail("mail", from);
        EXPECT_EQ(boss.act(mail, "assign", {{"agent_id", who.id}, {"reason", "knows it"}}).status, 200);
        return mail;
    }
    json of(std::int64_t cents, json more = json::object()) const {
        json out{{"kind_id", refund}, {"form", {{"amount", {{"amount", cents}, {"currency", "EUR"}}}}}};
        out.update(more);
        return out;
    }
    json asked(const seat& who, std::int64_t ticket, std::int64_t cents) const {
        const auto made = who.act(ticket, "actions", of(cents));
        EXPECT_EQ(made.status, 201) << made.body;
        return made.json();
    }
    static http_answer step(const seat& who, const json& action, const std::string& what, json body = json::object()) {
        return who.http.post("/api/v1/actions/" + action["id"].dump() + "/" + what, body);
    }
    std::vector<std::string> told(std::int64_t ticket) const {
        std::vector<std::string> out;
        for (const auto& e : center.admin.get(fmt::format("/api/v1/tickets/{}/timeline", ticket)).json().at("items"))
            if (e["kind"] == "event" && e["event"]["type"] == "action.changed")
                out.push_back(e["event"]["data"]["action"]["state"]);
        return out;
    }
    std::int64_t authorised(const std::string& which = "true") const {
        return center.number("SELECT coalesce(sum(a.amount), 0) FROM action a JOIN ticket t ON t.id = a.ticket_id "
                             "WHERE a.state IN ('authorised', 'confirmed') AND " +
                             which);
    }
};

TEST_F(actions, within_ones_limit_are_authorised_at_once_and_carried_out_by_hand) {
    agents_may({{"per_action", 10'000}});
    const auto ticket = taken_by(ana);
    const auto made = asked(ana, ticket, 10'000);
    EXPECT_EQ(made["state"], "authorised");
    EXPECT_EQ(made["authorised_by"]["name"], "ana");
    EXPECT_EQ(ana.live.until("action.changed")["data"]["action"], made);
    const auto done = step(ana, made, "confirm", {{"reference", "R-77"}});
    ASSERT_EQ(done.status, 200) << done.body;
    EXPECT_EQ(done.json()["state"], "confirmed");
    EXPECT_EQ(ana.http.get(fmt::format("/api/v1/tickets/{}/actions", ticket)).json()["items"],
              json::array({done.json()}));
    EXPECT_THAT(told(ticket), ElementsAre("authorised", "confirmed"));
    EXPECT_EQ(step(ana, made, "confirm").status, 409) << "it is done once";
}

TEST_F(actions, beyond_it_wait_for_somebody_else_who_has_the_authority) {
    agents_may({{"per_action", 10'000}});
    supervisors_may({{"per_action", 500'000}});
    const auto ticket = taken_by(ana);
    const auto made = asked(ana, ticket, 18'000);
    EXPECT_EQ(made["state"], "awaiting_approval");
    EXPECT_EQ(made["exceeded"], "per_action");
    EXPECT_EQ(boss.live.until("action.changed")["data"]["action"], made) << "the supervisor hears of it at once";
    EXPECT_EQ(boss.http.get("/api/v1/actions").json()["items"][0]["ticket"]["id"], ticket);
    EXPECT_EQ(step(ana, made, "approve").status, 403) << "nobody approves his own";
    EXPECT_EQ(step(ana, made, "confirm").status, 409) << "nor carries it out";
    const auto less = step(boss, made, "approve", {{"amount", 15'000}});
    ASSERT_EQ(less.status, 200) << less.body;
    EXPECT_EQ(less.json()["state"], "authorised");
    EXPECT_EQ(less.json()["amount"], 15'000);
    EXPECT_EQ(less.json()["form"]["amount"]["amount"], 15'000);
    EXPECT_EQ(boss.http.get("/api/v1/actions").json()["items"], json::array());
    const auto failed = step(ana, made, "fail", {{"reason", "the card has expired"}});
    EXPECT_EQ(failed.json()["note"], "the card has expired");
    EXPECT_EQ(authorised(), 0) << "what failed counts for nobody";
    EXPECT_THAT(told(ticket), ElementsAre("awaiting_approval", "authorised", "failed"));
}

TEST_F(actions, that_wait_are_refused_with_a_reason_or_withdrawn) {
    supervisors_may({{"per_action", 500'000}});
    const auto ticket = taken_by(ana);
    const auto first = asked(ana, ticket, 100), second = asked(ana, ticket, 100);
    EXPECT_EQ(step(boss, first, "refuse").status, 422) << "why?";
    EXPECT_EQ(step(boss, first, "refuse", {{"reason", "it is worn"}}).json()["note"], "it is worn");
    EXPECT_EQ(step(ana, second, "withdraw").json()["state"], "withdrawn");
    EXPECT_EQ(step(boss, second, "approve").status, 409) << "too late";
}

TEST_F(actions, are_seen_and_done_by_who_sees_the_ticket) {
    agents_may({{"per_action", 10'000}});
    auto ben = center.agent("ben", {other}), cleo = center.agent("cleo", {queue});
    const auto ticket = taken_by(ana);
    const auto path = fmt::format("/api/v1/tickets/{}/actions", ticket);
    const auto made = asked(ana, ticket, 20'000);
    EXPECT_EQ(ben.http.get(path).status, 404);
    EXPECT_EQ(ben.http.get("/api/v1/actions").json()["items"], json::array());
    EXPECT_EQ(step(ben, made, "approve").json()["detail"], "there is no such action");
    EXPECT_EQ(cleo.http.get(path).json()["items"].size(), 1u) << "a colleague of the queue reads it";
    EXPECT_EQ(cleo.act(ticket, "actions", of(1)).status, 403) << "and does nothing on another's ticket";
    EXPECT_EQ(step(cleo, made, "approve").status, 403);
}

TEST_F(actions, name_what_is_wrong_with_what_is_asked) {
    agents_may({{"per_action", 10'000}});
    const auto ticket = taken_by(ana);
    const auto wrong = [&](const json& body) {
        const auto answer = ana.act(ticket, "actions", body);
        EXPECT_EQ(answer.status, 422) << body;
        return answer.json()["errors"][0]["field"].get<std::string>();
    };
    EXPECT_EQ(wrong(of(-5)), "form.amount");
    EXPECT_EQ(wrong(of(5, {{"form", {{"amount", 5}}}})), "form.amount");
    EXPECT_EQ(wrong(of(5, {{"form", {{"amount", {{"amount", 5}, {"currency", "USD"}}}}}})), "form.amount");
    EXPECT_EQ(wrong(of(2'000'000'000'000)), "form.amount");
    EXPECT_EQ(wrong(of(5, {{"form", json::object()}})), "form.amount");
    EXPECT_EQ(wrong(of(5, {{"object_id", 1}})), "object_id") << "it is done to none";
    EXPECT_EQ(wrong({{"kind_id", 999}, {"form", json::object()}}), "kind_id");
    EXPECT_EQ(center.number("SELECT count(*) FROM action"), 0);
}

TEST_F(actions, on_an_object_ask_what_is_known_of_it) {
    const auto kind =
        center.make("/api/v1/action-kinds",
                    {{"name", "return"},
                     {"title", "Return"},
                     {"object_kind_id", order_kind},
                     {"conditions",
                      {{{"field", "object.delivered"},
                        {"test", "newer_than_days"},
                        {"value", "30"},
                        {"otherwise", "It was delivered more than 30 days ago; returns are taken for 30."}}}}});
    const auto made = center.admin.post("/api/v1/action-limits", {{"kind_id", kind}, {"role_id", 2}});
    ASSERT_EQ(made.status, 201) << made.body;
    const auto ticket = taken_by(ana);
    const auto customer = center.number("SELECT customer_id FROM ticket WHERE id = " + std::to_string(ticket));
    const auto push = [&](const std::string& key, const std::string& delivered, std::int64_t whose) {
        return center.admin
            .put("/api/v1/objects/shop/order/" + key,
                 {{"customer", {{"id", whose}}}, {"data", {{"delivered", delivered}}}})
            .json()["id"];
    };
    const auto fresh = push("A-1", center.sql("SELECT current_date - 3"), customer),
               old = push("A-2", "2020-01-01", customer);
    const auto another = center.number("SELECT customer_id FROM ticket WHERE id = " +
                                       std::to_string(center.mail("mail", "bob@example.com")));
    const auto bobs = push("B-1", center.sql("SELECT current_date"), another);
    const auto ask = [&](const json& object) {
        return ana.act(ticket, "actions", {{"kind_id", kind}, {"object_id", object}, {"form", json::object()}});
    };
    EXPECT_EQ(ask(fresh).json()["object"]["key"], "A-1");
    EXPECT_EQ(ask(old).status, 409);
    EXPECT_THAT(ask(old).json()["detail"].get<std::string>(), HasSubstr("returns are taken for 30"));
    EXPECT_EQ(ask(bobs).status, 422) << "it is another customer's";
}

TEST_F(actions, are_counted_for_the_day_whatever_they_are_split_into) {
    agents_may({{"per_action", 10'000}, {"per_day", 30'000}});
    const auto ticket = taken_by(ana), second = taken_by(ana, "bob@example.com");
    EXPECT_EQ(asked(ana, ticket, 10'000)["state"], "authorised");
    EXPECT_EQ(asked(ana, second, 10'000)["state"], "authorised");
    EXPECT_EQ(asked(ana, ticket, 9'999)["state"], "authorised");
    const auto last = asked(ana, second, 2);
    EXPECT_EQ(last["exceeded"], "per_day");
    EXPECT_EQ(last["used"], 29'999);
    center.sql("UPDATE action SET authorised_at = authorised_at - interval '25 hours'");
    EXPECT_EQ(asked(ana, second, 10'000)["state"], "authorised") << "a day later";
}

TEST_F(actions, are_counted_for_the_customer_by_whomever_and_follow_a_merge) {
    agents_may({{"per_customer", 10'000}});
    auto cleo = center.agent("cleo", {queue});
    const auto adas = taken_by(ana), carlas = taken_by(cleo, "carla@example.com");
    EXPECT_EQ(asked(ana, adas, 6'000)["state"], "authorised");
    EXPECT_EQ(asked(cleo, carlas, 4'001)["state"], "authorised") << "another customer";
    const auto customer_of = [&](std::int64_t t) {
        return center.number("SELECT customer_id FROM ticket WHERE id = " + std::to_string(t));
    };
    const auto merged = center.admin.post(fmt::format("/api/v1/customers/{}/merge", customer_of(adas)),
                                          {{"customer_id", customer_of(carlas)}, {"reason", "one person"}});
    ASSERT_LT(merged.status, 300) << merged.body;
    const auto beyond = asked(cleo, carlas, 1);
    EXPECT_EQ(beyond["exceeded"], "per_customer");
    EXPECT_EQ(beyond["used"], 10'001);
}

TEST_F(actions, of_a_kind_with_limits_stay_in_its_currency) {
    const auto path = fmt::format("/api/v1/action-kinds/{}", refund);
    EXPECT_EQ(center.admin.patch(path, {{"currency", "CHF"}}).status, 200) << "nothing counts by it yet";
    agents_may({{"per_action", 10'000}});
    const auto no = center.admin.patch(path, {{"currency", "EUR"}});
    EXPECT_EQ(no.status, 422);
    EXPECT_EQ(no.json()["errors"][0]["field"], "currency");
    EXPECT_EQ(center.admin.send("DELETE", path).status, 409) << "a limit refers to it";
}

TEST_F(actions, have_limits_of_a_role_a_person_or_everybody) {
    const auto status = [&](json terms) {
        terms["kind_id"] = refund;
        return center.admin.post("/api/v1/action-limits", terms).status;
    };
    EXPECT_EQ(status({{"user_id", 999'999}}), 422);
    EXPECT_EQ(status({{"user_id", ana.id}, {"per_action", 0}}), 422);
    EXPECT_EQ(status({{"user_id", ana.id}, {"per_action", 700}}), 201);
    EXPECT_EQ(asked(ana, taken_by(ana), 700)["state"], "authorised");
    auto cleo = center.agent("cleo", {queue});
    EXPECT_EQ(asked(cleo, taken_by(cleo, "bob@example.com"), 1)["exceeded"], "no_authority") << "it is Ana's alone";
    EXPECT_EQ(status({{"per_action", 300}}), 201);
    EXPECT_EQ(asked(cleo, taken_by(cleo, "eve@example.com"), 300)["state"], "authorised") << "everybody's";
    EXPECT_EQ(status({{"role_id", 4}, {"user_id", cleo.id}}), 201);
    EXPECT_EQ(asked(cleo, taken_by(cleo, "dan@example.com"), 301)["exceeded"], "per_action") << "she is no supervisor";
}

/// Many tabs at once, on several tickets of one customer: what is counted stands still while it is counted.
TEST_F(actions, asked_for_at_once_are_never_more_than_the_limit) {
    agents_may({{"per_action", 4'000}, {"per_day", 10'000}});
    const auto first = taken_by(ana), second = taken_by(ana);
    constexpr int tabs = 6, each = 4;
    std::vector<std::jthread> threads;
    for (int tab = 0; tab < tabs; ++tab)
        threads.emplace_back([&, tab] {
            for (int i = 0; i < each; ++i)
                EXPECT_EQ(ana.act(tab % 2 ? first : second, "actions", of(4'000)).status, 201);
        });
    threads.clear();
    EXPECT_EQ(authorised(), 8'000) << "two of 40 each, and no third";
    EXPECT_EQ(center.number("SELECT count(*) FROM action WHERE state = 'awaiting_approval'"), tabs * each - 2);
}

/// Requests, approvals, refusals, withdrawals, failures and changes of the limits at once, by a seed that is told.
/// Asked of the ledger afterwards: every sum is within the widest limit that there was, nothing is authorised by who
/// asked for it beyond his own limit, and what ended has ended once.
TEST_F(actions, in_any_order_at_once_stay_within_their_limits) {
    agents_may({{"per_action", 3'000}, {"per_day", 9'000}});
    supervisors_may({{"per_action", 8'000}, {"per_day", 24'000}});
    auto cleo = center.agent("cleo", {queue});
    const auto anas = taken_by(ana), cleos = taken_by(cleo, "carla@example.com");
    const auto daily = center.sql("SELECT id FROM action_limit WHERE role_id = 2");
    const auto seed = std::random_device{}();
    SCOPED_TRACE(fmt::format("seed {}", seed));
    const auto works = [&](unsigned who, const auto& turn) {
        std::mt19937 dice{seed + who};
        for (int i = 0; i < 40; ++i) turn(dice);
    };
    const auto random_action = [&](std::mt19937& dice) {
        return json{{"id", 1 + std::uniform_int_distribution{0, 79}(dice)}};
    };
    const auto agent = [&](const seat& who, std::int64_t ticket) {
        return [&who, ticket, this, random_action](std::mt19937& dice) {
            const auto what = std::uniform_int_distribution{0, 5}(dice);
            if (what < 4)
                who.act(ticket, "actions", of(500 * std::uniform_int_distribution{1, 12}(dice)));
            else
                step(who, random_action(dice), what == 4 ? "withdraw" : "confirm");
        };
    };
    const auto supervisor = [&](std::mt19937& dice) {
        const auto one = random_action(dice);
        switch (std::uniform_int_distribution{0, 3}(dice)) {
        case 0:
            step(boss, one, "refuse", {{"reason", "no"}});
            break;
        case 1:
            step(boss, one, "fail", {{"reason", "no"}});
            break;
        default:
            step(boss, one, "approve");
        }
    };
    {
        std::vector<std::jthread> threads;
        threads.emplace_back([&] { works(1, agent(ana, anas)); });
        threads.emplace_back([&] { works(2, agent(cleo, cleos)); });
        threads.emplace_back([&] { works(3, supervisor); });
        threads.emplace_back([&] {
            works(4, [&](std::mt19937& dice) { // lower only: the widest is what there was at first
                center.admin.patch("/api/v1/action-limits/" + daily,
                                   {{"per_day", 9'000 - 100 * std::uniform_int_distribution{0, 5}(dice)}});
            });
        });
    }
    for (const auto& [person, most] : {std::pair{ana.id, 9'000}, {cleo.id, 9'000}, {boss.id, 24'000}})
        EXPECT_LE(authorised("a.authorised_by = " + std::to_string(person)), most) << person;
    EXPECT_EQ(center.number("SELECT count(*) FROM action WHERE authorised_by = requested_by AND amount > 3000"), 0);
    EXPECT_EQ(
        center.number("SELECT count(*) FROM action WHERE state IN ('refused', 'withdrawn', 'failed', 'confirmed') "
                      "AND ended_by IS NULL"),
        0);
    // Each step has left its event, and each event its step.
    EXPECT_EQ(center.number("SELECT count(*) FROM event WHERE type = 'action.changed'"),
              center.number("SELECT sum(version) FROM action"));
    EXPECT_GT(authorised(), 0);
}

} // namespace
} // namespace switchboard::test

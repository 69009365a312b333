#include "support/contact_center.hpp"

#include <switchboard/util/time.hpp>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include <thread>

/// Promises to come back: they are kept whatever becomes of the ticket, and come back by themselves, once.
namespace switchboard::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::ElementsAre;

class follow_ups : public testing::Test {
protected:
    contact_center center{[](config& c) { c.routing_lease = 1; }};
    std::int64_t queue = center.queue("Support", {{"ring_s", 600}, {"wrapup_s", 0}}), other = center.queue("Other");
    std::int64_t mailbox = center.gateway("mail", "email", queue, {{"from_address", "help@shop.example"}});

    static json in(std::chrono::seconds s, json more = json::object()) {
        json out{{"due_at", to_rfc3339(std::chrono::floor<std::chrono::seconds>(now() + s))},
                 {"channel", "email"},
                 {"reason", "is the line mended?"}};
        out.update(more);
        return out;
    }
    static std::string path(const json& follow_up, const std::string& act) {
        return "/api/v1/follow-ups/" + follow_up["id"].dump() + "/" + act;
    }
    static json promise(const seat& who, std::int64_t ticket, json terms = in(1h)) {
        const auto made = who.act(ticket, "follow-ups", terms);
        EXPECT_EQ(made.status, 201) << made.body;
        return made.json();
    }
    std::string of_ticket(const std::string& what, std::int64_t ticket) const {
        return center.sql("SELECT " + what + " FROM ticket WHERE id = " + std::to_string(ticket));
    }
    std::string of(const json& follow_up, const std::string& what) const {
        return center.sql("SELECT " + what + " FROM follow_up WHERE id = " + follow_up["id"].dump());
    }
    /// As if its time had come so long ago.
    void comes_due(const json& follow_up, const std::string& ago = "1 second") const {
        center.sql("UPDATE follow_up SET due_at = now() - interval '" + ago + "' WHERE id = " + follow_up["id"].dump());
        eventually([&] { return of(follow_up, "state") == "due"; }, "it is due");
    }
    std::int64_t taken(seat& who) {
        const auto mail = center.mail("mail");
        EXPECT_EQ(who.take()["id"], mail);
        return mail;
    }
    std::vector<std::string> told(std::int64_t ticket) const {
        std::vector<std::string> out;
        for (const auto& e : center.admin.get(fmt::format("/api/v1/tickets/{}/timeline", ticket)).json().at("items"))
            if (e["kind"] == "event" && e["event"]["type"].get<std::string>().starts_with("follow_up."))
                out.push_back(e["event"]["type"]);
        return out;
    }
    std::vector<std::string> ledger(std::int64_t ticket) const {
        std::vector<std::string> out;
        for (const auto& e : center.admin.get(fmt::format("/api/v1/tickets/{}/sla", ticket)).json().at("entries"))
            if (e["clock"] == "follow_up") out.push_back(e["kind"]);
        return out;
    }
    static std::vector<json> ids(const json& list) {
        std::vector<json> out;
        for (const auto& one : list) out.push_back(one["id"]);
        return out;
    }
};

TEST_F(follow_ups, are_promised_come_due_with_their_ticket_and_are_kept) {
    auto ana = center.agent("ana", {queue});
    ana.ready();
    const auto mail = taken(ana);
    const auto made = promise(ana, mail, in(1h, {{"said_to", "Ada"}, {"time_zone", "Asia/Kathmandu"}}));
    EXPECT_EQ(made["owner"]["name"], "ana");
    EXPECT_EQ(made["time_zone"], "Asia/Kathmandu");
    EXPECT_EQ(ana.ticket(mail)["follow_ups"], json::array({made}));
    EXPECT_EQ(ana.work()["follow_ups"], json::array()) << "not yet";
    ASSERT_EQ(ana.act(mail, "solve", {{"disposition", "resolved"}}).status, 200);

    comes_due(made);
    EXPECT_EQ(of_ticket("state", mail), "active") << "she is ready for it, so it is hers again";
    EXPECT_THAT(ids(ana.work()["follow_ups"]), ElementsAre(made["id"]));
    EXPECT_EQ(ana.work()["follow_ups"][0]["ticket"]["id"], mail);

    const auto reply = ana.act(mail, "replies", {{"text", "It is mended."}}).json()["contact"]["id"];
    const auto kept = ana.http.post(path(made, "keep"), {{"contact_id", reply}});
    ASSERT_EQ(kept.status, 200) << kept.body;
    EXPECT_EQ(kept.json()["outcome"], "kept");
    EXPECT_EQ(kept.json()["contact_id"], reply);
    EXPECT_EQ(ana.work()["follow_ups"], json::array());
    EXPECT_THAT(told(mail), ElementsAre("follow_up.promised", "follow_up.due", "follow_up.kept"));
    EXPECT_THAT(ledger(mail), ElementsAre("started", "met"));
    EXPECT_THAT(center.server.operators().get("/metrics").body,
                testing::HasSubstr("switchboard_follow_ups_total{outcome=\"kept\"} 1"));
}

TEST_F(follow_ups, are_refused_with_a_time_that_is_over_or_too_far_away_and_take_the_customers_zone) {
    auto ana = center.agent("ana", {queue});
    ana.ready();
    const auto mail = taken(ana);
    center.sql("UPDATE customer SET timezone = 'America/New_York'");
    for (const auto when : {std::chrono::seconds{-60}, std::chrono::seconds{std::chrono::days{740}}}) {
        const auto no = ana.act(mail, "follow-ups", in(when));
        EXPECT_EQ(no.status, 422) << no.body;
        EXPECT_EQ(no.json()["errors"][0]["field"], "due_at");
    }
    EXPECT_EQ(center.sql("SELECT count(*) FROM follow_up"), "0");
    EXPECT_EQ(promise(ana, mail)["time_zone"], "America/New_York") << "as the customer's file says";
}

TEST_F(follow_ups, are_not_erased_by_the_customers_thanks) {
    auto ana = center.agent("ana", {queue});
    ana.ready();
    const auto mail = taken(ana);
    const auto made = promise(ana, mail);
    ASSERT_EQ(ana.act(mail, "solve", {{"disposition", "resolved"}}).status, 200);
    EXPECT_EQ(center.mail("mail", "ada@example.com", "Re: Help", {{"In-Reply-To", "<in-1@example.com>"}}), mail)
        << "thanks";
    EXPECT_EQ(of(made, "state"), "open");
    ana.take();
    comes_due(made);
    EXPECT_THAT(ids(ana.work()["follow_ups"]), ElementsAre(made["id"]));
}

TEST_F(follow_ups, wait_in_the_queue_for_who_is_not_there) {
    auto ana = center.agent("ana", {queue}), ben = center.agent("ben", {queue});
    ana.ready();
    const auto mail = taken(ana);
    const auto made = promise(ana, mail);
    ASSERT_EQ(ana.act(mail, "hold", {{"until", to_rfc3339(now() + 24h)}}).status, 200);
    ana.presence({{"state", "offline"}});
    comes_due(made);
    EXPECT_EQ(of_ticket("state", mail), "waiting");
    EXPECT_EQ(of_ticket("preferred_agent_id", mail), std::to_string(ana.id)) << "she first";
    EXPECT_EQ(ben.http.post(path(made, "keep")).status, 403) << "it is nobody's work yet";
    ben.ready();
    EXPECT_EQ(ben.take()["id"], mail);
    EXPECT_THAT(ids(ben.work()["follow_ups"]), ElementsAre(made["id"])) << "his now, as the ticket is";
    EXPECT_EQ(ben.http.post(path(made, "keep"), {{"note", "she was out"}}).status, 200);
}

TEST_F(follow_ups, of_somebody_who_was_switched_off_come_to_others) {
    auto ana = center.agent("ana", {queue}), ben = center.agent("ben", {queue});
    ana.ready();
    const auto mail = taken(ana);
    const auto made = promise(ana, mail, in(1h, {{"repeats", "weekly"}}));
    ASSERT_EQ(ana.act(mail, "solve", {{"disposition", "resolved"}}).status, 200);
    ASSERT_EQ(center.admin.patch("/api/v1/users/" + std::to_string(ana.id), {{"active", false}}).status, 200);
    comes_due(made);
    ben.ready();
    EXPECT_EQ(ben.take()["id"], mail);
    ASSERT_EQ(ben.http.post(path(made, "keep")).status, 200);
    EXPECT_EQ(center.sql("SELECT owner_id FROM follow_up WHERE state = 'open'"), std::to_string(ben.id))
        << "the next is his";
}

TEST_F(follow_ups, go_with_the_ticket_to_another_queue) {
    auto ana = center.agent("ana", {queue}), cy = center.agent("cy", {other});
    ana.ready();
    const auto mail = taken(ana);
    const auto made = promise(ana, mail);
    const auto seen_by = [](const seat& who) { return ids(who.http.get("/api/v1/follow-ups").json()["items"]); };
    EXPECT_THAT(seen_by(ana), ElementsAre(made["id"]));
    EXPECT_THAT(seen_by(cy), ElementsAre());
    ASSERT_EQ(ana.act(mail, "transfer", {{"queue_id", other}}).status, 200);
    EXPECT_THAT(seen_by(ana), ElementsAre());
    EXPECT_THAT(seen_by(cy), ElementsAre(made["id"]));
    EXPECT_EQ(ana.http.post(path(made, "keep")).status, 404);
    cy.ready();
    cy.take();
    EXPECT_EQ(cy.http.post(path(made, "drop"), {{"reason", "she has moved away"}}).status, 200);
    EXPECT_EQ(of(made, "outcome IS NULL"), "t") << "before its time";
}

TEST_F(follow_ups, are_on_the_desk_of_who_sees_the_ticket_and_of_nobody_else) {
    const auto coming = [](const client& who) { return ids(who.get("/api/v1/me/work").json()["follow_ups"]); };
    const auto supervisor = center.server.person("supervisor"); // a member of no queue
    const auto promised = supervisor.post(fmt::format("/api/v1/tickets/{}/follow-ups", center.mail("mail")), in(5min));
    ASSERT_EQ(promised.status, 201) << promised.body;
    EXPECT_THAT(coming(supervisor), ElementsAre(promised.json()["id"]));
    ASSERT_EQ(supervisor.post(path(promised.json(), "drop"), {{"reason", "it works again"}}).status, 200);

    auto ana = center.agent("ana", {queue}), ben = center.agent("ben", {queue});
    ana.ready();
    const auto mail = ana.take()["id"].get<std::int64_t>();
    const auto made = promise(ana, mail, in(5min));
    EXPECT_THAT(coming(ana.http), ElementsAre(made["id"]));
    auto own = json::array();
    for (auto one : center.admin.get("/api/v1/roles/2").json()["grants"]) {
        if (one["permission"] == "ticket.read") one["reach"] = "own";
        own.push_back(one);
    }
    const auto narrow = center.admin.post("/api/v1/roles", {{"name", "Narrow"}, {"grants", own}}).json()["id"];
    ASSERT_EQ(center.admin.patch(fmt::format("/api/v1/users/{}", ana.id), {{"roles", {narrow}}}).status, 200);
    EXPECT_THAT(coming(ana.http), ElementsAre(made["id"]));
    ASSERT_EQ(
        supervisor.post(fmt::format("/api/v1/tickets/{}/assign", mail), {{"agent_id", ben.id}, {"reason", "knows it"}})
            .status,
        200);
    EXPECT_THAT(coming(ana.http), ElementsAre()) << "Ben has it now, and she sees her own only";
    EXPECT_THAT(coming(ben.http), ElementsAre(made["id"]));
}

TEST_F(follow_ups, are_listed_in_the_order_of_their_times_by_cursor) {
    auto ana = center.agent("ana", {queue}), ben = center.agent("ben", {queue});
    ana.ready();
    const auto mail = taken(ana);
    const auto second = promise(ana, mail, in(2h)), first = promise(ana, mail, in(1h)),
               third = promise(ana, mail, in(3h));
    const auto page = [](const seat& who, const std::string& query) {
        return who.http.get("/api/v1/follow-ups?" + query).json();
    };
    const auto one = page(ana, "owner_id=me&limit=2");
    EXPECT_THAT(ids(one["items"]), ElementsAre(first["id"], second["id"]));
    const auto two = page(ana, "owner_id=me&limit=2&after=" + one["next"].get<std::string>());
    EXPECT_THAT(ids(two["items"]), ElementsAre(third["id"]));
    EXPECT_EQ(two["next"], nullptr);
    EXPECT_EQ(page(ben, fmt::format("queue_id={}", queue))["items"].size(), 3) << "he sees the ticket";
    ASSERT_EQ(ana.http.post(path(first, "keep")).status, 200);
    EXPECT_THAT(ids(page(ana, "state=done")["items"]), ElementsAre(first["id"]));
    EXPECT_EQ(ana.http.get("/api/v1/follow-ups?after=nowhere").status, 422);
}

TEST_F(follow_ups, that_are_late_or_dropped_when_they_were_due_count_as_that) {
    auto ana = center.agent("ana", {queue});
    ana.ready();
    const auto mail = taken(ana);
    const auto late = promise(ana, mail), broken = promise(ana, mail);
    comes_due(late, "1 hour");
    comes_due(broken);
    EXPECT_EQ(ana.http.post(path(late, "keep")).json()["outcome"], "late");
    EXPECT_EQ(ana.http.post(path(broken, "drop"), {{"reason", "nobody had time"}}).json()["outcome"], "broken");
    EXPECT_THAT(ledger(mail), ElementsAre("started", "started", "breached", "breached"));
}

TEST_F(follow_ups, that_repeat_make_the_next_at_the_same_time_on_the_customers_wall) {
    auto ana = center.agent("ana", {queue});
    ana.ready();
    const auto mail = taken(ana);
    const auto made = promise(ana, mail, in(1h, {{"repeats", "days"}, {"repeat_days", 14}, {"time_zone", "UTC"}}));
    ASSERT_EQ(ana.http.post(path(made, "keep")).status, 200);
    const auto open = ana.ticket(mail)["follow_ups"][0];
    EXPECT_NE(open["id"], made["id"]);
    EXPECT_EQ(parse_rfc3339(open["due_at"].get<std::string>()).value(),
              parse_rfc3339(made["due_at"].get<std::string>()).value() + std::chrono::days{14});
    EXPECT_EQ(ana.http.post(path(open, "drop"), {{"reason", "it holds"}}).status, 200);
    EXPECT_EQ(center.sql("SELECT count(*) FROM follow_up WHERE ended_at IS NULL"), "0");
}

TEST_F(follow_ups, that_a_reply_has_kept_are_to_be_kept_again_when_it_is_taken_back) {
    auto ana = center.agent("ana", {queue});
    ana.ready();
    const auto mail = taken(ana);
    const auto weekly = promise(ana, mail, in(1h, {{"repeats", "weekly"}})), due = promise(ana, mail);
    comes_due(due);
    const auto reply = ana.act(mail, "replies", {{"text", "It is mended."}}).json()["contact"]["id"];
    for (const auto& one : {weekly, due})
        ASSERT_EQ(ana.http.post(path(one, "keep"), {{"contact_id", reply}}).json()["outcome"], "kept");
    ASSERT_EQ(ana.http.post("/api/v1/contacts/" + reply.dump() + "/undo").status, 200);

    EXPECT_EQ(of(weekly, "state"), "open");
    EXPECT_EQ(of(due, "state"), "due");
    EXPECT_EQ(of(due, "outcome IS NULL AND ended_at IS NULL AND contact_id IS NULL"), "t");
    EXPECT_EQ(center.sql("SELECT state FROM follow_up ORDER BY id DESC LIMIT 1"), "dropped")
        << "the next of the series";
    EXPECT_THAT(told(mail), testing::IsSupersetOf({"follow_up.reopened", "follow_up.reopened", "follow_up.dropped"}));
    EXPECT_THAT(ledger(mail), testing::UnorderedElementsAre("started", "started", "met", "started", "met", "resumed",
                                                            "withdrawn", "resumed"));
    const auto by_nothing = ana.http.post(path(due, "keep"), {{"contact_id", reply}});
    EXPECT_EQ(by_nothing.status, 422) << "nobody gets it";
    EXPECT_EQ(by_nothing.json()["errors"][0]["field"], "contact_id");
    EXPECT_EQ(ana.http.post(path(due, "keep"), {{"note", "called her"}}).json()["outcome"], "kept");
}

TEST_F(follow_ups, are_ended_by_one_of_two_who_try_at_once) {
    auto ana = center.agent("ana", {queue});
    auto boss = center.sign_in("supervisor");
    ana.ready();
    const auto mail = taken(ana);
    const auto made = promise(ana, mail, in(1h, {{"repeats", "weekly"}}));
    http_answer by_ana, by_boss;
    {
        pqxx::connection c{center.server.database_url()};
        pqxx::work holder{c};
        holder.exec(fmt::format("SELECT FROM ticket WHERE id = {} FOR UPDATE", mail));
        const auto waiting = [&] { return center.number("SELECT count(*) FROM pg_locks WHERE NOT granted"); };
        std::thread one{[&] { by_ana = ana.http.post(path(made, "keep")); }};
        while (waiting() == 0) std::this_thread::yield();
        std::thread two{[&] { by_boss = boss.http.post(path(made, "keep")); }};
        while (waiting() < 2) std::this_thread::yield();
        holder.commit();
        one.join();
        two.join();
    }
    EXPECT_THAT((std::vector{by_ana.status, by_boss.status}), testing::UnorderedElementsAre(200, 409));
    EXPECT_EQ(center.sql("SELECT count(*) FROM follow_up"), "2") << "it, and one that follows";
}

TEST_F(follow_ups, that_were_changed_meanwhile_are_told_so) {
    auto ana = center.agent("ana", {queue});
    ana.ready();
    const auto made = promise(ana, taken(ana));
    const json later{{"due_at", in(2h)["due_at"]}, {"reason", "she is out"}};
    ASSERT_EQ(ana.http.post(path(made, "move"), later, {{"If-Match", "\"1\""}}).status, 200);
    EXPECT_EQ(ana.http.post(path(made, "keep"), json::object(), {{"If-Match", "\"1\""}}).status, 412);
    EXPECT_EQ(ana.http.post(path(made, "keep"), json::object(), {{"If-Match", "\"2\""}}).status, 200);
}

TEST_F(follow_ups, come_due_once_where_two_nodes_run) {
    running_server second{[](config& c) { c.routing_lease = 1; }, center.server};
    auto ana = center.agent("ana", {queue});
    ana.ready();
    std::vector<json> all;
    for (int i = 0; i < 3; ++i) {
        const auto mail = taken(ana);
        all.push_back(promise(ana, mail));
        ASSERT_EQ(ana.act(mail, "solve", {{"disposition", "resolved"}}).status, 200);
    }
    center.sql("UPDATE follow_up SET due_at = now()");
    for (const auto& one : all) eventually([&] { return of(one, "state") == "due"; }, "it is due");
    EXPECT_EQ(center.sql("SELECT count(*) FROM event WHERE type = 'follow_up.due'"), "3");
    EXPECT_EQ(center.sql("SELECT count(*) FROM event WHERE data->>'change' = 'reopened'"), "3");
}

TEST_F(follow_ups, whose_node_stopped_in_between_come_due_at_its_heir) {
    auto second = std::make_unique<running_server>([](config& c) { c.routing_lease = 1; }, center.server);
    auto ana = center.agent("ana", {queue});
    ana.ready();
    const auto mail = taken(ana);
    const auto made = promise(ana, mail);
    ASSERT_EQ(ana.act(mail, "solve", {{"disposition", "resolved"}}).status, 200);
    pqxx::connection c{center.server.database_url()};
    pqxx::work holder{c}; // nobody gets at the ticket: its turn is left to the next time
    holder.exec(fmt::format("SELECT FROM ticket WHERE id = {} FOR UPDATE", mail));
    center.sql("UPDATE follow_up SET due_at = now()");
    center.server.stop();
    second->stop();
    EXPECT_EQ(of(made, "state"), "open");
    holder.commit();
    running_server heir{[](config& c) { c.routing_lease = 1; }, center.server};
    eventually([&] { return of(made, "state") == "due"; }, "its time has come");
    EXPECT_EQ(center.sql("SELECT count(*) FROM event WHERE type = 'follow_up.due'"), "1");
}

} // namespace
} // namespace switchboard::test

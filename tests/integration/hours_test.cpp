#include "integration/hours_fixture.hpp"

namespace switchboard::test {
namespace {

// Calendars and targets as a configuration ---------------------------------------------------------------------------

class configured_hours : public hours {};

TEST_F(configured_hours, are_kept_whole_and_changed_in_part) {
    const auto made =
        make("calendars", {{"name", "Berlin"},
                           {"timezone", "Europe/Berlin"},
                           {"hours", every_day("09:00", "17:00")},
                           {"special_days",
                            {{{"date", "2026-12-25"}, {"name", "Christmas"}},
                             {{"date", "2026-12-24"}, {"hours", {{{"from", "09:00"}, {"to", "12:00"}}}}}}}});
    EXPECT_EQ(made["hours"], every_day("09:00", "17:00"));
    EXPECT_EQ(made["special_days"][0], (json{{"date", "2026-12-25"}, {"name", "Christmas"}, {"hours", json::array()}}));
    const auto path = "/api/v1/calendars/" + made["id"].dump();
    const auto changed = center.admin.patch(path, {{"timezone", "Asia/Tokyo"}}, {{"If-Match", "\"1\""}});
    ASSERT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(changed.json()["hours"], made["hours"]) << "what is not given stays";
    EXPECT_EQ(changed.json()["version"], 2);
    EXPECT_EQ(center.admin.patch(path, {{"timezone", "UTC"}}, {{"If-Match", "\"1\""}}).status, 412);
    EXPECT_EQ(center.admin.get(path).json(), changed.json());
    EXPECT_EQ(center.admin.get("/api/v1/calendars").json()["items"].size(), 1);

    const auto queue = center.queue("Support", {{"calendar_id", made["id"]}});
    EXPECT_EQ(center.admin.remove(path).status, 409) << "a queue keeps to it";
    ASSERT_EQ(center.admin.patch("/api/v1/queues/" + std::to_string(queue), {{"calendar_id", nullptr}}).status, 200);
    EXPECT_EQ(center.admin.remove(path).status, 204);
    EXPECT_EQ(center.admin.get(path).status, 404);
}

TEST_F(configured_hours, are_refused_with_the_field_that_is_wrong) {
    const auto field = [&](const http_answer& a) {
        return fmt::format("{} {}", a.status, a.status == 422 ? a.json()["errors"][0]["field"].get<std::string>() : "");
    };
    const auto posted = [&](json terms) {
        terms.update({{"name", "Bad"}, {"timezone", terms.value("timezone", "UTC")}});
        return field(center.admin.post("/api/v1/calendars", terms));
    };
    EXPECT_EQ(posted({{"timezone", "Mars/Olympus"}}), "422 timezone");
    EXPECT_EQ(posted({{"hours", {{{"day", "mon"}, {"from", "09:00"}, {"to", "25:00"}}}}}), "422 hours[0].to");
    EXPECT_EQ(posted({{"hours", {{{"day", "Monday"}, {"from", "09:00"}, {"to", "12:00"}}}}}), "422 hours[0].day");
    EXPECT_EQ(posted({{"special_days", {{{"date", "2026-13-01"}}}}}), "422 special_days[0].date");
    EXPECT_EQ(center.admin.get("/api/v1/calendars").json()["items"], json::array()) << "nothing was kept of them";

    const auto fine = calendar(every_day("09:00", "12:00"));
    EXPECT_EQ(field(center.admin.patch("/api/v1/calendars/" + std::to_string(fine), {{"timezone", "Nowhere"}})),
              "422 timezone");
    EXPECT_EQ(field(center.admin.post("/api/v1/queues", {{"name", "Q"}, {"calendar_id", 999'999}})), "422 calendar_id");
    EXPECT_EQ(center.admin.post("/api/v1/calendars", {{"name", "Hours"}, {"timezone", "UTC"}}).status, 409)
        << "the name is taken";

    const auto queue = center.queue("Support");
    const auto target = [&](json terms) {
        terms.update({{"queue_id", terms.value("queue_id", queue)}});
        return field(center.admin.post("/api/v1/sla-targets", terms));
    };
    EXPECT_EQ(target({{"first_answer_s", 0}}), "422 first_answer_s");
    EXPECT_EQ(target(json::object()), "422 first_answer_s");
    EXPECT_EQ(target({{"first_answer_s", 60}, {"priority", 10}}), "422 priority");
    EXPECT_EQ(target({{"first_answer_s", 60}, {"solution_s", 30}}), "422 solution_s");
    EXPECT_EQ(target({{"first_answer_s", 60}, {"queue_id", 999'999}}), "422 queue_id");
    make("sla-targets", {{"queue_id", queue}, {"first_answer_s", 60}});
    EXPECT_EQ(target({{"first_answer_s", 90}}), "409 ") << "there is one for all priorities already";
    auto agent = center.agent("ana", {queue});
    EXPECT_EQ(agent.http.post("/api/v1/calendars", {{"name", "Mine"}, {"timezone", "UTC"}}).status, 403);
}

// Queues that open and close
// --------------------------------------------------------------------------------------------

class opening_hours : public hours {};

TEST_F(opening_hours, closed_callers_wait_and_are_served_in_their_old_order_when_it_opens) {
    const auto sign = calendar(never);
    const auto queue = center.queue("Support", {{"calendar_id", sign}});
    center.gateway("pbx", "phone", queue);
    center.gateway("mail", "email", queue);
    auto ana = center.agent("ana", {queue});
    ana.ready();
    const auto first = center.call("pbx", "+4930000001"), second = center.call("pbx", "+4930000002");
    const auto letter = center.mail("mail");
    EXPECT_EQ(ana.take()["id"], letter) << "what can wait for an answer is done meanwhile";
    ASSERT_EQ(ana.act(letter, "solve", {{"disposition", "resolved"}}).status, 200);
    EXPECT_EQ(of_ticket("state", first) + of_ticket("state", second), "waitingwaiting");
    EXPECT_EQ(center.number("SELECT count(*) FROM offer"), 1) << "no call was offered";

    reopen(sign, always());
    EXPECT_EQ(ana.take()["id"], first);
    ASSERT_EQ(ana.act(first, "solve", {{"disposition", "resolved"}}).status, 200);
    ASSERT_EQ(ana.act(first, "wrapup-done").status, 200);
    EXPECT_EQ(ana.offered()["ticket"]["id"], second);
}

TEST_F(opening_hours, begin_and_end_by_the_clock) {
    const auto opens = now() + 2s, closes = opens + 3s;
    const auto sign = calendar(every_day(time_of_day(opens), time_of_day(closes)));
    const auto queue = center.queue("Support", {{"calendar_id", sign}});
    center.gateway("pbx", "phone", queue);
    const json two = json::array({{{"channel", "phone"}, {"capacity", 2}, {"weight", 10}}});
    auto ana = center.agent("ana", {queue}, {{"channels", two}});
    ana.ready();
    const auto early = center.call("pbx", "+4930000001");
    EXPECT_EQ(ana.take()["id"], early) << "nobody did anything but wait";
    EXPECT_GE(now(), std::chrono::floor<std::chrono::seconds>(opens)) << "not before it opened";
    eventually([&] { return now() > closes; }, "it closes");
    const auto late = center.call("pbx", "+4930000002");
    eventually(
        [&] {
            const auto explanation = center.admin.get("/api/v1/tickets/" + std::to_string(late) + "/routing").json();
            return explanation.dump().find("the queue is closed") != std::string::npos;
        },
        "the call waits for the queue to open");
    EXPECT_EQ(of_ticket("state", late), "waiting");
}

TEST_F(opening_hours, closed_lead_callers_elsewhere_or_call_them_back_when_it_opens) {
    const auto opens = now() + 6h;
    const auto later = calendar(every_day(time_of_day(opens), time_of_day(opens + 1h)));
    const auto night = center.queue("Night");
    const auto day =
        center.queue("Day", {{"calendar_id", later}, {"closed_action", "overflow"}, {"overflow_queue_id", night}});
    const auto back = center.queue("Back", {{"calendar_id", later}, {"closed_action", "callback"}});
    center.gateway("day", "phone", day);
    center.gateway("back", "phone", back);
    auto owl = center.agent("owl", {night});
    owl.ready();
    const auto call = center.call("day", "+4930000001");
    EXPECT_EQ(owl.offered()["ticket"]["id"], call) << "at night it is theirs";
    const auto wish = center.call("back", "+4930000002");
    eventually([&] { return of_ticket("state", wish) == "held"; }, "the caller is called back");
    EXPECT_EQ(of_ticket("abs(extract(epoch from held_until - '" +
                            to_rfc3339(std::chrono::floor<std::chrono::seconds>(opens)) + "')) < 5",
                        wish),
              "t")
        << "when it opens";
    EXPECT_EQ(of_ticket("sla LIKE '%\"left\"%'", wish), "f") << "that is our doing, so the promise is not stopped";
}

TEST_F(opening_hours, are_known_to_the_next_leader) {
    const auto sign = calendar(never);
    const auto queue = center.queue("Support", {{"calendar_id", sign}});
    center.gateway("pbx", "phone", queue);
    center.gateway("mail", "email", queue);
    auto ana = center.agent("ana", {queue});
    ana.ready();
    const auto call = center.call("pbx");
    center.sql("UPDATE shard_lease SET epoch = epoch + 1, expires_at = now()");
    const auto letter = center.mail("mail");
    EXPECT_EQ(ana.take()["id"], letter) << "by the next leader, which has read all anew";
    EXPECT_EQ(of_ticket("state", call), "waiting");
    reopen(sign, always());
    ASSERT_EQ(ana.act(letter, "solve", {{"disposition", "resolved"}}).status, 200);
    EXPECT_EQ(ana.offered()["ticket"]["id"], call);
}

TEST_F(opening_hours, of_an_agent_are_the_shift) {
    const auto sign = calendar(always());
    const auto queue = center.queue("Support");
    center.gateway("pbx", "phone", queue);
    auto ana = center.agent("ana", {queue}), ben = center.agent("ben", {queue});
    const auto path = "/api/v1/calendars/" + std::to_string(sign) + "/agents";
    const auto put = center.admin.put(path, {{"agent_ids", {ana.id}}});
    ASSERT_EQ(put.status, 200) << put.body;
    EXPECT_EQ(put.json()["items"], json::array({json{{"id", ana.id}, {"name", "ana"}}}));
    EXPECT_EQ(center.admin.put(path, {{"agent_ids", {999'999}}}).status, 422);
    EXPECT_EQ(center.admin.get(path).json(), put.json());
    ana.ready();
    ben.ready();
    const auto on_shift = center.call("pbx", "+4930000001");
    EXPECT_EQ(ana.take()["id"], on_shift);
    ASSERT_EQ(ana.act(on_shift, "solve", {{"disposition", "resolved"}}).status, 200);
    ASSERT_EQ(ana.act(on_shift, "wrapup-done").status, 200);

    const auto ends = now() + 2s;
    reopen(sign, every_day(time_of_day(ends - 1h), time_of_day(ends)));
    eventually([&] { return now() > ends; }, "her shift ends");
    const auto first = center.call("pbx", "+4930000002");
    EXPECT_EQ(ben.take()["id"], first);
    const auto second = center.call("pbx", "+4930000003");
    eventually(
        [&] {
            const auto explanation = center.admin.get("/api/v1/tickets/" + std::to_string(second) + "/routing").json();
            return explanation.dump().find("the shift ends too soon") != std::string::npos;
        },
        "ana is there, but off shift");
    ASSERT_EQ(center.admin.put(path, {{"agent_ids", json::array()}}).status, 200);
    EXPECT_EQ(ana.offered()["ticket"]["id"], second) << "no end of a shift is known any more";
}

} // namespace
} // namespace switchboard::test

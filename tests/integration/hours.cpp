#include "support/contact_center.hpp"

#include "store/run.hpp"

#include <switchboard/store/service_levels.hpp>
#include <switchboard/util/time.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pqxx/pqxx>

#include <thread>

namespace switchboard::test {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

const json never = json::array();

json every_day(const std::string& from, const std::string& to) {
    auto out = json::array();
    for (const auto* day : {"mon", "tue", "wed", "thu", "fri", "sat", "sun"})
        out.push_back({{"day", day}, {"from", from}, {"to", to}});
    return out;
}
json always() {
    return every_day("00:00", "24:00");
}

/// "18:40:18" in UTC.
std::string time_of_day(timestamp t) {
    return to_rfc3339(std::chrono::floor<std::chrono::seconds>(t)).substr(11, 8);
}

class hours : public testing::Test {
protected:
    contact_center center{[](config& c) { c.routing_lease = 1; }};

    json make(const std::string& path, const json& body) {
        const auto answer = center.admin.post("/api/v1/" + path, body);
        EXPECT_EQ(answer.status, 201) << answer.body;
        return answer.json();
    }
    std::int64_t calendar(const json& opens, const std::string& name = "Hours") {
        return make("calendars", {{"name", name}, {"timezone", "UTC"}, {"hours", opens}}).at("id");
    }
    void reopen(std::int64_t calendar, const json& opens) {
        const auto answer = center.admin.patch("/api/v1/calendars/" + std::to_string(calendar), {{"hours", opens}});
        EXPECT_EQ(answer.status, 200) << answer.body;
    }
    std::string of_ticket(const std::string& what, std::int64_t ticket) const {
        return center.sql("SELECT " + what + " FROM ticket WHERE id = " + std::to_string(ticket));
    }
    json ledger(std::int64_t ticket) const {
        const auto answer = center.admin.get("/api/v1/tickets/" + std::to_string(ticket) + "/sla");
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.json();
    }
    /// "first_answer met replied"
    std::vector<std::string> told(std::int64_t ticket) const {
        std::vector<std::string> out;
        for (const auto& e : ledger(ticket)["entries"])
            out.push_back(fmt::format("{} {} {}", e["clock"].get<std::string>(), e["kind"].get<std::string>(),
                                      e["reason"].get<std::string>()));
        return out;
    }
};

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
            const auto story = center.admin.get("/api/v1/tickets/" + std::to_string(late) + "/routing").json();
            return story.dump().find("the queue is closed") != std::string::npos;
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
            const auto story = center.admin.get("/api/v1/tickets/" + std::to_string(second) + "/routing").json();
            return story.dump().find("the shift ends too soon") != std::string::npos;
        },
        "ana is there, but off shift");
    ASSERT_EQ(center.admin.put(path, {{"agent_ids", json::array()}}).status, 200);
    EXPECT_EQ(ana.offered()["ticket"]["id"], second) << "no end of a shift is known any more";
}

// What was promised
// -----------------------------------------------------------------------------------------------------

class promises : public hours {
protected:
    std::int64_t queue_with(const json& target, std::optional<std::int64_t> calendar = {}) {
        const auto queue = center.queue("Support", {{"calendar_id", calendar ? json(*calendar) : json()}});
        auto terms = target;
        terms["queue_id"] = queue;
        make("sla-targets", terms);
        center.gateway("pbx", "phone", queue);
        center.gateway("mail", "email", queue, {{"from_address", "help@shop.example"}});
        return queue;
    }
};

TEST_F(promises, are_told_over_a_tickets_whole_life) {
    const auto queue = queue_with({{"first_answer_s", 3600}, {"solution_s", 7200}});
    auto ana = center.agent("ana", {queue});
    ana.ready();
    const auto ticket = center.mail("mail");
    EXPECT_EQ(of_ticket("due_at = opened_at + interval '1 hour'", ticket), "t");
    EXPECT_EQ(center.number("SELECT count(*) FROM sla_entry"), 0) << "intake writes none";
    EXPECT_THAT(told(ticket), ElementsAre("first_answer started opened", "solution started opened"));
    const auto begun = ledger(ticket);
    EXPECT_THAT(begun["policy"].get<std::string>(), testing::MatchesRegex("target [0-9]+ v1"));
    EXPECT_EQ(begun["entries"][0]["due_at"], ana.http.get("/api/v1/tickets?limit=1").json()["items"][0]["due_at"]);

    ASSERT_EQ(ana.take()["id"], ticket);
    ASSERT_EQ(ana.act(ticket, "hold", {{"until", to_rfc3339(now() + 24h)}}).status, 200);
    EXPECT_EQ(of_ticket("due_at IS NULL AND sla_check_at IS NULL", ticket), "t") << "it is the customer's turn";
    EXPECT_EQ(ana.ticket(ticket)["sla"]["clocks"][0]["state"], "paused");
    center.mail("mail", "ada@example.com", "Re: Help [#" + std::to_string(ticket) + "]");
    EXPECT_EQ(of_ticket("state <> 'held' AND due_at > opened_at + interval '1 hour' AND due_at < now() + "
                        "interval '1 hour'",
                        ticket),
              "t")
        << "it goes on with what was left";
    ASSERT_EQ(ana.take()["id"], ticket);
    const auto sent = ana.act(ticket, "replies", {{"text", "Turn it off and on again."}});
    ASSERT_EQ(sent.status, 201) << sent.body;
    EXPECT_EQ(of_ticket("due_at > opened_at + interval '2 hours'", ticket), "t") << "the solution is due next";
    ASSERT_EQ(ana.act(ticket, "solve", {{"disposition", "resolved"}}).status, 200);
    EXPECT_EQ(of_ticket("due_at IS NULL AND sla_check_at IS NULL", ticket), "t");
    const std::vector<std::string> life{"first_answer started opened",   "solution started opened",
                                        "first_answer paused customer",  "solution paused customer",
                                        "first_answer resumed customer", "solution resumed customer",
                                        "first_answer met replied",      "solution met solved"};
    EXPECT_EQ(told(ticket), life);
    EXPECT_EQ(center.number("SELECT count(*) FROM sla_entry"), 8) << "all of it is written by now";

    ASSERT_EQ(ana.act(ticket, "reopen").status, 200);
    EXPECT_EQ(told(ticket).size(), 10) << "and both begin anew";
    EXPECT_EQ(of_ticket("due_at > now() + interval '59 minutes'", ticket), "t");
}

TEST_F(promises, name_the_version_that_they_were_made_in) {
    const auto queue = queue_with({{"first_answer_s", 3600}});
    const auto target = center.admin.get("/api/v1/sla-targets").json()["items"][0];
    const auto path = "/api/v1/sla-targets/" + target["id"].dump();
    ASSERT_EQ(center.admin.patch(path, {{"first_answer_s", 60}}).json()["version"], 2);
    make("sla-targets", {{"queue_id", queue}, {"priority", 9}, {"first_answer_s", 5}});
    center.rule({{"words", {"fire"}}}, {{"priority", 9}});
    std::int64_t new_one = 0, urgent = 0;
    eventually(
        [&] { // intake reads its configuration a moment after it was changed
            urgent = center.mail("mail", "eve@example.com", "fire");
            new_one = center.mail("mail", "bob@example.com");
            return of_ticket("due_at = opened_at + interval '5 s'", urgent) == "t";
        },
        "the new targets hold");
    EXPECT_EQ(of_ticket("due_at = opened_at + interval '60 s'", new_one), "t");
    EXPECT_EQ(ledger(new_one)["policy"], "target " + target["id"].dump() + " v2");
}

TEST_F(promises, count_business_hours_and_say_when_they_stand_still) {
    const auto opens = now() + 6h;
    const auto queue =
        queue_with({{"first_answer_s", 1800}}, calendar(every_day(time_of_day(opens), time_of_day(opens + 1h))));
    auto ana = center.agent("ana", {queue});
    const auto ticket = center.mail("mail");
    EXPECT_EQ(
        of_ticket("due_at = '" + to_rfc3339(std::chrono::floor<std::chrono::seconds>(opens) + 30min) + "'", ticket),
        "t");
    EXPECT_THAT(told(ticket), ElementsAre("first_answer started opened", "first_answer paused closed"));
    const auto now_is = ana.ticket(ticket)["sla"]["clocks"][0];
    EXPECT_EQ(now_is["state"], "closed");
    EXPECT_EQ(now_is["remaining_s"], 1800);
}

TEST_F(promises, of_a_call_are_kept_when_somebody_takes_it) {
    const auto queue = queue_with({{"first_answer_s", 3600}});
    auto ana = center.agent("ana", {queue});
    ana.ready();
    const auto call = center.call("pbx");
    ASSERT_EQ(ana.take()["id"], call);
    EXPECT_THAT(told(call), ElementsAre("first_answer started opened", "first_answer met taken up"));
}

TEST_F(promises, are_open_again_when_the_answer_is_taken_back) {
    const auto queue = queue_with({{"first_answer_s", 3600}});
    auto ana = center.agent("ana", {queue});
    ana.ready();
    const auto ticket = center.mail("mail");
    const auto due = of_ticket("due_at", ticket);
    ASSERT_EQ(ana.take()["id"], ticket);
    const auto sent = ana.act(ticket, "replies", {{"text", "Oops"}});
    ASSERT_EQ(sent.status, 201) << sent.body;
    EXPECT_EQ(of_ticket("due_at IS NULL", ticket), "t");
    const auto undone = ana.http.post("/api/v1/contacts/" + sent.json()["contact"]["id"].dump() + "/undo");
    ASSERT_EQ(undone.status, 200) << undone.body;
    EXPECT_EQ(of_ticket("due_at", ticket), due);
    EXPECT_THAT(told(ticket), ElementsAre("first_answer started opened", "first_answer met replied",
                                          "first_answer resumed answer taken back"));
}

TEST_F(promises, are_breached_once_however_many_nodes_look) {
    const auto queue = queue_with({{"first_answer_s", 1}});
    auto ana = center.agent("ana", {queue});
    std::vector<std::int64_t> tickets;
    for (int i = 0; i < 40; ++i) tickets.push_back(center.mail("mail", "c" + std::to_string(i) + "@example.com"));
    // Two more nodes beside the server, at full speed.
    const auto look = [&] {
        store::database db{center.server.database_url(), {.connections = 1}};
        store::service_levels levels{db};
        std::size_t found = 0;
        for (const auto end = now() + 3s; now() < end;) {
            asio::io_context io;
            auto done = asio::co_spawn(io, levels.note_breaches(), asio::use_future);
            io.run();
            found += done.get();
        }
        return found;
    };
    std::size_t by_another = 0;
    std::thread another{[&] { by_another = look(); }};
    const auto by_one = look();
    another.join();
    eventually([&] { return center.number("SELECT count(*) FROM ticket WHERE sla_check_at IS NOT NULL") == 0; },
               "all are noticed");
    EXPECT_EQ(center.number("SELECT count(*) FROM sla_entry WHERE kind = 'breached'"), 40);
    EXPECT_EQ(center.number("SELECT count(DISTINCT ticket_id) FROM sla_entry WHERE kind = 'breached'"), 40);
    EXPECT_EQ(center.number("SELECT count(*) FROM event WHERE data->>'change' = 'sla_breached'"), 40);
    EXPECT_LE(by_one + by_another, 40);
    EXPECT_EQ(center.number("SELECT count(*) FROM sla_entry e JOIN ticket t ON t.id = e.ticket_id WHERE e.kind = "
                            "'breached' AND e.at = t.opened_at + interval '1 s'"),
              40)
        << "at the moment they were due, whenever it was noticed";
    const auto frame = ana.live.until(
        [](const json& f) { return f["type"] == "ticket.changed" && f["data"]["change"] == "sla_breached"; });
    EXPECT_FALSE(frame["data"]["ticket"]["due_at"].is_null()) << "it is shown as overdue";
    ana.ready();
    const auto taken = ana.take()["id"].get<std::int64_t>();
    EXPECT_EQ(taken, tickets.front()) << "its place is the old one, and the offer stands";
    ASSERT_EQ(ana.act(taken, "solve", {{"disposition", "resolved"}}).status, 200);
    EXPECT_THAT(told(taken), ElementsAre("first_answer started opened", "first_answer breached not met in time",
                                         "first_answer met solved"));
}

TEST_F(promises, are_never_rewritten) {
    queue_with({{"first_answer_s", 1}});
    center.mail("mail");
    eventually([&] { return center.number("SELECT count(*) FROM sla_entry") == 2; }, "it is missed");
    for (const auto* sql : {"UPDATE sla_entry SET kind = 'met'", "DELETE FROM sla_entry", "TRUNCATE sla_entry"})
        EXPECT_THROW(center.sql(sql), pqxx::sql_error) << sql;
    EXPECT_EQ(center.number("SELECT count(*) FROM sla_entry"), 2);
}

// New terms for what was promised already
// ---------------------------------------------------------------------------------------

class followed : public promises {
protected:
    void becomes(const std::string& what, std::int64_t ticket, const std::string& wanted, const char* why) {
        eventually([&] { return of_ticket(what, ticket) == wanted; }, why);
    }
    std::string target_path() {
        return "/api/v1/sla-targets/" + center.admin.get("/api/v1/sla-targets").json()["items"][0]["id"].dump();
    }
};

TEST_F(followed, by_a_changed_target_and_by_routing_that_serves_what_is_due_first) {
    const auto slow = queue_with({{"first_answer_s", 36'000}});
    const auto fast = center.queue("Fast");
    make("sla-targets", {{"queue_id", fast}, {"first_answer_s", 7'200}});
    center.gateway("fast", "email", fast);
    for (const auto queue : {slow, fast})
        ASSERT_EQ(center.admin.patch("/api/v1/queues/" + std::to_string(queue), {{"order_mode", "edf"}}).status, 200);
    auto ana = center.agent("ana", {slow, fast});
    const auto later = center.mail("mail"), sooner = center.mail("fast", "bob@example.com");
    const auto path = target_path();
    ASSERT_EQ(center.admin.patch(path, {{"first_answer_s", 3'600}}).status, 200);
    becomes("due_at = opened_at + interval '1 hour'", later, "t", "the promise follows");
    EXPECT_THAT(told(later), ElementsAre("first_answer started opened", "first_answer repriced policy changed"));
    const auto entries = ledger(later)["entries"];
    EXPECT_THAT(entries[0]["policy"].get<std::string>(), testing::EndsWith(" v1"));
    EXPECT_THAT(entries[1]["policy"].get<std::string>(), testing::EndsWith(" v2"));
    EXPECT_EQ(entries[1]["target_s"], 3'600);
    EXPECT_EQ(of_ticket("due_at = opened_at + interval '2 hours'", sooner), "t") << "the other queue's stays";
    const auto seen = [&] { // told by the event that moved it
        return center.number("SELECT count(*) FROM event WHERE data->>'change' = 'sla_repriced' AND ticket_id = " +
                             std::to_string(later));
    };
    EXPECT_EQ(seen(), 1);
    ana.ready();
    EXPECT_EQ(ana.take()["id"], later) << "it is due first now";
}

TEST_F(followed, by_hours_that_were_changed_and_by_a_queue_that_gets_or_loses_them) {
    const auto sign = calendar(never);
    const auto queue = queue_with({{"first_answer_s", 3600}}, sign);
    const auto ticket = center.mail("mail");
    EXPECT_EQ(of_ticket("due_at IS NULL", ticket), "t") << "it never opens";
    reopen(sign, always());
    becomes("due_at BETWEEN now() + interval '59 minutes' AND now() + interval '1 hour'", ticket, "t", "it opens");
    EXPECT_THAT(ledger(ticket)["policy"].get<std::string>(),
                testing::EndsWith(", calendar " + std::to_string(sign) + " v2"));
    const auto due = of_ticket("due_at", ticket);

    const auto closed = calendar(never, "Closed");
    const auto path = "/api/v1/queues/" + std::to_string(queue);
    ASSERT_EQ(center.admin.patch(path, {{"calendar_id", closed}}).status, 200);
    becomes("due_at IS NULL", ticket, "t", "it is closed for good");
    ASSERT_EQ(center.admin.patch(path, {{"calendar_id", nullptr}}).status, 200);
    becomes("due_at >= '" + due + "' AND due_at < '" + due + "'::timestamptz + interval '30 s'", ticket, "t",
            "what had run stays run, and it stood still for a moment only");
}

TEST_F(followed, only_where_it_is_still_open) {
    const auto queue = queue_with({{"first_answer_s", 3600}, {"solution_s", 7200}});
    auto ana = center.agent("ana", {queue});
    ana.ready();
    const auto answered = center.mail("mail");
    ASSERT_EQ(ana.take()["id"], answered);
    ASSERT_EQ(ana.act(answered, "replies", {{"text", "Yes."}}).status, 201);
    ASSERT_EQ(center.admin.patch(target_path(), {{"first_answer_s", 60}, {"solution_s", 14'400}}).status, 200);
    becomes("due_at = opened_at + interval '4 hours'", answered, "t", "the solution follows, the answer was given");
    EXPECT_THAT(told(answered), ElementsAre("first_answer started opened", "solution started opened",
                                            "first_answer met replied", "solution repriced policy changed"));
}

TEST_F(followed, by_tickets_that_are_older_than_promises) {
    const auto queue = queue_with({{"first_answer_s", 3600}});
    auto ana = center.agent("ana", {queue});
    ana.ready();
    const auto held = center.mail("mail", "a@example.com");
    ASSERT_EQ(ana.take()["id"], held);
    ASSERT_EQ(ana.act(held, "hold", {{"until", to_rfc3339(now() + 24h)}}).status, 200);
    ana.presence({{"state", "not_ready"}, {"reason", "break"}});
    const auto waiting = center.mail("mail", "b@example.com"), machine = center.mail("mail", "c@example.com");
    // As a database was before it had promises.
    center.sql("UPDATE contact SET flags = '{auto_reply}' WHERE ticket_id = " + std::to_string(machine));
    center.sql("UPDATE ticket SET sla = '', due_at = NULL, sla_check_at = NULL, enqueue_at = now() - interval '30 "
               "minutes'");
    center.sql("SELECT review_promises(ARRAY[" + std::to_string(queue) + "])");
    becomes("due_at = enqueue_at + interval '1 hour' AND sla_check_at = due_at", waiting, "t",
            "it is promised from the beginning of its wait");
    EXPECT_THAT(told(waiting), ElementsAre("first_answer started opened"));
    becomes("sla <> '' AND due_at IS NULL", held, "t", "it waits for the customer");
    EXPECT_THAT(told(held), ElementsAre("first_answer started opened", "first_answer paused customer",
                                        "first_answer started opened", "first_answer paused customer"))
        << "the first two lines are never rewritten, the others are made anew";
    eventually([&] { return center.number("SELECT count(*) FROM promise_review WHERE again") == 0; }, "all are done");
    EXPECT_EQ(of_ticket("sla = ''", machine), "t") << "nobody waits for an answer to a machine's";
}

TEST_F(followed, in_batches_however_many_there_are) {
    const auto queue = queue_with({{"first_answer_s", 3600}});
    const auto q = std::to_string(queue);
    center.sql("INSERT INTO ticket (queue_id, channel, state, solved_at) SELECT " + q +
               ", 'email', 'solved', now() FROM generate_series(1, 25000)"); // more than one look can pass over
    center.sql(
        "WITH made AS (INSERT INTO ticket (queue_id, channel) SELECT " + q +
        ", 'email' FROM generate_series(1, 210) RETURNING id), g AS (SELECT id FROM gateway LIMIT 1) INSERT INTO "
        "contact (gateway_id, external_id, ticket_id, channel, direction, outcome, occurred_at) SELECT g.id, 'old ' || "
        "made.id, made.id, 'email', 'in', 'ticketed', now() FROM made, g");
    ASSERT_EQ(center.admin.patch(target_path(), {{"first_answer_s", 1800}}).status, 200);
    eventually(
        [&] {
            return center.number("SELECT count(*) FROM ticket WHERE due_at = enqueue_at + interval '30 minutes'") ==
                   210;
        },
        "all of them follow");
    EXPECT_EQ(center.number("SELECT count(*) FROM ticket WHERE state = 'solved' AND sla <> ''"), 0);
}

TEST_F(followed, by_callers_who_are_called_back_when_it_opens) {
    const auto opens = now() + 6h;
    const auto sign = calendar(every_day(time_of_day(opens), time_of_day(opens + 1h)));
    const auto back = center.queue("Back", {{"calendar_id", sign}, {"closed_action", "callback"}});
    center.gateway("back", "phone", back);
    const auto wish = center.call("back", "+4930000001"), other = center.call("back", "+4930000002");
    for (const auto call : {wish, other}) becomes("state", call, "held", "the caller is called back");
    center.sql("UPDATE ticket SET held_until = held_until + interval '10 minutes' WHERE id = " + std::to_string(other));
    const auto earlier = now() + 3h;
    reopen(sign, every_day(time_of_day(earlier), time_of_day(earlier + 1h)));
    becomes("abs(extract(epoch from held_until - '" + to_rfc3339(std::chrono::floor<std::chrono::seconds>(earlier)) +
                "')) < 2",
            wish, "t", "when it opens now");
    auto ana = center.agent("ana", {back});
    ana.ready();
    reopen(sign, always());
    EXPECT_EQ(ana.take()["id"], wish) << "it is open: at once";
    EXPECT_EQ(of_ticket("held_until > now() + interval '6 hours'", other), "t") << "he waits for something else";
}

// A ticket that comes elsewhere
// ---------------------------------------------------------------------------------------

class moved_ticket : public promises {
protected:
    /// A queue that answers within four hours, in none by its calendar.
    std::int64_t slow_queue(const json& terms = json::object()) {
        const auto queue = center.queue("Slow", terms);
        slow_target = make("sla-targets", {{"queue_id", queue}, {"first_answer_s", 14'400}})["id"];
        return queue;
    }
    static std::string path(std::int64_t ticket) { return "/api/v1/tickets/" + std::to_string(ticket); }
    std::string policy(std::int64_t ticket) { return ledger(ticket)["policy"]; }
    /// The newest ticket.changed of it.
    json last_change(std::int64_t ticket) {
        return json::parse(center.sql("SELECT data FROM event WHERE type = 'ticket.changed' AND ticket_id = " +
                                      std::to_string(ticket) + " ORDER BY id DESC LIMIT 1"));
    }

    std::int64_t slow_target = 0;
};

TEST_F(moved_ticket, to_another_queue_is_promised_what_is_promised_there) {
    const auto queue = queue_with({{"first_answer_s", 3600}, {"solution_s", 7200}});
    const auto slow = slow_queue();
    const auto ticket = center.mail("mail");
    ASSERT_EQ(center.admin.post(path(ticket) + "/transfer", {{"queue_id", slow}}).status, 200);
    EXPECT_EQ(of_ticket("due_at = opened_at + interval '4 hours' AND sla_check_at = due_at", ticket), "t")
        << "what had run stays run";
    EXPECT_THAT(told(ticket), ElementsAre("first_answer started opened", "solution started opened",
                                          "first_answer repriced transferred", "solution withdrawn transferred"));
    EXPECT_EQ(policy(ticket), "target " + std::to_string(slow_target) + " v1");
    EXPECT_EQ(ledger(ticket)["entries"][2]["policy"], policy(ticket));
    EXPECT_EQ(last_change(ticket)["ticket"]["due_at"], ledger(ticket)["entries"][2]["due_at"]) << "told with the move";

    ASSERT_EQ(center.admin.post(path(ticket) + "/transfer", {{"queue_id", queue}}).status, 200);
    EXPECT_EQ(of_ticket("due_at = opened_at + interval '1 hour'", ticket), "t") << "nothing is gained by a detour";
    ASSERT_EQ(center.admin.patch("/api/v1/sla-targets/" + std::to_string(slow_target), {{"first_answer_s", 60}}).status,
              200);
    eventually([&] { return center.number("SELECT count(*) FROM promise_review WHERE NOT again") == 2; },
               "all queues were gone through");
    EXPECT_EQ(of_ticket("due_at = opened_at + interval '1 hour'", ticket), "t") << "it is not theirs any more";
}

TEST_F(moved_ticket, counts_by_the_hours_of_the_queue_that_it_came_to) {
    queue_with({{"first_answer_s", 3600}});
    const auto opens = now() + 6h;
    const auto shut = calendar(every_day(time_of_day(opens), time_of_day(opens + 1h)));
    const auto slow = slow_queue({{"calendar_id", shut}});
    auto ana = center.agent("ana", {slow});
    const auto ticket = center.mail("mail"), held = center.mail("mail", "bob@example.com");
    ASSERT_EQ(center.admin.post(path(held) + "/assign", {{"agent_id", ana.id}, {"reason", "knows him"}}).status, 200);
    ASSERT_EQ(ana.act(held, "hold", {{"until", to_rfc3339(now() + 24h)}}).status, 200);
    for (const auto id : {ticket, held})
        ASSERT_EQ(center.admin.post(path(id) + "/transfer", {{"queue_id", slow}}).status, 200);
    EXPECT_EQ(of_ticket("due_at > now() + interval '3 days 6 hours'", ticket), "t")
        << "on the fourth day that it opens";
    EXPECT_THAT(told(ticket), ElementsAre("first_answer started opened", "first_answer repriced transferred",
                                          "first_answer paused closed"));
    EXPECT_THAT(told(held), ElementsAre("first_answer started opened", "first_answer paused customer",
                                        "first_answer resumed customer", "first_answer repriced transferred",
                                        "first_answer paused closed"));
    EXPECT_EQ(policy(held), "target " + std::to_string(slow_target) + " v1, calendar " + std::to_string(shut) + " v1");
}

TEST_F(moved_ticket, that_escalates_is_promised_what_its_new_queue_promises_to_its_new_priority) {
    const auto chiefs = center.queue("Chiefs");
    make("sla-targets", {{"queue_id", chiefs}, {"priority", 8}, {"first_answer_s", 600}});
    const auto queue = queue_with({{"first_answer_s", 3600}});
    ASSERT_EQ(center.admin.patch("/api/v1/queues/" + std::to_string(queue), {{"escalation_queue_id", chiefs}}).status,
              200);
    const auto ticket = center.mail("mail");
    ASSERT_EQ(center.admin.post(path(ticket) + "/escalate", {{"reason", "angry"}}).status, 200);
    EXPECT_EQ(of_ticket("due_at = opened_at + interval '10 minutes'", ticket), "t");
    EXPECT_THAT(told(ticket), ElementsAre("first_answer started opened", "first_answer repriced escalated"));
}

TEST_F(moved_ticket, that_overflows_is_promised_what_is_promised_there) {
    const auto slow = slow_queue();
    const auto opens = now() + 6h;
    const auto queue =
        queue_with({{"first_answer_s", 3600}}, calendar(every_day(time_of_day(opens), time_of_day(opens + 1h))));
    ASSERT_EQ(center.admin
                  .patch("/api/v1/queues/" + std::to_string(queue),
                         {{"closed_action", "overflow"}, {"overflow_queue_id", slow}})
                  .status,
              200);
    const auto call = center.call("pbx");
    eventually([&] { return of_ticket("queue_id", call) == std::to_string(slow); }, "routing moves it");
    EXPECT_EQ(of_ticket("due_at > opened_at + interval '4 hours' AND due_at < now() + interval '4 hours'", call), "t")
        << "it stood still until it was moved";
    EXPECT_THAT(told(call), ElementsAre("first_answer started opened", "first_answer paused closed",
                                        "first_answer repriced overflowed", "first_answer resumed open"));
    EXPECT_FALSE(last_change(call)["ticket"]["due_at"].is_null()) << "told with the move";
}

TEST_F(moved_ticket, to_another_priority_is_promised_what_its_queue_promises_to_that) {
    const auto queue = queue_with({{"first_answer_s", 3600}});
    make("sla-targets", {{"queue_id", queue}, {"priority", 9}, {"first_answer_s", 300}});
    auto ana = center.agent("ana", {queue});
    const auto ticket = center.mail("mail");
    const auto version = center.admin.get(path(ticket)).json()["version"].dump();
    EXPECT_EQ(ana.http.patch(path(ticket), {{"priority", 9}}).status, 403) << "it is not hers";
    const auto changed = center.admin.patch(path(ticket), {{"priority", 9}}, {{"If-Match", "\"" + version + "\""}});
    ASSERT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(of_ticket("due_at = opened_at + interval '5 minutes'", ticket), "t");
    EXPECT_EQ(changed.json()["due_at"], last_change(ticket)["ticket"]["due_at"]);
    EXPECT_THAT(told(ticket), ElementsAre("first_answer started opened", "first_answer repriced priority changed"));
    EXPECT_EQ(center.admin.patch(path(ticket), {{"priority", 1}}, {{"If-Match", "\"" + version + "\""}}).status, 412);
    EXPECT_EQ(of_ticket("due_at = opened_at + interval '5 minutes'", ticket), "t");
    ASSERT_EQ(center.admin.patch(path(ticket), {{"tier", 0}}).status, 200);
    ASSERT_EQ(center.admin.patch(path(ticket), {{"priority", 1}}).status, 200);
    ASSERT_EQ(center.admin.patch(path(ticket), {{"priority", 2}}).status, 200);
    EXPECT_EQ(of_ticket("due_at = opened_at + interval '1 hour'", ticket), "t");
    EXPECT_EQ(told(ticket).size(), 3) << "the same is promised to 1 and 2, and a tier is promised nothing";
}

TEST_F(moved_ticket, that_is_solved_keeps_what_was_promised_until_it_is_reopened) {
    const auto queue = queue_with({{"first_answer_s", 3600}});
    make("sla-targets", {{"queue_id", queue}, {"priority", 9}, {"first_answer_s", 300}, {"solution_s", 600}});
    const auto ticket = center.mail("mail");
    ASSERT_EQ(center.admin.post(path(ticket) + "/solve", {{"disposition", "resolved"}}).status, 200);
    ASSERT_EQ(center.admin.patch(path(ticket), {{"priority", 9}}).status, 200);
    EXPECT_THAT(told(ticket), ElementsAre("first_answer started opened", "first_answer met solved"));
    ASSERT_EQ(center.admin.post(path(ticket) + "/reopen").status, 200);
    EXPECT_EQ(of_ticket("due_at = enqueue_at + interval '5 minutes'", ticket), "t");
}

TEST_F(moved_ticket, takes_its_new_place_at_once) {
    const auto queue = queue_with({{"first_answer_s", 3600}});
    auto ana = center.agent("ana", {queue}, {{"channels", json::array({{{"channel", "email"}, {"capacity", 1}}})}});
    ana.ready();
    const auto first = center.mail("mail", "a@example.com"), second = center.mail("mail", "b@example.com"),
               third = center.mail("mail", "c@example.com"), fourth = center.mail("mail", "d@example.com");
    EXPECT_EQ(ana.offered()["ticket"]["id"], first);
    ASSERT_EQ(center.admin.patch(path(fourth), {{"tier", 0}}).status, 200);
    ASSERT_EQ(center.admin.patch("/api/v1/queues/" + std::to_string(queue), {{"order_mode", "aging"}}).status, 200);
    ASSERT_EQ(center.admin.patch(path(third), {{"priority", 9}}).status, 200);
    const auto solve = [&](std::int64_t ticket) {
        ASSERT_EQ(center.admin.post(path(ticket) + "/solve", {{"disposition", "resolved"}}).status, 200);
    };
    solve(first);
    EXPECT_EQ(ana.offered()["ticket"]["id"], fourth) << "the first tier is served first";
    solve(fourth);
    EXPECT_EQ(ana.offered()["ticket"]["id"], third) << "in its tier, priority counts as age";
    solve(third);
    EXPECT_EQ(ana.offered()["ticket"]["id"], second);
}

TEST_F(moved_ticket, takes_its_new_place_when_an_offer_of_it_ends) {
    const auto queue = queue_with({{"first_answer_s", 3600}});
    auto ana = center.agent("ana", {queue}, {{"channels", json::array({{{"channel", "email"}, {"capacity", 1}}})}});
    ana.ready();
    const auto first = center.mail("mail", "a@example.com"), second = center.mail("mail", "b@example.com");
    const auto offer = ana.offered();
    ASSERT_EQ(offer["ticket"]["id"], first);
    ASSERT_EQ(center.admin.patch(path(first), {{"tier", 3}}).status, 200);
    EXPECT_EQ(of_ticket("state", first), "offered") << "the offer stands";
    ASSERT_EQ(ana.decline(offer).status, 200);
    EXPECT_EQ(ana.take()["id"], second);
    auto ben = center.agent("ben", {queue}, {{"channels", json::array({{{"channel", "email"}, {"capacity", 1}}})}});
    const auto third = center.mail("mail", "c@example.com");
    ben.ready();
    EXPECT_EQ(ben.offered()["ticket"]["id"], third) << "the first one came to the last tier";
}

TEST_F(moved_ticket, on_hold_goes_on_by_the_hours_that_it_was_promised_by) {
    const auto sign = calendar(always());
    const auto queue = queue_with({{"first_answer_s", 3600}}, sign);
    auto ana = center.agent("ana", {queue});
    const auto ticket = center.mail("mail");
    ASSERT_EQ(center.admin.post(path(ticket) + "/assign", {{"agent_id", ana.id}, {"reason", "hers"}}).status, 200);
    ASSERT_EQ(ana.act(ticket, "hold", {{"until", to_rfc3339(now() + 24h)}}).status, 200);
    // The moment after the hours were changed: intake reads them, and nobody has looked at the promise yet.
    center.sql("DROP TRIGGER calendar_reviewed ON calendar");
    reopen(sign, never);
    eventually([&] { return of_ticket("due_at IS NULL", center.mail("mail", "bob@example.com")) == "t"; },
               "what comes now is promised by the new hours");
    center.mail("mail", "ada@example.com", "Re: Help [#" + std::to_string(ticket) + "]");
    EXPECT_EQ(of_ticket("state <> 'held' AND due_at > opened_at + interval '1 hour' AND due_at < now() + "
                        "interval '1 hour'",
                        ticket),
              "t");
    EXPECT_THAT(told(ticket), ElementsAre("first_answer started opened", "first_answer paused customer",
                                          "first_answer resumed customer"));
}

} // namespace
} // namespace switchboard::test

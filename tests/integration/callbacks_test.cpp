#include "support/contact_center.hpp"
#include "support/http_sink.hpp"

#include <switchboard/util/hash.hpp>
#include <switchboard/util/time.hpp>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace switchboard::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

class callbacks : public testing::Test {
protected:
    contact_center center{[](config& c) { c.routing_lease = 1; }};
    std::int64_t queue = center.queue("Support", {{"ring_s", 600}, {"wrapup_s", 0}});
    std::int64_t pbx = center.gateway("pbx", "phone", queue), mailbox = center.gateway("mail", "email", queue);

    static std::string later(std::chrono::seconds s) {
        return to_rfc3339(std::chrono::floor<std::chrono::seconds>(now() + s));
    }
    static std::string path(std::int64_t ticket, const std::string& more = "") {
        return "/api/v1/tickets/" + std::to_string(ticket) + "/callback" + more;
    }
    std::string of_ticket(const std::string& what, std::int64_t ticket) const {
        return center.sql("SELECT " + what + " FROM ticket WHERE id = " + std::to_string(ticket));
    }
    json of_callback(std::int64_t ticket) const {
        return center.admin.get("/api/v1/tickets/" + std::to_string(ticket)).json().at("callback");
    }
    /// As if its time had come.
    void comes_due(std::int64_t ticket) const {
        center.sql(
            fmt::format("UPDATE callback SET not_before = now() - interval '1 second' WHERE ticket_id = {0} AND "
                        "ended_at IS NULL; UPDATE ticket SET held_until = now() WHERE id = {0} AND state = 'held'",
                        ticket));
    }
    void becomes(const std::string& what, std::int64_t ticket, const std::string& wanted) const {
        eventually([&] { return of_ticket(what, ticket) == wanted; }, what + " is " + wanted);
    }
    static std::string wrong_field(const http_answer& a) {
        return a.status == 422 ? a.json().at("errors").at(0).at("field").get<std::string>() : std::to_string(a.status);
    }
    std::vector<std::string> told(std::int64_t ticket) const {
        std::vector<std::string> out;
        const auto items = center.admin.get(fmt::format("/api/v1/tickets/{}/timeline", ticket)).json().at("items");
        for (const auto& e : items)
            if (e["kind"] == "event" && !e["event"]["data"].value("callback", json()).is_null())
                out.push_back(e["event"]["data"]["change"]);
        return out;
    }
};

TEST_F(callbacks, come_due_and_go_to_an_agent_by_their_old_place) {
    auto ana = center.agent("ana", {queue});
    ana.ready();
    const auto call = center.call("pbx", "+4930111111");
    ana.take();
    const auto enqueued = of_ticket("enqueue_at", call);
    const auto made = ana.act(call, "callback", {{"not_before", later(2h)}, {"note", "about the kettle"}});
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.json()["phone"], "+4930111111") << "where the caller called from";
    EXPECT_EQ(made.json()["state"], "scheduled");
    EXPECT_EQ(made.json()["requested_by"], "agent");
    EXPECT_EQ(of_ticket("state", call), "held");
    EXPECT_EQ(center.sql("SELECT used FROM agent_load WHERE channel = 'phone'"), "0") << "she is free meanwhile";

    const auto other = center.call("pbx", "+4930222222");
    EXPECT_EQ(ana.take()["id"], other);
    comes_due(call);
    becomes("state", call, "waiting");
    ASSERT_EQ(ana.act(other, "solve", {{"disposition", "resolved"}}).status, 200);
    const auto offered = ana.offered();
    EXPECT_EQ(offered["why"]["work"], "callback") << "so that she knows before she accepts";
    EXPECT_EQ(ana.accept(offered).json()["ticket"]["id"], call);
    EXPECT_EQ(of_ticket("enqueue_at", call), enqueued);

    const auto reached = ana.act(call, "callback/attempts", {{"result", "answered"}, {"note", "it is fixed"}});
    ASSERT_EQ(reached.status, 200) << reached.body;
    EXPECT_EQ(reached.json()["state"], "done");
    EXPECT_EQ(of_ticket("state", call), "active") << "she has the caller on the line";
    const auto seen = ana.ticket(call)["callback"];
    EXPECT_EQ(seen, reached.json());
    ASSERT_EQ(seen["attempts"].size(), 1);
    EXPECT_EQ(seen["attempts"][0]["agent"]["name"], "ana");
    EXPECT_EQ(seen["attempts"][0]["note"], "it is fixed");
    EXPECT_EQ(told(call), (std::vector<std::string>{"callback_scheduled", "callback_done"}));
}

TEST_F(callbacks, are_tried_again_and_then_given_up) {
    auto ana = center.agent("ana", {queue});
    ana.ready();
    const auto call = center.call("pbx");
    ana.take();
    ASSERT_EQ(ana.act(call, "callback", {{"attempts", 2}, {"retry_s", 600}}).status, 201);
    EXPECT_EQ(ana.take()["id"], call) << "now, and she first";
    const auto first = ana.act(call, "callback/attempts", {{"result", "busy"}});
    ASSERT_EQ(first.status, 200) << first.body;
    EXPECT_EQ(first.json()["state"], "scheduled");
    EXPECT_EQ(of_ticket("state", call), "held");
    EXPECT_EQ(of_ticket("abs(extract(epoch from held_until - now()) - 600) < 10", call), "t");
    EXPECT_EQ(ana.act(call, "callback/attempts", {{"result", "busy"}}).status, 409) << "nobody has it now";

    comes_due(call);
    EXPECT_EQ(ana.take()["id"], call);
    const auto second = ana.act(call, "callback/attempts", {{"result", "no_answer"}});
    ASSERT_EQ(second.status, 200) << second.body;
    EXPECT_EQ(second.json()["state"], "failed");
    EXPECT_EQ(second.json()["attempts"].size(), 2);
    EXPECT_EQ(of_ticket("state", call), "active") << "she decides what to do";
    EXPECT_EQ(told(call).back(), "callback_failed");
    EXPECT_EQ(ana.act(call, "callback/attempts", {{"result", "answered"}}).status, 409) << "there is none any more";
}

TEST_F(callbacks, that_nobody_made_in_their_window_are_missed_and_the_ticket_waits_on) {
    const auto held = center.call("pbx", "+4930000001"), waiting = center.call("pbx", "+4930000002");
    ASSERT_EQ(center.admin.post(path(held), {{"not_before", later(1h)}, {"not_after", later(2h)}}).status, 201);
    ASSERT_EQ(center.admin.post(path(waiting), {{"not_after", later(2h)}}).status, 201);
    EXPECT_EQ(of_ticket("state", held) + of_ticket("state", waiting), "heldwaiting");
    center.sql("UPDATE callback SET not_before = now() - interval '1 hour', not_after = now()");
    for (const auto call : {held, waiting}) {
        becomes("(SELECT state FROM callback WHERE ticket_id = ticket.id)", call, "missed");
        EXPECT_EQ(of_ticket("state", call), "waiting");
        EXPECT_EQ(told(call).back(), "callback_missed");
    }
    auto ana = center.agent("ana", {queue});
    ana.ready();
    EXPECT_EQ(ana.take()["id"], held) << "as ordinary work, at its old place";
}

TEST_F(callbacks, whose_window_ends_while_they_ring_may_still_be_taken) {
    auto ana = center.agent("ana", {queue});
    ana.ready();
    const auto call = center.call("pbx");
    ana.take();
    ASSERT_EQ(ana.act(call, "callback", {{"not_after", later(1h)}}).status, 201);
    const auto ringing = ana.offered();
    center.sql(fmt::format("UPDATE callback SET not_before = now() - interval '1 hour', not_after = now() WHERE "
                           "ticket_id = {}",
                           call));
    const auto other = center.mail("mail");
    center.sql(fmt::format("UPDATE ticket SET state = 'held', held_until = now() WHERE id = {}", other));
    becomes("state", other, "waiting"); // so the sweep has seen the window's end, too
    EXPECT_EQ(ana.accept(ringing).status, 200);
    EXPECT_EQ(of_callback(call)["state"], "scheduled");
    EXPECT_EQ(ana.act(call, "callback/attempts", {{"result", "busy"}}).json()["state"], "failed")
        << "there is no time for another";
}

TEST_F(callbacks, can_be_cancelled_and_brought_forward_and_end_with_their_ticket) {
    auto ana = center.agent("ana", {queue});
    ana.ready();
    const auto call = center.call("pbx");
    ana.take();
    ASSERT_EQ(ana.act(call, "callback", {{"not_before", later(2h)}}).status, 201);
    EXPECT_EQ(wrong_field(ana.act(call, "callback")), "409") << "one at a time";
    const auto cancelled = ana.http.remove(path(call));
    ASSERT_EQ(cancelled.status, 200) << cancelled.body;
    EXPECT_EQ(cancelled.json()["state"], "cancelled");
    EXPECT_EQ(ana.take()["id"], call) << "as ordinary work at once";
    EXPECT_EQ(ana.http.remove(path(call)).status, 409);

    ASSERT_EQ(ana.act(call, "callback", {{"not_before", later(2h)}}).status, 201);
    EXPECT_EQ(ana.act(call, "resume").json()["state"], "active") << "her own";
    EXPECT_EQ(center.sql("SELECT not_before <= now() FROM callback WHERE ended_at IS NULL"), "t") << "it is due now";
    ASSERT_EQ(ana.act(call, "solve", {{"disposition", "resolved"}}).status, 200);
    EXPECT_EQ(of_callback(call)["state"], "cancelled");
}

TEST_F(callbacks, are_not_offered_before_their_time_though_the_customer_writes) {
    auto ana = center.agent("ana", {queue});
    ana.ready();
    const auto first = center.mail("mail", "ada@example.com", "Help");
    ana.take();
    ASSERT_EQ(ana.act(first, "callback", {{"phone", "+4930777777"}, {"not_before", later(2h)}}).status, 201);
    EXPECT_EQ(center.mail("mail", "ada@example.com", "Re: Help", {{"In-Reply-To", "<in-1@example.com>"}}), first);
    becomes("state", first, "waiting");
    const auto other = center.mail("mail", "bob@example.com", "Later");
    EXPECT_EQ(ana.take()["id"], other) << "who came after her";
    EXPECT_EQ(of_ticket("state", first), "waiting");
}

TEST_F(callbacks, keep_their_time_in_another_queue) {
    const auto other = center.queue("Other");
    auto ana = center.agent("ana", {queue});
    ana.ready();
    const auto call = center.call("pbx");
    ana.take();
    ASSERT_EQ(ana.act(call, "callback", {{"not_before", later(2h)}}).status, 201);
    const auto until = of_ticket("held_until", call);
    ASSERT_EQ(ana.act(call, "transfer", {{"queue_id", other}}).status, 200);
    EXPECT_EQ(of_ticket("state", call), "held");
    EXPECT_EQ(of_ticket("held_until", call), until);
}

TEST_F(callbacks, are_due_at_once_for_who_calls_again) {
    const auto call = center.call("pbx", "+4930888888");
    ASSERT_EQ(center.intake.post(path(call), {{"not_before", later(2h)}}).status, 201);
    auto ana = center.agent("ana", {queue});
    ana.ready();
    EXPECT_EQ(of_ticket("state", call), "held");
    EXPECT_EQ(center.call("pbx", "+4930888888"), call);
    EXPECT_EQ(ana.take()["id"], call) << "she is on the line";
    EXPECT_EQ(of_callback(call)["state"], "scheduled") << "until the agent says how that went";
}

TEST_F(callbacks, are_asked_for_by_those_who_may_and_in_terms_that_can_be_kept) {
    auto ana = center.agent("ana", {queue}), ben = center.agent("ben", {queue});
    ana.ready();
    const auto call = center.call("pbx");
    ana.take();
    const auto asks = [&](const json& terms) { return wrong_field(ana.act(call, "callback", terms)); };
    EXPECT_EQ(asks({{"phone", "0301234567"}}), "phone");
    EXPECT_EQ(asks({{"phone", "anonymous"}}), "phone");
    EXPECT_EQ(asks({{"not_after", later(-1h)}}), "not_after");
    EXPECT_EQ(asks({{"not_before", later(2h)}, {"not_after", later(1h)}}), "not_after");
    EXPECT_EQ(asks({{"not_before", later(24h * 400)}}), "not_before");
    EXPECT_EQ(asks({{"attempts", 10}}), "attempts");
    EXPECT_EQ(asks({{"attempts", 0}}), "attempts");
    EXPECT_EQ(asks({{"retry_s", 59}}), "retry_s");
    EXPECT_EQ(asks({{"mode", "at_once"}}), "mode");
    EXPECT_EQ(asks({{"mode", "customer_first"}}), "mode") << "no gateway dials";
    EXPECT_EQ(asks({{"when", "now"}}), "when") << "there is no such field";
    EXPECT_EQ(wrong_field(ana.act(call, "callback/attempts", {{"result", "maybe"}})), "result");
    EXPECT_EQ(ana.act(call, "callback/attempts", {{"result", "busy"}}).status, 409) << "none is open";
    EXPECT_EQ(ana.http.post(path(call), json::object(), {{"If-Match", "\"1\""}}).status, 412);
    EXPECT_EQ(of_ticket("state", call), "active") << "nothing was changed";
    EXPECT_EQ(center.sql("SELECT count(*) FROM callback"), "0");

    EXPECT_EQ(ben.act(call, "callback").status, 403) << "it is hers";
    EXPECT_EQ(center.server.stranger().post(path(call)).status, 401);
    const auto reader = center.server.machine({{"name", "reader"}, {"scopes", {"read"}}});
    EXPECT_EQ(reader.post(path(call)).status, 403);
    const auto elsewhere = center.gateway("elsewhere", "phone", queue);
    const auto bound = center.server.machine({{"name", "bound"}, {"scopes", {"intake"}}, {"gateway_ids", {elsewhere}}});
    EXPECT_EQ(bound.post(path(call)).status, 404) << "the caller is another gateway's";
    EXPECT_EQ(center.intake.post(path(call, "/attempts"), {{"result", "busy"}}).status, 403) << "agents call";
    EXPECT_EQ(center.intake.post(path(999'999)).status, 404);
    EXPECT_EQ(center.intake.post("/api/v1/callbacks/999999/result", {{"result", "busy"}}).status, 404);

    const auto mailed = center.mail("mail");
    EXPECT_EQ(wrong_field(center.admin.post(path(mailed))), "phone") << "no number is known";
    EXPECT_EQ(center.admin.post(path(mailed), {{"phone", "+49 (30) 7654321"}}).json()["phone"], "+49307654321");
}

TEST_F(callbacks, are_what_a_caller_gets_who_presses_1) {
    const auto call = center.call("pbx", "+4930333333");
    const auto made = center.intake.post(path(call), {{"not_after", later(1h)}});
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.json()["requested_by"], "customer");
    EXPECT_EQ(made.json()["phone"], "+4930333333");
    auto ana = center.agent("ana", {queue});
    ana.ready();
    EXPECT_EQ(ana.take()["callback"]["id"], made.json()["id"]);
    EXPECT_EQ(of_ticket("sla LIKE '%met%'", call), "f") << "to take it up answers nobody yet";
}

TEST_F(callbacks, are_what_a_closed_queue_promises_where_the_number_is_known) {
    const auto opens = now() + 6h;
    const auto day = to_rfc3339(opens).substr(11, 5), end = to_rfc3339(opens + 1h).substr(11, 5);
    auto hours = json::array();
    for (const auto* d : {"mon", "tue", "wed", "thu", "fri", "sat", "sun"})
        hours.push_back({{"day", d}, {"from", day}, {"to", day < end ? end : "24:00"}});
    const auto calendar =
        center.admin.post("/api/v1/calendars", {{"name", "Day"}, {"timezone", "UTC"}, {"hours", hours}}).json()["id"];
    const auto back = center.queue("Back", {{"calendar_id", calendar}, {"closed_action", "callback"}});
    center.gateway("back", "phone", back);
    const auto known = center.call("back", "+4930444444"), hidden = center.call("back", "anonymous");
    for (const auto call : {known, hidden}) becomes("state", call, "held");
    const auto promised = of_callback(known);
    EXPECT_EQ(promised["requested_by"], "queue");
    EXPECT_EQ(promised["phone"], "+4930444444");
    EXPECT_EQ(promised["not_after"], nullptr);
    EXPECT_EQ(of_ticket("held_until = (SELECT not_before FROM callback WHERE ticket_id = ticket.id)", known), "t");
    EXPECT_EQ(of_callback(hidden), nullptr);
}

// Messages ------------------------------------------------------------------------------------------------------------

class messages : public callbacks {
protected:
    std::int64_t sign =
        center.admin.post("/api/v1/calendars", {{"name", "Never"}, {"timezone", "UTC"}, {"hours", json::array()}})
            .json()["id"];
};

TEST_F(messages, wait_as_work_that_can_wait) {
    const auto night = center.queue("Night", {{"calendar_id", sign}, {"closed_action", "voicemail"}, {"ring_s", 600}});
    center.gateway("night", "phone", night);
    const auto call = center.call("night");
    becomes("left_message", call, "t");
    EXPECT_EQ(of_ticket("state", call), "waiting") << "not put off as a callback is";
    EXPECT_EQ(of_callback(call), nullptr);
    auto ana = center.agent("ana", {night});
    ana.ready();
    const auto offered = ana.offered();
    EXPECT_EQ(offered["why"]["work"], "message");
    const auto taken = ana.accept(offered).json()["ticket"];
    EXPECT_EQ(taken["id"], call) << "though no call is offered while it is closed";
    EXPECT_EQ(taken["left_message"], true);
    EXPECT_EQ(of_ticket("sla LIKE '%taken up%'", call), "f");
    EXPECT_EQ(center.sql(fmt::format("SELECT count(*) FROM sla_entry WHERE ticket_id = {} AND kind = 'met'", call)),
              "0")
        << "who listens to a message has answered nobody";
}

TEST_F(messages, are_calls_again_when_the_caller_rings_again) {
    const auto call = center.call("pbx");
    center.sql("UPDATE ticket SET left_message = true");
    EXPECT_EQ(center.call("pbx"), call);
    EXPECT_EQ(of_ticket("left_message", call), "f");
}

TEST_F(messages, are_asked_for_by_steps) {
    const json steps{{{"after_s", 0}, {"changes", {{{"what", "voicemail"}}}}}};
    const auto busy = center.queue("Busy", {{"steps", steps}});
    center.gateway("busy", "phone", busy);
    const auto call = center.call("busy");
    becomes("left_message", call, "t");
    EXPECT_EQ(of_ticket("state", call), "waiting");
    const auto explanation = center.admin.get(fmt::format("/api/v1/tickets/{}/routing", call)).json();
    EXPECT_THAT(explanation.dump(), testing::HasSubstr("leaves a message"));
}

// The gateway dials ---------------------------------------------------------------------------------------------------

class dialled_callbacks : public callbacks {
protected:
    http_sink switch_;
    std::int64_t dialling = center.gateway(
        "dialler", "phone", queue,
        {{"settings", {{"dial_url", switch_.url("/dial")}, {"secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}}}});
    seat ana = center.agent("ana", {queue},
                            {{"channels", json::array({{{"channel", "phone"}, {"capacity", 3}, {"weight", 100}}})}});

    json promise(std::int64_t call, json terms = json::object()) {
        terms["mode"] = "customer_first";
        const auto made = center.intake.post(path(call), terms);
        EXPECT_EQ(made.status, 201) << made.body;
        return made.json();
    }
    http_answer result(const json& callback, const std::string& how) const {
        return center.intake.post(fmt::format("/api/v1/callbacks/{}/result", callback["id"].get<std::int64_t>()),
                                  {{"result", how}});
    }
};

TEST_F(dialled_callbacks, reach_an_agent_with_the_caller_on_the_line) {
    const auto call = center.call("dialler", "+4930555555");
    const auto enqueued = of_ticket("enqueue_at", call);
    const auto made = promise(call);
    ana.ready();
    const auto order = switch_.next();
    EXPECT_EQ(order.target, "/dial");
    EXPECT_EQ(json::parse(order.body), (json{{"callback_id", made["id"]},
                                             {"attempt", 1},
                                             {"phone", "+4930555555"},
                                             {"ticket_number", std::to_string(call)}}));
    std::string key;
    ASSERT_TRUE(base64_decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", key));
    EXPECT_EQ(order.header("webhook-signature"),
              "v1," + hmac_sha256_base64(key, order.header("webhook-id") + "." + order.header("webhook-timestamp") +
                                                  "." + order.body));
    EXPECT_LT(std::abs(std::stoll(order.header("webhook-timestamp")) - std::time(nullptr)), 60);
    EXPECT_EQ(of_callback(call)["state"], "dialling");
    EXPECT_EQ(of_ticket("state", call), "held");

    const auto answered = result(made, "answered");
    ASSERT_EQ(answered.status, 200) << answered.body;
    EXPECT_EQ(answered.json()["state"], "done");
    EXPECT_EQ(answered.json()["attempts"][0]["agent"], nullptr) << "the gateway made it";
    EXPECT_EQ(ana.take()["id"], call);
    EXPECT_EQ(of_ticket("enqueue_at", call), enqueued);
    EXPECT_EQ(result(made, "answered").status, 409) << "no call is under way any more";
}

TEST_F(dialled_callbacks, are_dialled_no_more_than_calls_can_be_taken) {
    const auto elsewhere = center.queue("Elsewhere");
    center.gateway("elsewhere", "phone", elsewhere);
    const auto sweep_passes = [&](const std::string& caller) {
        const auto other = center.call("elsewhere", caller);
        ASSERT_EQ(center.intake.post(path(other), json::object()).status, 201);
        comes_due(other);
        becomes("state", other, "waiting");
    };
    for (int i = 0; i < 5; ++i) promise(center.call("dialler", fmt::format("+493055555{}", i)));
    sweep_passes("+4930666661");
    EXPECT_EQ(center.sql("SELECT count(*) FROM dial_order"), "0") << "nobody is ready";
    ana.ready();
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(json::parse(switch_.next().body)["phone"], fmt::format("+493055555{}", i)) << "who waits longest";
    sweep_passes("+4930666662");
    EXPECT_EQ(center.sql("SELECT count(*) FROM dial_order"), "3") << "she can take three";
    ASSERT_EQ(result(of_callback(center.number("SELECT min(ticket_id) FROM callback")), "no_answer").status, 200);
    EXPECT_EQ(json::parse(switch_.next().body)["phone"], "+4930555553") << "somebody else's turn";
}

TEST_F(dialled_callbacks, of_a_queue_that_has_nobody_of_its_own_are_dialled_in_time) {
    const auto rest = center.queue("Rest"); // served by what its steps and its overflow lead to
    center.gateway("rest", "phone", rest);
    const auto call = center.call("rest");
    promise(call);
    EXPECT_EQ(json::parse(switch_.next().body)["ticket_number"], std::to_string(call));
}

TEST_F(dialled_callbacks, are_dialled_again_and_given_up_as_others_are) {
    const auto call = center.call("dialler");
    const auto made = promise(call, {{"attempts", 2}, {"retry_s", 60}});
    ana.ready();
    const auto first = switch_.next();
    ASSERT_EQ(result(made, "no_answer").status, 200);
    EXPECT_EQ(of_callback(call)["state"], "scheduled");
    comes_due(call);
    const auto second = switch_.next();
    EXPECT_EQ(json::parse(second.body)["attempt"], 2);
    EXPECT_NE(second.header("webhook-id"), first.header("webhook-id"));
    ana.presence({{"state", "not_ready"}, {"reason", "lunch"}});
    const auto failed = result(made, "busy");
    EXPECT_EQ(failed.json()["state"], "failed");
    becomes("state", call, "waiting");
    EXPECT_EQ(told(call).back(), "callback_failed");
}

TEST_F(dialled_callbacks, are_not_dialled_while_their_customer_calls) {
    const auto call = center.call("dialler", "+4930999999");
    promise(call, {{"not_before", later(2h)}});
    EXPECT_EQ(center.call("dialler", "+4930999999"), call);
    ana.ready();
    EXPECT_EQ(ana.take()["callback"]["mode"], "agent_first");
    EXPECT_EQ(center.sql("SELECT count(*) FROM dial_order"), "0");
}

TEST_F(dialled_callbacks, of_which_nothing_is_heard_have_failed) {
    const auto call = center.call("dialler");
    promise(call);
    ana.ready();
    switch_.next();
    center.sql("UPDATE dial_order SET created_at = now() - interval '121 seconds'");
    becomes("(SELECT state FROM callback WHERE ticket_id = ticket.id)", call, "scheduled");
    const auto tried = of_callback(call)["attempts"];
    ASSERT_EQ(tried.size(), 1);
    EXPECT_EQ(tried[0]["result"], "failed");
    EXPECT_EQ(of_ticket("state", call), "held");
}

TEST_F(dialled_callbacks, are_told_again_to_a_gateway_that_stumbles) {
    switch_.answer_with(503);
    const auto call = center.call("dialler");
    promise(call);
    ana.ready();
    const auto first = switch_.next();
    switch_.answer_with(204);
    const auto again = switch_.next();
    EXPECT_EQ(again.header("webhook-id"), first.header("webhook-id")) << "so that it can tell";
    EXPECT_EQ(again.body, first.body);
    eventually([&] { return center.sql("SELECT state FROM dial_order") == "sent"; }, "it is taken");
    EXPECT_EQ(center.sql("SELECT tries FROM dial_order"), "2");
}

TEST_F(dialled_callbacks, of_a_gateway_that_hangs_hold_up_no_other) {
    boost::asio::io_context io;
    boost::asio::ip::tcp::acceptor silent{io, {boost::asio::ip::address_v4::loopback(), 0}}; // never accepts
    const auto url = fmt::format("http://127.0.0.1:{}/dial", silent.local_endpoint().port());
    center.gateway("hangs", "phone", queue, {{"settings", {{"dial_url", url}, {"secret", "whsec_c2VjcmV0"}}}});
    for (int i = 0; i < 2; ++i) promise(center.call("hangs", fmt::format("+493077777{}", i)));
    const auto call = center.call("dialler");
    promise(call, {{"not_before", later(2h)}});
    ana.ready();
    eventually([&] { return center.sql("SELECT sum(tries) FROM dial_order") == "1"; }, "the first is under way");
    comes_due(call);
    EXPECT_EQ(json::parse(switch_.next().body)["ticket_number"], std::to_string(call));
    EXPECT_EQ(center.sql("SELECT sum(tries) FROM dial_order WHERE state = 'queued'"), "1")
        << "its other order waits for the first";
}

TEST_F(dialled_callbacks, need_a_gateway_that_can_and_a_token_that_may) {
    const auto field = [&](const json& settings) {
        return center.admin.post("/api/v1/gateways",
                                 {{"name", "bad"}, {"kind", "phone"}, {"queue_id", queue}, {"settings", settings}});
    };
    EXPECT_THAT(field({{"dial_url", "https://pbx.example/dial"}}).body, testing::HasSubstr("secret"));
    EXPECT_THAT(field({{"dial_url", "ftp://pbx.example"}, {"secret", "x"}}).body, testing::HasSubstr("dial_url"));
    for (const auto* url : {"https://ada:secret@pbx.example/dial", "http://key@pbx.example"}) {
        const auto shown = field({{"dial_url", url}, {"secret", "whsec_c2VjcmV0"}});
        EXPECT_EQ(shown.status, 422) << url;
        EXPECT_THAT(shown.body, testing::HasSubstr("dial_url: must have no user or password in it"));
    }
    const auto call = center.call("dialler");
    const auto made = promise(call);
    ana.ready();
    switch_.next();
    const auto bound = center.server.machine({{"name", "bound"}, {"scopes", {"intake"}}, {"gateway_ids", {pbx}}});
    const auto target = fmt::format("/api/v1/callbacks/{}/result", made["id"].get<std::int64_t>());
    EXPECT_EQ(bound.post(target, {{"result", "answered"}}).status, 404);
    EXPECT_EQ(center.admin.post(target, {{"result", "answered"}}).status, 403) << "a gateway says that";
    EXPECT_EQ(wrong_field(center.intake.post(target, {{"result", "perhaps"}})), "result");
    const auto mailed = center.mail("mail");
    EXPECT_EQ(wrong_field(center.admin.post(path(mailed), {{"phone", "+4930666666"}, {"mode", "customer_first"}})),
              "mode")
        << "who answers the phone would wait as an e-mail does";
}

} // namespace
} // namespace switchboard::test

#include "integration/chat_visitor.hpp"

#include <switchboard/util/event_data.hpp>
#include <switchboard/util/time.hpp>

#include <gtest/gtest.h>

#include <set>

/// A day at the desk; then every event of it is held against its struct.
namespace switchboard::test {
namespace {

using namespace std::chrono_literals;

class day : public testing::Test {
protected:
    day() {
        center.gateway("mail", "email", support, {{"from_address", "help@shop.example"}});
        center.gateway("pbx", "phone", support);
        center.gateway("hasty", "phone", hasty);
        center.gateway("cdr", "asterisk", support); // whose columns nobody has named
        center.gateway("site", "widget", support);
        eventually([&] { return center.server.stranger().get("/api/v1/chat/site").status == 200; }, "the chat is open");
    }
    static void done(const http_answer& a) { EXPECT_LT(a.status, 300) << a.body; }
    http_answer post(const std::string& gateway, const std::string& body, const std::string& type) {
        return center.intake.send("POST", "/api/v1/intake/" + gateway, body, {{"Content-Type", type}});
    }
    void wait_for(seat& s, const std::string& change) {
        s.live.until([&](const json& f) { return f["type"] == "ticket.changed" && f["data"]["change"] == change; });
    }

    void assign(std::int64_t ticket, const seat& to) {
        done(center.admin.post("/api/v1/tickets/" + std::to_string(ticket) + "/assign",
                               {{"agent_id", to.id}, {"reason", "knows her"}}));
    }

    void of_mails(seat& ana, seat& ben) {
        auto ticket = center.mail("mail");
        const auto offer = ben.offered(); // the longest idle
        done(ben.decline(offer));
        EXPECT_EQ(ana.take()["id"], ticket);
        ana.live.send({{"type", "viewing"}, {"ticket_id", ticket}, {"writing", "reply"}});
        ana.live.until("viewer.changed");
        done(ana.http.put("/api/v1/tickets/" + std::to_string(ticket) + "/drafts/reply", {{"text", "Is it"}}));
        const auto reply = ana.act(ticket, "replies", {{"text", "Is it plugged in?"}});
        done(reply);
        done(ana.http.post("/api/v1/contacts/" + reply.json()["contact"]["id"].dump() + "/undo"));
        done(ana.act(ticket, "notes", {{"text", "She has called before."}}));
        done(center.admin.patch("/api/v1/tickets/" + std::to_string(ticket), {{"priority", 7}}));
        done(ana.act(ticket, "hold", {{"until", to_rfc3339(now() + 1h)}}));
        done(ana.act(ticket, "resume"));
        of_follow_ups(ana, ticket);
        const auto kind = center.make("/api/v1/action-kinds", {{"name", "call_back"}, {"title", "Have somebody call"}});
        done(ana.act(ticket, "actions", {{"kind_id", kind}, {"form", json::object()}}));
        done(ana.act(ticket, "solve", {{"disposition", "resolved"}}));
        done(ana.act(ticket, "reopen"));
        done(ana.act(ticket, "transfer", {{"queue_id", billing}}));
        assign(ticket, ben);
        done(ben.act(ticket, "escalate", {{"reason", "it is dear"}}));
        const auto customer = center.sql("SELECT customer_id FROM ticket WHERE id = " + std::to_string(ticket));
        done(center.admin.patch("/api/v1/customers/" + customer, {{"notes", "likes tea"}}));
        done(center.admin.post("/api/v1/object-kinds", {{"name", "order"}, {"title", "Order"}}));
        done(center.admin.put("/api/v1/objects/shop/order/A-1",
                              {{"customer", {{"id", std::stoll(customer)}}}, {"data", json::object()}}));
        ben.presence({{"state", "not_ready"}, {"reason", "lunch"}});
        const auto another = center.mail("mail", "bob@example.com");
        ana.offered();
        assign(another, ben);
        done(ben.act(another, "solve", {{"disposition", "resolved"}}));
    }
    void of_follow_ups(seat& ana, std::int64_t ticket) {
        const auto promise = [&] {
            const auto made =
                ana.act(ticket, "follow-ups",
                        {{"due_at", to_rfc3339(now() + 1h)}, {"channel", "email"}, {"reason", "is it mended?"}});
            done(made);
            return "/api/v1/follow-ups/" + made.json()["id"].dump();
        };
        const auto kept = promise(), dropped = promise();
        done(ana.http.post(kept + "/move", {{"due_at", to_rfc3339(now() + 2h)}, {"reason", "she is out"}}));
        center.sql("UPDATE follow_up SET due_at = now()");
        ana.live.until("follow_up.due");
        done(ana.http.post(kept + "/keep", {{"note", "it is"}}));
        done(ana.http.post(dropped + "/drop", {{"reason", "one is enough"}}));
        const auto answered = promise();
        const auto reply = ana.act(ticket, "replies", {{"text", "It is."}}).json()["contact"]["id"];
        done(ana.http.post(answered + "/keep", {{"contact_id", reply}}));
        done(ana.http.post("/api/v1/contacts/" + reply.dump() + "/undo"));
    }
    void of_calls(seat& ana) {
        const json rings{{"call_id", "c-1"},
                         {"direction", "in"},
                         {"from", "+4930111111"},
                         {"to", "+493055555"},
                         {"started_at", to_rfc3339(now())}};
        auto over = rings;
        over["ended_at"] = to_rfc3339(now() + 1min);
        over["answered_at"] = rings["started_at"];
        done(post("pbx", rings.dump(), "application/json"));
        const auto ticket = ana.take()["id"].get<std::int64_t>();
        done(post("pbx", over.dump(), "application/json"));
        ana.live.until("contact.changed");
        done(ana.act(ticket, "callback", {{"not_before", to_rfc3339(now() + 1h)}}));
        center.sql("UPDATE callback SET not_before = now(); UPDATE ticket SET held_until = now() WHERE state = 'held'");
        EXPECT_EQ(ana.take()["id"], ticket);
        done(ana.act(ticket, "callback/attempts", {{"result", "answered"}}));
        done(ana.act(ticket, "solve", {{"disposition", "resolved"}}));
        done(ana.act(ticket, "wrapup-done"));
        center.call("hasty", "+4930222222");
        ana.live.until("offer.timed_out");
        done(post("cdr", "what,is,this\n", "text/csv"));
    }
    void of_chats(seat& ana) {
        ana.ready();
        visitor ada{center};
        ada.open();
        ada.say(1, "Hello?");
        const auto ticket = ana.take()["id"].get<std::int64_t>();
        ada.until_state("active");
        ada.socket->send({{"type", "typing"}});
        ana.live.until("typing");
        done(ana.act(ticket, "replies", {{"text", "Good day"}}));
        ada.until_text("Good day");
        ada.socket->send({{"type", "read"}, {"seq", 2}});
        ana.live.until("contact.delivery");
        ada.socket->send({{"type", "about"}, {"email", "ada@chat.example"}, {"name", "Ada"}});
        wait_for(ana, "visitor_named");
        done(ana.http.post("/api/v1/tickets/" + std::to_string(ticket) + "/visitor",
                           {{"kind", "email"}, {"value", "ada@chat.example"}}));
        ada.socket->send({{"type", "close"}});
        wait_for(ana, "customer_left");
    }

    template <class E>
    void hold(const json& said) {
        const auto read = read_data<E>(said.dump());
        ASSERT_TRUE(read) << E::type << ' ' << read.error() << ": " << said;
        EXPECT_EQ(json::parse(data_of(*read)), said) << E::type << " says less or more than its struct";
        seen.emplace(E::type);
    }
    void hold(const std::string& type, const json& said) {
        const bool known =
            events::with_all([&]<class... E> { return ((type == E::type && (hold<E>(said), true)) || ...); });
        EXPECT_TRUE(known) << type << " has no struct";
    }

    contact_center center{[](config& c) { c.chat_away_s = 0; }};
    std::int64_t second = center.queue("Second line");
    std::int64_t support = center.queue("Support", {{"ring_s", 300}, {"cool_s", 0}, {"wrapup_s", 60}}),
                 billing = center.queue("Billing", {{"escalation_queue_id", second}});
    std::int64_t hasty = center.queue("Hasty", {{"ring_s", 5}, {"cool_s", 600}});
    std::set<std::string> seen;
};

TEST_F(day, says_nothing_but_what_its_events_declare) {
    auto ana = center.agent("ana", {support, hasty}), ben = center.agent("ben", {support});
    ben.ready({"email"});
    ana.ready();
    of_mails(ana, ben);
    of_calls(ana);
    of_chats(ana);

    for (const auto& row : json::parse(center.sql("SELECT json_agg(e) FROM (SELECT type, data FROM event) AS e")))
        hold(row["type"], row["data"]);
    for (const auto& frame : ana.live.seen)
        if (const auto type = frame["type"].get<std::string>(); events::audience_of(type)) hold(type, frame["data"]);
    for (const auto& kind : events::all::kinds)
        EXPECT_TRUE(seen.contains(std::string{kind.type})) << "nothing in this day is " << kind.type;
}

} // namespace
} // namespace switchboard::test

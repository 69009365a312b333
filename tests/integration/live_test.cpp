#include "support/contact_center.hpp"

#include "store/run.hpp"

#include <switchboard/model/event.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

namespace switchboard::test {
namespace {

using nlohmann::json;

class live : public testing::Test {
protected:
    live() {
        support = center.queue("Support");
        billing = center.queue("Billing");
        center.gateway("mail", "email", support);
        center.gateway("bills", "email", billing);
    }

    websocket_client open(const client& who, int receive_buffer = 0) const {
        return {center.server.port(), "/api/v1/live", who.identity, receive_buffer};
    }
    websocket_client open_after(const client& who, const json& cursor) const {
        auto socket = open(who);
        socket.send({{"type", "hello"}, {"after", cursor}});
        EXPECT_EQ(socket.until("welcome")["heartbeat_s"], 5);
        return socket;
    }
    static cursor place_of(const json& frame) { return parse_cursor(frame["cursor"].get<std::string>()).value(); }
    static bool is_in_order(const std::vector<json>& frames) {
        cursor last;
        for (const auto& f : frames)
            if (f.contains("data")) {
                if (!(last < place_of(f))) return false;
                last = place_of(f);
            }
        return true;
    }
    static std::string listed(const std::multiset<std::string>& cursors) {
        std::string out = "{";
        for (const auto& c : cursors) out += (out.size() > 1 ? "," : "") + c;
        return out + "}";
    }
    /// An event that everybody sees: what has not come before it does not come.
    std::string mark() {
        const auto name = "mark " + std::to_string(++marks_);
        return std::to_string(center.skill(name));
    }
    static json until_mark(websocket_client& socket, const std::string& id) {
        return socket.until([&](const json& f) {
            return f["type"] == "config.changed" && f["data"]["kind"] == "skill" && f["data"]["id"].dump() == id;
        });
    }

    contact_center center;
    std::int64_t support = 0, billing = 0;

private:
    int marks_ = 0;
};

TEST_F(live, greets_and_tells_what_happens_in_order) {
    auto supervisor = open_after(center.server.person("supervisor"), nullptr);
    auto agent = center.agent("grace", {support});
    agent.ready();
    const auto ticket = center.mail("mail");
    agent.take();
    ASSERT_EQ(agent.act(ticket, "notes", {{"text", "Hm."}}).status, 201);
    ASSERT_EQ(agent.act(ticket, "solve", {{"disposition", "resolved"}}).status, 200);
    supervisor.until("ticket.changed");
    std::vector<std::string> story;
    for (const auto& f : supervisor.seen)
        if (f.value("ticket_id", 0) == ticket) story.push_back(f["type"]);
    EXPECT_THAT(story, testing::ElementsAre("contact.received", "offer.created", "offer.accepted", "note.added",
                                            "ticket.changed"));
    EXPECT_TRUE(is_in_order(supervisor.seen));
}

TEST_F(live, misses_nothing_and_repeats_nothing_while_many_write_and_commit_late) {
    auto owner = center.agent("grace", {support});
    std::vector<std::int64_t> tickets;
    for (int i = 0; i < 4; ++i) tickets.push_back(center.mail("mail", "c" + std::to_string(i) + "@example.com"));
    const auto reader = center.server.person("supervisor");
    auto socket = open_after(reader, nullptr);
    const auto first_mark = mark();
    until_mark(socket, first_mark);
    auto last = socket.seen.back()["cursor"];

    // Numbers of transactions grow by a digit on the way: their order is that of numbers, not of text.
    const auto to_next_power = [&] {
        const auto xid = center.sql("SELECT pg_current_xact_id()");
        auto power = 1;
        for (std::size_t i = 0; i < xid.size(); ++i) power *= 10;
        return power - std::stoi(xid);
    }();
    if (const auto burnt = to_next_power - 60; burnt > 0) {
        const auto c = store::connect(center.server.database_url());
        pqxx::nontransaction{*c}.exec("DO $$ BEGIN FOR i IN 1.." + std::to_string(burnt) +
                                      " LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$");
    }

    // Half the writers go through the interface; half hold their transactions open after they have taken an event's id,
    // so that ids and commits are out of step.
    constexpr int each = 60;
    std::vector<std::jthread> writers;
    for (int w = 0; w < 2; ++w)
        writers.emplace_back([&, w] {
            for (int i = 0; i < each; ++i)
                EXPECT_EQ(owner.act(tickets[static_cast<std::size_t>(w)], "notes", {{"text", "x"}}).status, 201);
        });
    for (int w = 2; w < 4; ++w)
        writers.emplace_back([&, w] {
            const auto c = store::connect(center.server.database_url());
            for (int i = 0; i < each; ++i) {
                pqxx::work tx{*c};
                tx.exec("INSERT INTO event (type, ticket_id, queue_id, data) VALUES ('note.added', " +
                        std::to_string(tickets[static_cast<std::size_t>(w)]) + ", " + std::to_string(support) +
                        ", '{\"ticket_id\":1}')");
                tx.exec("SELECT pg_sleep(random() * 0.02)");
                tx.commit();
            }
        });

    std::multiset<std::string> got;
    std::vector<json> all;
    int connections = 1;
    while (got.size() < 4 * each) {
        for (int i = 0; i < 17 && got.size() < 4 * each; ++i) {
            json f;
            try {
                f = socket.until("note.added");
            } catch (const std::exception& silence) {
                for (auto& w : writers) w.join();
                FAIL() << silence.what() << " after " << got.size() << " on connection " << connections << ", last "
                       << last << "; missing: "
                       << center.sql("SELECT string_agg(xid || '-' || id || ' ' || type || ' by ' || "
                                     "coalesce(actor_id, 0), ', ' ORDER BY xid, id) FROM event WHERE type = "
                                     "'note.added' AND NOT xid || '-' || id = ANY('" +
                                     listed(got) + "')");
            }
            got.insert(f["cursor"].get<std::string>());
            all.push_back(f);
            last = f["cursor"];
        }
        socket = open_after(reader, last); // the line breaks, and whatever was on it is lost
        ++connections;
    }
    for (auto& w : writers) w.join();
    const auto end = mark();
    until_mark(socket, end);

    EXPECT_GT(connections, 10);
    EXPECT_EQ(std::ranges::count_if(socket.seen, [](const json& f) { return f["type"] == "note.added"; }), 0)
        << "too many";
    EXPECT_EQ(std::set<std::string>(got.begin(), got.end()).size(), got.size()) << "something came twice";
    EXPECT_EQ(center.number("SELECT count(*) FROM event WHERE type = 'note.added'"), 4 * each);
    EXPECT_TRUE(is_in_order(all));
    for (const auto& c : got) {
        const auto place = parse_cursor(c).value();
        EXPECT_EQ(center.sql("SELECT 1 FROM event WHERE id = " + std::to_string(place.id) + " AND xid::text = '" +
                             std::to_string(place.xid) + "'"),
                  "1");
    }
}

TEST_F(live, waits_for_a_commit_that_comes_late) {
    auto socket = open_after(center.server.person("supervisor"), nullptr);
    const auto c = store::connect(center.server.database_url());
    pqxx::work late{*c};
    late.exec("INSERT INTO event (type, data) VALUES ('config.changed', '{\"kind\":\"skill\",\"id\":-1}')");
    const auto early = mark(); // committed at once, with a higher number
    EXPECT_EQ(
        center.sql(
            "SELECT count(*) FROM event WHERE type = 'config.changed' AND data->>'kind' = 'skill' AND data->>'id' = '" +
            early + "'"),
        "1");
    late.commit();
    until_mark(socket, early);
    until_mark(socket, mark());
    std::vector<json> ids;
    for (const auto& f : socket.seen)
        if (f["type"] == "config.changed" && f["data"]["kind"] == "skill") ids.push_back(f["data"]["id"]);
    ASSERT_EQ(ids.size(), 3u);
    EXPECT_EQ(ids[0], -1) << "the one that began first comes first, though it was committed last";
}

TEST_F(live, shows_an_agent_nothing_of_other_queues) {
    auto mine = center.agent("mine", {support});
    auto theirs = center.agent("theirs", {billing});
    theirs.ready();
    const auto secret = center.mail("bills", "rich@example.com", "My fortune");
    theirs.take();
    theirs.act(secret, "notes", {{"text", "Rich!"}});
    theirs.act(secret, "replies", {{"text", "Dear Sir"}});
    theirs.act(secret, "solve", {{"disposition", "resolved"}});
    const auto open_one = center.mail("mail");
    until_mark(mine.live, mark());
    bool saw_own = false;
    for (const auto& f : mine.live.seen) {
        EXPECT_THAT(f.dump(), testing::Not(testing::HasSubstr("fortune"))) << "live";
        EXPECT_THAT(f["type"].get<std::string>(), testing::Not(testing::StartsWith("presence")))
            << "another's presence";
        saw_own = saw_own || (f["type"] == "contact.received" && f["data"]["ticket"]["id"] == open_one);
    }
    EXPECT_TRUE(saw_own);

    auto replayed = open_after(mine.http, "3-0"); // from the beginning of the log
    until_mark(replayed, mark());
    for (const auto& f : replayed.seen) EXPECT_THAT(f.dump(), testing::Not(testing::HasSubstr("fortune"))) << "replay";
    EXPECT_TRUE(std::ranges::any_of(replayed.seen, [](const json& f) { return f["type"] == "contact.received"; }));
}

TEST_F(live, shows_an_agent_who_left_a_queue_nothing_more_of_it) {
    auto agent = center.agent("grace", {support, billing});
    center.mail("bills", "a@example.com", "before");
    EXPECT_EQ(agent.live.until("contact.received")["data"]["ticket"]["subject"], "before");
    ASSERT_EQ(
        center.admin.put("/api/v1/agents/" + std::to_string(agent.id), {{"queues", {{{"queue_id", support}}}}}).status,
        200);
    agent.live.until("config.changed");
    // The feed follows some milliseconds behind the commit; from then on it shows nothing.
    int round = 0;
    const auto shows_secrets = [&] {
        const auto secret = center.mail("bills", "b@example.com", "secret " + std::to_string(++round));
        const auto own = center.mail("mail", "c@example.com", "mine");
        bool shown = false;
        agent.live.until([&](const json& f) {
            shown = shown || f.dump().find("secret " + std::to_string(round)) != std::string::npos ||
                    f["data"].value("ticket_id", 0) == secret;
            return f["type"] == "contact.received" && f["data"]["ticket"]["id"] == own;
        });
        return shown;
    };
    eventually([&] { return !shows_secrets(); }, "the feed follows");
    for (int i = 0; i < 5; ++i) EXPECT_FALSE(shows_secrets());
    ASSERT_EQ(center.admin
                  .put("/api/v1/agents/" + std::to_string(agent.id),
                       {{"queues", {{{"queue_id", support}}, {{"queue_id", billing}}}}})
                  .status,
              200);
    eventually([&] { return shows_secrets(); }, "and back");
}

TEST_F(live, ends_for_who_may_not_sign_in_any_more) {
    auto agent = center.agent("grace", {support});
    auto chief = center.sign_in("supervisor");
    for (auto* s : {&agent, &chief}) {
        ASSERT_EQ(center.admin.patch("/api/v1/users/" + std::to_string(s->id), {{"active", false}}).status, 200);
        while (s->live.next()) {
        }
        EXPECT_EQ(s->live.close_code(), 4401);
        EXPECT_EQ(upgrade_answer(center.server.port(), "/api/v1/live", s->http.identity), 401);
    }
}

TEST_F(live, shows_a_supervisor_who_became_an_agent_what_an_agent_sees) {
    auto chief = center.sign_in("supervisor");
    center.mail("bills", "a@example.com", "before");
    chief.live.until("contact.received");
    ASSERT_EQ(center.admin.patch("/api/v1/users/" + std::to_string(chief.id), {{"roles", an_agent}}).status, 200);
    int round = 0;
    eventually(
        [&] {
            const auto seen_before = chief.live.seen.size();
            center.mail("bills", "b@example.com", "secret " + std::to_string(++round));
            until_mark(chief.live, mark());
            return std::none_of(chief.live.seen.begin() + static_cast<std::ptrdiff_t>(seen_before),
                                chief.live.seen.end(), [](const json& f) { return f["type"] == "contact.received"; });
        },
        "the feed follows");
}

TEST_F(live, says_resync_to_a_place_that_does_not_exist_yet) {
    const auto who = center.server.person("supervisor");
    auto socket = open(who);
    socket.send({{"type", "hello"}, {"after", "999999999999-1"}});
    socket.until("resync");
    until_mark(socket, mark()); // and goes on from here
    for (const std::string bad : {"yesterday", "", "-", "1", "99999999999999999999999-1"}) {
        auto confused = open(who);
        confused.send({{"type", "hello"}, {"after", bad}});
        EXPECT_EQ(confused.until("error")["field"], "after") << bad;
        EXPECT_EQ(confused.next(), std::nullopt) << bad;
        EXPECT_EQ(confused.close_code(), 1008);
    }
}

TEST_F(live, cuts_who_does_not_read_and_nobody_else) {
    const auto who = center.server.person("supervisor");
    auto slow = open(who, 4096);
    slow.send({{"type", "hello"}, {"after", nullptr}});
    slow.until("welcome");
    auto fast = open_after(who, nullptr);
    const auto feeds = [&] {
        const auto text = center.server.operators().get("/metrics").body;
        const std::string name = "\nswitchboard_live_subscribers ";
        return std::stoi(text.substr(text.find(name) + name.size()));
    };
    ASSERT_EQ(feeds(), 2);
    int waves = 0;
    std::string end;
    for (; feeds() == 2 && waves < 100; ++waves) { // each wave: 1.6 MB in 200 frames
        center.sql("INSERT INTO event (type, data) SELECT 'customer.changed', json_build_object('customer', "
                   "repeat('x', 8000)) "
                   "FROM generate_series(1, 200)");
        for (int i = 0; i < 200; ++i) fast.until("customer.changed");
        fast.seen.clear();
    }
    EXPECT_EQ(feeds(), 1);
    EXPECT_LT(waves, 40) << "what waits for a reader is bounded";
    until_mark(fast, mark());

    const auto last = [&] {
        json place;
        try {
            while (const auto f = slow.next())
                if (f->contains("cursor")) place = (*f)["cursor"];
        } catch (const std::exception&) { // the cut may fall inside a frame
        }
        return place;
    }();
    EXPECT_EQ(slow.close_code(), 0);
    auto back = open_after(who, last); // many more frames than fit at once: they come as they are read
    until_mark(back, mark());
    const auto got = std::ranges::count_if(slow.seen, [](const json& f) { return f["type"] == "customer.changed"; }) +
                     std::ranges::count_if(back.seen, [](const json& f) { return f["type"] == "customer.changed"; });
    EXPECT_EQ(got, waves * 200);
}

TEST_F(live, is_a_route_that_wants_a_websocket) {
    const auto answer = center.admin.get("/api/v1/live");
    EXPECT_EQ(answer.status, 426);
    EXPECT_EQ(answer.header("upgrade"), "websocket");
    EXPECT_EQ(center.admin.post("/api/v1/live", json::object()).status, 405);
    EXPECT_EQ(center.server.stranger().get("/api/v1/live").status, 401);
}

TEST_F(live, lets_nobody_in_who_is_not_known) {
    const auto port = center.server.port();
    const auto who = center.server.person("agent");
    const std::string own = "http://127.0.0.1"; // the Host that the request names
    const auto with = [&](headers more) {
        more.insert(more.end(), who.identity.begin(), who.identity.end());
        return more;
    };
    EXPECT_EQ(upgrade_answer(port, "/api/v1/live"), 401);
    EXPECT_EQ(upgrade_answer(port, "/api/v1/live", {{"Cookie", "switchboard_session=guessed"}}), 401);
    EXPECT_EQ(upgrade_answer(port, "/api/v1/live", {{"Authorization", "Bearer sb_guessed"}}), 401);
    EXPECT_EQ(upgrade_answer(port, "/api/v1/live", center.intake.identity), 403) << "a gateway's token reads nothing";
    EXPECT_EQ(upgrade_answer(port, "/api/v1/live", with({{"Origin", "https://evil.example"}})), 403);
    EXPECT_EQ(upgrade_answer(port, "/api/v1/live", with({{"Origin", "null"}})), 403);
    EXPECT_EQ(upgrade_answer(port, "/api/v1/live", with({{"Origin", own + ".evil.example"}})), 403);
    EXPECT_EQ(upgrade_answer(port, "/api/v1/nowhere", who.identity), 404);
    websocket_client machine{port, "/api/v1/live",
                             center.server.machine({{"name", "board"}, {"scopes", {"read"}}}).identity};
    machine.send({{"type", "hello"}, {"after", nullptr}});
    EXPECT_EQ(machine.until("welcome")["type"], "welcome");
    websocket_client browser{port, "/api/v1/live", with({{"Origin", "http://127.0.0.1:" + std::to_string(port)}})};
    browser.send({{"type", "hello"}, {"after", nullptr}});
    browser.until("welcome");
}

TEST_F(live, answers_frames_that_it_does_not_understand_and_closes_on_such_a_hello) {
    const auto who = center.server.person("agent");
    auto socket = open(who);
    const std::vector<std::pair<json, json>> frames{
        {{{"type", "drop tables"}}, "type"},
        {json::array(), nullptr},
        {"hello", nullptr},
        {{{"type", 7}}, "type"},
        {{{"type", json::array({json::array()})}}, "type"},
        {{{"type", "typing"}}, "ticket_id"},
        {{{"type", "typing"}, {"ticket_id", "x"}}, "ticket_id"},
        {{{"type", "typing"}, {"ticket_id", -1}}, "ticket_id"},
        {{{"type", "typing"}, {"ticket_id", 18446744073709551615U}}, "ticket_id"},
        {{{"type", std::string(2000, 'x')}}, nullptr},
    };
    for (const auto& [frame, field] : frames) {
        socket.send(frame);
        const auto error = socket.until("error");
        EXPECT_EQ(error.value("field", json()), field) << frame;
        EXPECT_FALSE(error["detail"].get<std::string>().empty()) << frame;
    }
    socket.send({{"type", "hello"}, {"after", nullptr}});
    socket.until("welcome"); // it goes on
    socket.send({{"type", "hello"}, {"after", 7}});
    EXPECT_EQ(socket.until("error")["field"], "after");
    EXPECT_EQ(socket.next(), std::nullopt);
    EXPECT_EQ(socket.close_code(), 1008);
}

} // namespace
} // namespace switchboard::test

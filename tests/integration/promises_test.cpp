#include "integration/hours_fixture.hpp"

#include "store/run.hpp"

#include <switchboard/store/sla_clocks.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <pqxx/pqxx>

#include <thread>

/// What is promised to a ticket over its life.
namespace switchboard::test {
namespace {

namespace asio = boost::asio;
using testing::ElementsAre;

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
    center.mail("mail", "ada@example.com", "Re: Help", {{"In-Reply-To", "<in-1@example.com>"}});
    EXPECT_EQ(of_ticket("due_at > opened_at + interval '1 hour' AND due_at < now() + "
                        "interval '1 hour'",
                        ticket),
              "t")
        << "it goes on with what was left";
    ana.live.until([](const json& f) { return f["type"] == "ticket.changed" && f["data"]["change"] == "resumed"; });
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
        store::sla_clocks clocks{db};
        std::size_t found = 0;
        for (const auto end = now() + 3s; now() < end;) {
            asio::io_context io;
            auto done = asio::co_spawn(io, clocks.note_breaches(), asio::use_future);
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

} // namespace
} // namespace switchboard::test

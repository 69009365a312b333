#include <switchboard/desk/by_itself.hpp>
#include <switchboard/intake/intake.hpp>
#include <switchboard/store/chat.hpp>
#include <switchboard/store/contacts.hpp>
#include <switchboard/util/hash.hpp>

#include "store/run.hpp"
#include "store/sql.hpp"
#include "support/test_cluster.hpp"
#include "support/websocket_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <functional>
#include <future>
#include <set>

namespace switchboard {
namespace {

namespace asio = boost::asio;
using intake::receipt;
using nlohmann::json;
using testing::SizeIs;

constexpr std::int64_t support = 1, mailbox = 1, phone = 2, chat = 3, widget = 4;

/// A small contact center on a database of its own.
class center : public testing::Test {
protected:
    center() {
        sql("INSERT INTO queue (name) VALUES ('Support'), ('Billing')");
        sql("INSERT INTO users (login, name, roles) VALUES ('grace', 'Grace', '[2]')");
        sql("INSERT INTO gateway (name, kind, queue_id) VALUES ('mail', 'email', 1), ('calls', 'phone', 1), "
            "('push', 'chat', 1), ('site', 'widget', 1), ('fax', 'fax', 1)");
        reload();
    }

    template <class T>
    T wait(asio::awaitable<T> work) {
        auto result = asio::co_spawn(io, std::move(work), asio::use_future);
        io.restart();
        io.run();
        return result.get();
    }
    void reload() { wait(subject.reload()); }

    pqxx::result sql(const std::string& text) {
        const auto c = store::connect(database.url());
        pqxx::work tx{*c};
        auto rows = tx.exec(text);
        tx.commit();
        return rows;
    }
    std::int64_t count(const std::string& from) { return sql("SELECT count(*) FROM " + from)[0][0].as<std::int64_t>(); }
    std::string text(const std::string& query) { return sql(query)[0][0].c_str(); }

    static std::shared_ptr<const intake::raw_message> raw(std::string body) {
        auto r = std::make_shared<intake::raw_message>();
        r->body = std::move(body);
        r->content_type = "message/rfc822";
        r->headers = {{"x-test", "caf\xE9"}}; // Latin-1, as the wire may bring it
        return r;
    }
    /// Starts without waiting: what is started together may share a group.
    std::future<std::vector<receipt>> start(std::int64_t gateway, std::vector<normalized_record> records,
                                            std::string body = "raw", intake::intake* at = nullptr) {
        return asio::co_spawn(io, (at ? at : &subject)->receive(gateway, raw(std::move(body)), std::move(records)),
                              asio::use_future);
    }
    void settle() {
        io.restart();
        io.run();
    }
    receipt receive(std::int64_t gateway, normalized_record record) {
        auto answer = start(gateway, {std::move(record)});
        settle();
        return answer.get().at(0);
    }

    static inbound_contact mail(const std::string& id, const std::string& from = "ada@example.com") {
        inbound_contact c;
        c.channel = "email";
        c.external_id = c.mail.message_id = id;
        c.from = {"email", from, "Ada"};
        c.to = {{"email", "help@shop.example", "Help \"desk\" \\ \t"}};
        c.subject = "Tab\there, backslash \\N and 'quote'";
        c.text = "First line\nSecond \\. line\n\\N";
        c.text_reply = c.text;
        return c;
    }
    static inbound_contact spoken(const std::string& id, const std::string& from = "+4930123456") {
        inbound_contact c;
        c.channel = "phone";
        c.external_id = c.thread_key = id;
        c.from = {"tel", from, ""};
        return c;
    }
    static inbound_contact said(const std::string& session, const std::string& id) {
        inbound_contact c;
        c.channel = "chat";
        c.thread_key = session;
        c.external_id = session + ":" + id;
        c.from = {"webchat", session, "Visitor"};
        c.text = c.text_reply = "Message " + id;
        return c;
    }

    test::fresh_database database;
    asio::io_context io;
    store::database db{database.url(), {.connections = 4}};
    std::function<void(const store::intake_done&)> committed = [](const auto&) {};
    int rings = 0;
    intake::intake subject{io.get_executor(),
                           db,
                           {.committed = [this](const auto& done) { committed(done); }, .bell = [this] { ++rings; }}};
};

using receiving = center;
using duplicates = center;
using threading = center;
using poison = center;
using chats = center;
using classification = center;
using load = center;
using configuration = center;

TEST_F(configuration, that_was_read_later_stays_when_an_older_look_ends_after_it) {
    const auto somebody = store::connect(database.url());
    auto lock = std::make_unique<pqxx::work>(*somebody);
    lock->exec("LOCK TABLE queue IN ACCESS EXCLUSIVE MODE");
    const auto meanwhile = [this](const std::function<bool()>& is_so, const std::string& what) {
        const auto look = [&] {
            io.restart();
            io.run_for(std::chrono::milliseconds{1});
            return is_so();
        };
        test::eventually(look, what);
    };
    auto older = asio::co_spawn(io, subject.reload(), asio::use_future);
    int reader = 0; // which has read the gateways and waits for the queues
    const auto is_waiting = [&] {
        for (const auto& r : sql("SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = "
                                 "current_database()"))
            reader = r[0].as<int>();
        return reader != 0;
    };
    meanwhile(is_waiting, "it waits");
    ASSERT_EQ(::kill(reader, SIGSTOP), 0);
    lock.reset();
    sql("UPDATE gateway SET enabled = false WHERE name = 'mail'");
    auto newer = asio::co_spawn(io, subject.reload(), asio::use_future);
    meanwhile([&] { return newer.wait_for(std::chrono::seconds{0}) == std::future_status::ready; }, "the newer look");
    EXPECT_FALSE(subject.config()->gateways.at(mailbox).enabled);
    ::kill(reader, SIGCONT);
    settle();
    older.get();
    EXPECT_FALSE(subject.config()->gateways.at(mailbox).enabled);
}

TEST_F(receiving, keeps_a_contact_whole) {
    auto c = mail("m1");
    c.html = "<p>First</p>";
    c.text_reply = "First line";
    c.cc = {{"email", "boss@example.com", ""}};
    c.flags = {"machine", "partial"};
    c.language = "de";
    c.duration_s = 42;
    c.details = R"({"message_id":"m1"})";
    c.occurred_at = timestamp{std::chrono::sys_days{std::chrono::year{2020} / 2 / 29}};
    c.attachments = {{"a.bin", "application/octet-stream", std::string("\0\1\xff", 3), "hash", "cid", true}};
    const auto r = receive(mailbox, c);
    EXPECT_EQ(r.outcome, "ticketed");
    EXPECT_FALSE(r.duplicate);

    store::contacts contacts{db};
    const auto kept = wait(contacts.get(r.contact_id)).value();
    EXPECT_EQ(kept.gateway, "mail");
    EXPECT_EQ(kept.external_id, "m1");
    EXPECT_EQ(kept.from, c.from);
    EXPECT_EQ(kept.to, c.to);
    EXPECT_EQ(kept.cc, c.cc);
    EXPECT_EQ(kept.subject, c.subject);
    EXPECT_EQ(kept.text, c.text);
    EXPECT_EQ(kept.html, c.html);
    EXPECT_EQ(kept.text_reply, "First line");
    EXPECT_EQ(kept.flags, c.flags);
    EXPECT_EQ(kept.language, "de");
    EXPECT_EQ(kept.duration_s, 42);
    EXPECT_EQ(kept.details, c.details);
    EXPECT_EQ(kept.occurred_at, *c.occurred_at);
    EXPECT_EQ(kept.ticket_id, r.ticket_id);
    ASSERT_THAT(kept.attachments, SizeIs(1));
    EXPECT_TRUE(kept.attachments[0].is_inline);
    EXPECT_EQ(wait(contacts.attachment(kept.attachments[0].id)).value().content, c.attachments[0].content);

    const auto bytes = wait(contacts.raw(r.contact_id)).value();
    EXPECT_EQ(bytes.body, "raw");
    EXPECT_EQ(bytes.content_type, "message/rfc822");
    EXPECT_EQ(bytes.headers[0].second, "caf\xEF\xBF\xBD");
    EXPECT_FALSE(wait(contacts.get(r.contact_id + 100)).has_value());
}

TEST_F(receiving, keeps_raw_bytes_exactly) {
    std::string all;
    for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
    auto answer = start(mailbox, {mail("m1")}, all);
    settle();
    store::contacts contacts{db};
    EXPECT_EQ(wait(contacts.raw(answer.get().at(0).contact_id)).value().body, all);
}

TEST_F(receiving, writes_the_event_that_tells_it) {
    const auto r = receive(mailbox, mail("m1"));
    const auto rows = sql("SELECT type, ticket_id, queue_id, data FROM event");
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_STREQ(rows[0][0].c_str(), "contact.received");
    EXPECT_EQ(rows[0][1].as<std::int64_t>(), r.ticket_id);
    EXPECT_EQ(rows[0][2].as<std::int64_t>(), support);
    const auto data = json::parse(rows[0][3].c_str());
    EXPECT_EQ(data["contact"]["id"], r.contact_id);
    EXPECT_EQ(data["contact"]["preview"], "First line Second \\. line \\N");
    EXPECT_EQ(data["ticket"]["number"], std::to_string(*r.ticket_id));
    EXPECT_EQ(data["ticket"]["customer"]["name"], "Ada");
    EXPECT_EQ(data["new_ticket"], true);
    EXPECT_EQ(data["reopened"], false);
}

TEST_F(receiving, tells_routing_and_rings_after_the_commit) {
    std::vector<routing_ticket> opened;
    committed = [&](const store::intake_done& done) {
        opened.insert(opened.end(), done.opened.begin(), done.opened.end());
        EXPECT_TRUE(done.requeued.empty());
        EXPECT_EQ(count("contact"), 1) << "another connection sees it already";
    };
    const auto r = receive(mailbox, mail("m1"));
    ASSERT_THAT(opened, SizeIs(1));
    EXPECT_EQ(opened[0].id, *r.ticket_id);
    EXPECT_EQ(rings, 1);
}

/// What is handed over saves routing a look at the row, so it must be what the row says.
TEST_F(receiving, hands_routing_new_tickets_as_their_rows_are) {
    std::vector<routing_ticket> opened;
    committed = [&](const store::intake_done& done) {
        opened.insert(opened.end(), done.opened.begin(), done.opened.end());
    };
    auto answer = start(phone, {spoken("c1", "+4930111"), spoken("c2", "+4930111")}); // one ticket, two contacts
    settle();
    (void)answer.get();
    receive(mailbox, mail("m1"));
    ASSERT_THAT(opened, SizeIs(2));
    store::routing rows{db};
    const auto read = wait(rows.load_tickets({opened[0].id, opened[1].id}));
    ASSERT_THAT(read, SizeIs(2));
    const auto all_of = [](const routing_ticket& t) {
        return std::tie(t.id, t.queue, t.tier, t.priority, t.difficulty, t.version, t.step, t.overflowed, t.channel,
                        t.state, t.enqueue_at, t.due_at, t.skills, t.licences, t.preferred_agent);
    };
    for (std::size_t i = 0; i < read.size(); ++i) EXPECT_EQ(all_of(opened[i]), all_of(read[i]));
}

TEST_F(receiving, an_input_of_many_records_answers_for_each_and_keeps_its_bytes_once) {
    auto answer = start(phone, {spoken("c1", "+4930111"), ignored_input{"a ping"}, spoken("c2", "+4930222"),
                                contact_event{"ringing", "c1", std::nullopt, "{}"}});
    settle();
    const auto receipts = answer.get();
    ASSERT_THAT(receipts, SizeIs(4));
    EXPECT_EQ(receipts[1].outcome, "ignored");
    EXPECT_EQ(receipts[3].outcome, "event");
    EXPECT_EQ(receipts[3].contact_id, receipts[0].contact_id);
    EXPECT_EQ(count("contact_raw WHERE body <> ''"), 1);
    store::contacts contacts{db};
    EXPECT_EQ(wait(contacts.raw(receipts[2].contact_id)).value().body, "raw");
}

TEST_F(duplicates, together_in_one_group_and_again_later) {
    auto first = start(mailbox, {mail("m0")}); // goes alone; the following wait for it and share a group
    auto a = start(mailbox, {mail("m1")}), b = start(mailbox, {mail("m1")}), c = start(mailbox, {mail("m2")});
    settle();
    const auto ra = a.get().at(0), rb = b.get().at(0), rc = c.get().at(0);
    EXPECT_FALSE(ra.duplicate);
    EXPECT_TRUE(rb.duplicate);
    EXPECT_FALSE(rc.duplicate);
    EXPECT_EQ(ra.contact_id, rb.contact_id);
    EXPECT_EQ(subject.counts().commits, 2u);
    const auto again = receive(mailbox, mail("m1"));
    EXPECT_TRUE(again.duplicate);
    EXPECT_EQ(again.contact_id, ra.contact_id);
    EXPECT_EQ(again.ticket_id, ra.ticket_id);
    EXPECT_EQ(count("contact"), 3);
    EXPECT_EQ(count("ticket"), 3);
    EXPECT_EQ(count("customer"), 1);
    EXPECT_EQ(count("event"), 3);
}

TEST_F(duplicates, at_two_nodes_at_once_are_one_row) {
    intake::intake other{io.get_executor(), db};
    wait(other.reload());
    std::vector<std::future<std::vector<receipt>>> answers;
    for (int round = 0; round < 40; ++round) {
        const auto n = std::to_string(round);
        for (auto* node : {&subject, &other}) {
            answers.push_back(start(mailbox, {mail("m" + n, "c" + n + "@example.com")}, "raw", node));
            answers.push_back(start(chat, {said("s" + n, "1")}, "raw", node));
            answers.push_back(start(phone, {spoken("c" + n, "+49" + n)}, "raw", node));
        }
    }
    settle();
    std::set<std::int64_t> contacts;
    std::int64_t fresh = 0;
    for (auto& a : answers) {
        const auto r = a.get().at(0);
        contacts.insert(r.contact_id);
        fresh += r.duplicate ? 0 : 1;
    }
    EXPECT_EQ(fresh, 120);
    EXPECT_EQ(contacts.size(), 120u);
    EXPECT_EQ(count("contact"), 120);
    EXPECT_EQ(count("ticket"), 120);
    EXPECT_EQ(count("customer"), 120);
    EXPECT_EQ(count("event"), 120);
}

TEST_F(threading, two_nodes_open_one_ticket_for_one_chat_and_one_caller) {
    intake::intake other{io.get_executor(), db};
    wait(other.reload());
    std::vector<std::future<std::vector<receipt>>> answers;
    for (int i = 0; i < 30; ++i) {
        auto* node = i % 2 == 0 ? &subject : &other;
        answers.push_back(start(chat, {said("session", std::to_string(i))}, "raw", node));
        answers.push_back(start(phone, {spoken("call" + std::to_string(i))}, "raw", node));
    }
    settle();
    for (auto& a : answers) EXPECT_FALSE(a.get().at(0).duplicate);
    EXPECT_EQ(count("ticket WHERE channel = 'chat'"), 1);
    EXPECT_EQ(count("ticket WHERE channel = 'phone'"), 1);
    EXPECT_EQ(count("contact"), 60);
}

TEST_F(threading, a_reply_finds_the_ticket_by_the_message_it_answers) {
    const auto first = receive(mailbox, mail("m1"));
    auto c = mail("m2", "colleague@example.com");
    c.mail.references = {"unknown", "m1"};
    const auto second = receive(mailbox, c);
    EXPECT_EQ(second.ticket_id, first.ticket_id);
    EXPECT_EQ(count("ticket"), 1);
    EXPECT_EQ(text("SELECT version FROM ticket"), "2");
}

TEST_F(threading, a_subject_token_is_believed_of_participants_only) {
    auto c = mail("m1");
    c.cc = {{"email", "o'neil\"\\@example.com", ""}};
    const auto first = receive(mailbox, c);
    auto known = mail("m2", "o'neil\"\\@example.com");
    known.mail.subject_token = std::to_string(*first.ticket_id);
    known.mail.vouched = true;
    EXPECT_EQ(receive(mailbox, known).ticket_id, first.ticket_id);
    auto stranger = mail("m3", "eve@example.com");
    stranger.mail.subject_token = known.mail.subject_token;
    stranger.mail.vouched = true;
    const auto theirs = receive(mailbox, stranger);
    EXPECT_NE(theirs.ticket_id, first.ticket_id);
    EXPECT_EQ(text("SELECT related_ticket_id FROM ticket WHERE id = " + std::to_string(*theirs.ticket_id)),
              std::to_string(*first.ticket_id));
}

TEST_F(threading, a_caller_joins_his_open_ticket) {
    const auto first = receive(phone, spoken("c1"));
    EXPECT_EQ(receive(phone, spoken("c2")).ticket_id, first.ticket_id);
    sql("UPDATE ticket SET last_contact_at = now() - interval '4 days'");
    EXPECT_NE(receive(phone, spoken("c3")).ticket_id, first.ticket_id);
}

TEST_F(threading, a_solved_ticket_waits_again_for_who_had_it) {
    const auto first = receive(mailbox, mail("m1"));
    sql("UPDATE ticket SET state = 'solved', solved_at = now(), disposition = 'resolved', owner_id = 1");
    auto machine = mail("m2");
    machine.mail.in_reply_to = {"m1"};
    machine.mail.machine = true;
    receive(mailbox, machine);
    EXPECT_EQ(text("SELECT state FROM ticket"), "solved");
    auto c = mail("m3");
    c.mail.in_reply_to = {"m1"};
    EXPECT_EQ(receive(mailbox, c).ticket_id, first.ticket_id);
    const auto row = sql("SELECT state, owner_id, preferred_agent_id, solved_at, disposition, version FROM ticket")[0];
    EXPECT_STREQ(row[0].c_str(), "waiting");
    EXPECT_TRUE(row[1].is_null());
    EXPECT_EQ(row[2].as<int>(), 1);
    EXPECT_TRUE(row[3].is_null());
    EXPECT_TRUE(row[4].is_null());
    EXPECT_EQ(row[5].as<int>(), 3);
    const auto event = json::parse(text("SELECT data FROM event ORDER BY id DESC LIMIT 1"));
    EXPECT_EQ(event["reopened"], true);
    EXPECT_EQ(text("SELECT agent_id FROM event ORDER BY id DESC LIMIT 1"), "1");
}

TEST_F(threading, a_delivery_report_moves_what_we_sent_forward) {
    const auto r = receive(mailbox, mail("m1"));
    sql("INSERT INTO contact (gateway_id, external_id, ticket_id, channel, direction, outcome, message_id, "
        "occurred_at, "
        "delivery, recipients) VALUES (1, 'out:1', " +
        std::to_string(*r.ticket_id) +
        ", 'email', 'out', 'sent', 'ours@x', "
        "now(), 'sent', '{\"to\": [{\"kind\": \"email\", \"value\": \"ada@example.com\", \"name\": \"\"}]}')");
    receive(mailbox, mail("m2", "bob@example.com"));
    const contact_event bounce{"bounce", "ours@x", std::nullopt,
                               R"({"recipients":[{"severity":"hard","address":"Ada@example.com",)"
                               R"("reason":"550 no such user"},)"
                               R"({"severity":"hard","address":"bob@example.com"}]})"};
    const auto told = receive(mailbox, bounce);
    EXPECT_EQ(told.outcome, "event");
    EXPECT_EQ(told.ticket_id, r.ticket_id);
    EXPECT_EQ(text("SELECT delivery FROM contact WHERE external_id = 'out:1'"), "failed");
    EXPECT_TRUE(receive(mailbox, bounce).duplicate);
    EXPECT_EQ(count("event WHERE type = 'contact.delivery'"), 1);
    EXPECT_EQ(text("SELECT string_agg(value || ': ' || bounce_reason, ', ') FROM customer_identity WHERE bounced_at IS "
                   "NOT NULL"),
              "ada@example.com: 550 no such user")
        << "and nobody whom that mail did not go to";
}

TEST_F(threading, a_bounce_of_what_was_never_ours_is_a_contact_that_somebody_sees) {
    auto letter = mail("b1", "mailer-daemon@elsewhere.example");
    letter.flags = {"bounce"};
    contact_event bounce{"bounce", "never@ours", std::nullopt, R"({"recipients":[]})"};
    bounce.unmatched = std::make_shared<const inbound_contact>(letter);
    const auto seen = receive(mailbox, bounce);
    EXPECT_EQ(seen.outcome, "bounce");
    EXPECT_TRUE(seen.ticket_id);
    EXPECT_EQ(count("contact_event"), 0);
    receive(mailbox, mail("never@ours")); // now it is known
    const auto again = receive(mailbox, bounce);
    EXPECT_TRUE(again.duplicate);
    EXPECT_EQ(again.contact_id, seen.contact_id) << "the same input, the same answer";
    EXPECT_EQ(count("contact_event"), 0);
}

TEST_F(threading, two_reports_on_one_mail_within_a_second_are_two) {
    const contact_event ada{"bounce", "ours@x", std::nullopt, R"({"recipients":[{"address":"ada@x"}]})"};
    const contact_event bob{"bounce", "ours@x", std::nullopt, R"({"recipients":[{"address":"bob@x"}]})"};
    EXPECT_FALSE(receive(mailbox, ada).duplicate);
    EXPECT_FALSE(receive(mailbox, bob).duplicate);
    EXPECT_TRUE(receive(mailbox, ada).duplicate);
    EXPECT_EQ(count("contact_event"), 2);
}

TEST_F(classification, follows_the_rules_after_a_reload) {
    sql(R"(INSERT INTO rule (position, name, conditions, actions) VALUES (1, 'money', '{"words": ["Rechnung"]}',
           '{"queue_id": 2, "priority": 8}'))");
    auto c = mail("m1");
    c.text = "Wo ist meine RECHNUNG?";
    EXPECT_EQ(text("SELECT queue_id FROM ticket WHERE id = " + std::to_string(*receive(mailbox, c).ticket_id)), "1");
    reload();
    c.external_id = c.mail.message_id = "m2";
    const auto id = std::to_string(*receive(mailbox, c).ticket_id);
    EXPECT_EQ(text("SELECT queue_id FROM ticket WHERE id = " + id), "2");
    EXPECT_EQ(text("SELECT priority FROM ticket WHERE id = " + id), "8");
}

TEST_F(receiving, relies_on_rows_that_nobody_can_delete) {
    receive(mailbox, mail("m1"));
    for (const char* table : {"gateway", "customer", "ticket", "contact"})
        EXPECT_THROW(sql(std::string{"DELETE FROM "} + table), pqxx::sql_error) << table;
}

TEST_F(classification, that_names_a_queue_which_went_away_meanwhile_is_done_again) {
    sql(R"(INSERT INTO rule (position, name, actions) VALUES (1, 'all', '{"queue_id": 2}'))");
    reload();
    sql("DELETE FROM queue WHERE id = 2");
    const auto r = receive(mailbox, mail("m1"));
    EXPECT_EQ(r.outcome, "ticketed");
    EXPECT_EQ(text("SELECT queue_id FROM ticket"), "1");
}

TEST_F(poison, is_quarantined_alone_and_its_neighbours_are_taken) {
    sql("ALTER TABLE contact ADD CHECK (subject <> 'poison')");
    auto first = start(mailbox, {mail("m0")});
    std::vector<std::future<std::vector<receipt>>> answers;
    for (int i = 1; i <= 21; ++i) {
        auto c = mail("m" + std::to_string(i));
        if (i % 10 == 0) c.subject = "poison";
        answers.push_back(start(mailbox, {c}, "bytes of " + std::to_string(i)));
    }
    settle();
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const auto r = answers[i].get().at(0);
        EXPECT_EQ(r.outcome, (i + 1) % 10 == 0 ? "quarantined" : "ticketed") << i;
    }
    EXPECT_EQ(count("contact"), 22);
    EXPECT_EQ(count("ticket"), 20);
    store::contacts contacts{db};
    const auto kept = wait(contacts.quarantined({.limit = 1, .after = 0}));
    ASSERT_THAT(kept.items, SizeIs(1));
    EXPECT_THAT(kept.items[0].quarantine.value(), testing::HasSubstr("violates check constraint"));
    EXPECT_THAT(kept.items[0].quarantine.value(), testing::Not(testing::HasSubstr("First line")))
        << "no words of theirs";
    EXPECT_EQ(wait(contacts.raw(kept.items[0].id)).value().body, "bytes of 20");
    ASSERT_TRUE(kept.next.has_value());
    const auto more = wait(contacts.quarantined({.limit = 1, .after = std::stoll(*kept.next)}));
    EXPECT_EQ(more.items.at(0).external_id, "m10");
    EXPECT_FALSE(more.next.has_value());
    auto again = mail("m10");
    again.subject = "poison";
    EXPECT_TRUE(receive(mailbox, again).duplicate);
}

TEST_F(poison, text_that_is_not_utf8_and_ids_too_long_for_the_index_are_kept_too) {
    auto broken = mail("m1");
    broken.text = "caf\xE9";
    EXPECT_EQ(receive(mailbox, broken).outcome, "quarantined");
    auto endless = mail("m2");
    endless.external_id = random_hex(10'000); // what repeats itself would be compressed into the index
    const auto r = receive(mailbox, endless);
    EXPECT_EQ(r.outcome, "quarantined");
    EXPECT_TRUE(receive(mailbox, endless).duplicate);
}

TEST_F(poison, that_cannot_even_be_quarantined_is_left_to_its_sender) {
    sql("ALTER TABLE contact ADD CHECK (external_id <> 'never')");
    auto first = start(mailbox, {mail("m0")});
    auto good = start(mailbox, {mail("m1")});
    auto bad = start(mailbox, {mail("never")});
    settle();
    EXPECT_EQ(good.get().at(0).outcome, "ticketed");
    EXPECT_THROW(bad.get(), store::unavailable);
}

TEST_F(chats, are_numbered_in_commit_order_and_replayed_without_gaps) {
    store::chat store{db, desk::rules_of_customers()};
    store::chat_session about;
    about.gateway_id = widget;
    about.name = "Visitor";
    const auto made = wait(store.create_session(about));
    const auto id = made.session.id;
    EXPECT_TRUE(wait(store.find_session(id, made.token, std::chrono::hours{1})).has_value());
    EXPECT_FALSE(wait(store.find_session(id, "wrong", std::chrono::hours{1})).has_value());
    EXPECT_FALSE(wait(store.find_session("nobody", made.token, std::chrono::hours{1})).has_value());

    intake::intake other{io.get_executor(), db};
    wait(other.reload());
    std::vector<std::future<std::vector<receipt>>> answers;
    for (int i = 0; i < 40; ++i)
        answers.push_back(start(widget, {said(id, std::to_string(i / 2))}, "raw", i % 2 == 0 ? &subject : &other));
    settle();
    std::map<std::string, std::set<std::int64_t>> seqs;
    for (int i = 0; i < 40; ++i)
        seqs[std::to_string(i / 2)].insert(answers[static_cast<std::size_t>(i)].get().at(0).seq.value());
    for (const auto& [message, numbers] : seqs) EXPECT_THAT(numbers, SizeIs(1)) << "a repeat has the same number";
    EXPECT_EQ(count("ticket"), 1);

    const auto messages = wait(store.messages_after(id, 5));
    ASSERT_THAT(messages, SizeIs(15));
    for (std::size_t i = 0; i < messages.size(); ++i) EXPECT_EQ(messages[i].seq, static_cast<std::int64_t>(i) + 6);
    EXPECT_EQ(messages[0].from, "customer");
    EXPECT_EQ(messages[0].text, "Message " + messages[0].client_msg_id);
    EXPECT_FALSE(wait(store.standing_of(id)).value().owner.has_value());
    sql("UPDATE ticket SET state = 'active', owner_id = 1");
    EXPECT_EQ(wait(store.standing_of(id)).value().owner.value().name, "Grace");
    wait(store.close_session(id));
    EXPECT_TRUE(wait(store.find_session(id, made.token, std::chrono::hours{1})).value().closed_at.has_value());
}

TEST_F(load, in_two_commits_at_once_keeps_the_order_of_what_belongs_together) {
    intake::intake_options pairs;
    pairs.group_contacts = 7; // many groups
    pairs.flood = 1;          // the second starts at once
    pairs.gather = {};
    intake::intake two{io.get_executor(), db, {}, pairs};
    wait(two.reload());
    constexpr int letters = 40, answers = 5;
    std::vector<std::future<std::vector<receipt>>> told;
    for (int i = 0; i < letters; ++i) { // each letter, and at its heels what answers it
        told.push_back(start(mailbox, {mail(fmt::format("l{}", i), fmt::format("c{}@example.com", i))}, "raw", &two));
        for (int k = 1; k <= answers; ++k) {
            auto answer = mail(fmt::format("l{}.{}", i, k), fmt::format("d{}.{}@example.com", i, k));
            answer.mail.references = {k == 1 ? fmt::format("l{}", i) : fmt::format("l{}.{}", i, k - 1)};
            told.push_back(start(mailbox, {std::move(answer)}, "raw", &two));
        }
    }
    settle();
    std::int64_t before = 0;
    for (std::size_t i = 0; i < told.size(); ++i) {
        const auto r = told[i].get().at(0);
        const bool is_letter = i % (answers + 1) == 0;
        if (is_letter) before = r.ticket_id.value();
        EXPECT_EQ(r.ticket_id, before) << i;
    }
    EXPECT_EQ(count("ticket"), letters);
    EXPECT_EQ(count("contact"), letters * (answers + 1));
    EXPECT_EQ(count("(SELECT id, lag(id) OVER (PARTITION BY ticket_id ORDER BY length(external_id), external_id) AS "
                    "earlier FROM "
                    "contact) c WHERE id < earlier"),
              0)
        << "an answer overtook what it answers";
}

TEST_F(load, past_the_bound_is_refused_and_what_was_taken_is_kept) {
    intake::intake_options tight;
    tight.waiting_contacts = 3;
    intake::intake small{io.get_executor(), db, {}, tight};
    wait(small.reload());
    std::vector<std::future<std::vector<receipt>>> answers;
    for (int i = 0; i < 10; ++i) answers.push_back(start(mailbox, {mail("m" + std::to_string(i))}, "raw", &small));
    settle();
    int taken = 0, refused = 0;
    for (auto& a : answers) {
        try {
            taken += a.get().at(0).outcome == "ticketed" ? 1 : 0;
        } catch (const overloaded&) {
            ++refused;
        }
    }
    EXPECT_EQ(taken, 4) << "one in flight, three waiting";
    EXPECT_EQ(refused, 6);
    EXPECT_EQ(count("contact"), 4);
}

TEST_F(load, without_a_database_fails_whole_and_works_again_afterwards) {
    receive(mailbox, mail("m0"));
    sql("UPDATE pg_database SET datallowconn = false WHERE datname = current_database()");
    {
        store::database gone{database.url(), {.connections = 1}};
        intake::intake cut{io.get_executor(), gone};
        EXPECT_THROW(wait(cut.reload()), store::unavailable);
        auto answer = start(mailbox, {mail("m1")}, "raw", &cut);
        settle();
        EXPECT_THROW(answer.get(), store::unavailable);
    }
    EXPECT_EQ(receive(mailbox, mail("m1")).outcome, "ticketed") << "this node has its connection still";
}

} // namespace
} // namespace switchboard

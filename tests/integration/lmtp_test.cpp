// Mail that is handed over by LMTP and SMTP: by a client that says anything, and by Debian's own Postfix, with the
// server and its database failing under it.

#include "support/contact_center.hpp"
#include "support/mail_client.hpp"
#include "support/postfix.hpp"
#include "support/secret_key.hpp"
#include "support/spawned_server.hpp"
#include "support/tcp_proxy.hpp"
#include "support/temporary_folder.hpp"

#include <switchboard/channels/reply_address.hpp>
#include <switchboard/store/cluster.hpp>
#include <switchboard/store/database.hpp>
#include <switchboard/store/outbox.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include <atomic>
#include <csignal>
#include <optional>

namespace switchboard::test {
namespace {

using nlohmann::json;
using testing::Each;
using testing::ElementsAre;
using testing::SizeIs;
using testing::StartsWith;

std::string letter(const std::string& id, const std::string& to = "help@shop.example") {
    return fmt::format(
        "From: Ada <ada@example.com>\r\nTo: {}\r\nSubject: Kettle\r\nMessage-ID: <{}@example.com>\r\n\r\nIt leaks.\r\n",
        to, id);
}

class lmtp : public testing::Test {
protected:
    lmtp() {
        queue = center.queue("Support");
        help = center.gateway(
            "help", "email", queue,
            {{"from_address", "answers@shop.example"}, {"settings", {{"own_addresses", {"Help@shop.example"}}}}});
        sales = center.gateway("sales", "email", queue, {{"settings", {{"own_addresses", {"sales@shop.example"}}}}});
        relay.emplace(center.server.lmtp_port());
        relay->greet();
    }

    std::int64_t contacts(const std::string& gateway) const {
        return center.number("SELECT count(*) FROM contact c JOIN gateway g ON g.id = c.gateway_id WHERE g.name = '" +
                             gateway + "'");
    }
    /// What signs reply addresses. It lies sealed in the database.
    std::string instance_secret() const {
        store::database db{center.server.database_url(), {.connections = 1}};
        store::outbox box{db, secret_box::with_keys(secret_key).value()};
        boost::asio::io_context io{1};
        auto read = boost::asio::co_spawn(io, box.instance_secret(), boost::asio::use_future);
        io.run();
        return read.get().reveal();
    }
    json details(const std::string& message_id) const {
        return json::parse(
            center.sql("SELECT details FROM contact WHERE message_id = '" + message_id + "@example.com'"));
    }

    const std::uint16_t smtp_port = free_port();
    contact_center center{[this](config& c) {
        c.mail_lmtp_listen = "127.0.0.1:0";
        c.mail_smtp_listen = fmt::format("127.0.0.1:{}", smtp_port);
        c.mail_max_message_mb = 1;
    }};
    std::int64_t queue = 0, help = 0, sales = 0;
    std::optional<mail_client> relay;
};

TEST_F(lmtp, keeps_a_mail_with_its_envelope_before_it_says_250) {
    EXPECT_THAT(relay->deliver("bounce+7@example.com", {"help@shop.example"}, letter("one")),
                ElementsAre(StartsWith("250 2.0.0")));
    EXPECT_EQ(contacts("help"), 1);
    EXPECT_EQ(center.sql("SELECT t.subject FROM ticket t JOIN contact c ON c.ticket_id = t.id"), "Kettle");
    EXPECT_EQ(details("one")["envelope"],
              (json{{"rcpt", {"help@shop.example"}}, {"mail_from", "bounce+7@example.com"}}));
    EXPECT_EQ(center.sql("SELECT convert_from(body, 'UTF8') FROM contact_raw"), letter("one")) << "byte by byte";
    EXPECT_EQ(center.sql("SELECT remote FROM contact_raw"), "127.0.0.1");
}

TEST_F(lmtp, makes_nothing_new_of_a_repeat) {
    relay->deliver("a@example.com", {"help@shop.example"}, letter("one"));
    EXPECT_THAT(relay->deliver("a@example.com", {"help@shop.example"}, "Received: from elsewhere\r\n" + letter("one")),
                ElementsAre(StartsWith("250 ")));
    EXPECT_EQ(contacts("help"), 1);
}

TEST_F(lmtp, knows_our_mailboxes_and_no_others) {
    relay->say("MAIL FROM:<a@example.com>");
    for (const auto* ours :
         {"help@shop.example", "HELP@Shop.Example", "help+anything@shop.example", "answers@shop.example"})
        EXPECT_THAT(relay->say(fmt::format("RCPT TO:<{}>", ours)), StartsWith("250 2.1.5")) << ours;
    for (const auto* other :
         {"boss@shop.example", "help@example.com", "help", "+@shop.example", "helpdesk@shop.example"})
        EXPECT_THAT(relay->say(fmt::format("RCPT TO:<{}>", other)), StartsWith("550 5.1.1")) << other;
}

TEST_F(lmtp, knows_a_mailbox_as_soon_as_it_is_made_and_keeps_waiting_for_one_that_is_switched_off) {
    const auto fresh =
        center.gateway("fresh", "email", queue, {{"settings", {{"own_addresses", {"fresh@shop.example"}}}}});
    relay->say("MAIL FROM:<a@example.com>");
    EXPECT_THAT(relay->say("RCPT TO:<fresh@shop.example>"), StartsWith("250 "));
    center.admin.patch("/api/v1/gateways/" + std::to_string(fresh), {{"enabled", false}});
    eventually([&] { return relay->say("RCPT TO:<fresh@shop.example>").starts_with("450 4.2.1"); }, "it is off");
}

TEST_F(lmtp, makes_one_contact_for_the_mailboxes_of_a_queue_and_one_for_each_other_queue) {
    center.gateway("bills", "email", center.queue("Bills"), {{"from_address", "bills@shop.example"}});
    EXPECT_THAT(
        relay->deliver("a@example.com",
                       {"help@shop.example", "sales@shop.example", "help+tag@shop.example", "bills@shop.example"},
                       letter("one")),
        testing::AllOf(SizeIs(4), Each(StartsWith("250 "))));
    EXPECT_EQ(contacts("help"), 1);
    EXPECT_EQ(contacts("sales"), 0) << "the queue has it already";
    EXPECT_EQ(center.number("SELECT gateway_id FROM contact_event WHERE type = 'delivered_again'"), sales);
    EXPECT_EQ(contacts("bills"), 1);
    const auto envelope = json::parse(center.sql(
        "SELECT c.details FROM contact c JOIN gateway g ON g.id = c.gateway_id WHERE g.name = 'help'"))["envelope"];
    EXPECT_EQ(envelope["rcpt"], (json{"help@shop.example", "help+tag@shop.example"}));
    EXPECT_EQ(center.number("SELECT (details->>'same_message_id_as')::bigint FROM contact WHERE "
                            "details->>'same_message_id_as' IS NOT NULL"),
              center.number("SELECT min(id) FROM contact"))
        << "the second names the first";
}

TEST_F(lmtp, brings_an_answer_to_the_ticket_that_its_envelope_names) {
    relay->deliver("a@example.com", {"help@shop.example"}, letter("one"));
    const auto ticket = center.number("SELECT ticket_id FROM contact");
    const auto address = channels::reply_address("answers@shop.example", ticket, instance_secret());
    relay->deliver("b@example.com", {address}, letter("two", "undisclosed-recipients:;"));
    EXPECT_EQ(center.sql("SELECT ticket_id FROM contact WHERE message_id = 'two@example.com'"), std::to_string(ticket));
}

TEST_F(lmtp, knows_a_bounce_by_its_null_sender) {
    relay->deliver("", {"help@shop.example"}, letter("one"));
    EXPECT_EQ(details("one")["envelope"]["mail_from"], "");
    EXPECT_THAT(center.sql("SELECT flags FROM contact"), testing::HasSubstr("machine"));
}

TEST_F(lmtp, keeps_what_it_cannot_understand) {
    EXPECT_THAT(relay->deliver("a@example.com", {"help@shop.example"}, "\x01\x02 no header at all\r\n"),
                ElementsAre(StartsWith("250 ")));
    EXPECT_EQ(center.sql("SELECT outcome FROM contact"), "quarantined");
}

TEST_F(lmtp, refuses_what_is_too_large_and_a_bare_line_feed) {
    const auto large = letter("one") + std::string(1u << 20, 'x') + "\r\n";
    EXPECT_THAT(relay->deliver("a@example.com", {"help@shop.example"}, large), ElementsAre(StartsWith("552 5.3.4")));
    EXPECT_THAT(relay->deliver("a@example.com", {"help@shop.example"}, letter("two") + "bare\nfeed\r\n"),
                ElementsAre(StartsWith("550 5.5.2")));
    EXPECT_EQ(contacts("help"), 0);
    EXPECT_THAT(relay->deliver("a@example.com", {"help@shop.example"}, letter("three")),
                ElementsAre(StartsWith("250 ")));
}

TEST_F(lmtp, has_a_sister_that_speaks_smtp_and_gives_one_answer) {
    EXPECT_EQ(relay->say("EHLO client.test").substr(0, 3), "500");
    mail_client sender{smtp_port};
    sender.greet(false);
    EXPECT_THAT(sender.deliver("a@example.com", {"help@shop.example", "sales@shop.example"}, letter("one")),
                ElementsAre(StartsWith("250 ")));
    EXPECT_EQ(contacts("help"), 1);
    EXPECT_EQ(center.number("SELECT gateway_id FROM contact_event WHERE type = 'delivered_again'"), sales);
    EXPECT_THAT(sender.say("MAIL FROM:<a@example.com>"), StartsWith("250 "));
    EXPECT_THAT(sender.say("RCPT TO:<somebody@elsewhere.example>"), StartsWith("550 5.1.1")) << "it relays for nobody";
    EXPECT_THAT(center.server.operators().get("/metrics").body, testing::HasSubstr("switchboard_mail_connections 2\n"));
}

// --- Postfix --------------------------------------------------------------------------------------------------------

/// The real program with the demo contact center over a PostgreSQL that can be stopped, a database for each test;
/// Postfix hands mail over to `port`.
class behind_postfix : public testing::Test {
protected:
    static void TearDownTestSuite() {
        postgres.reset();
        here.reset();
    }
    void SetUp() override {
        if (const auto why = postfix::missing(); !why.empty()) GTEST_SKIP() << why;
        if (!postgres) postgres.emplace(here.emplace("postfix").path() / "postgres");
        static int made = 0;
        name = fmt::format("behind_postfix_{}", ++made);
        pqxx::connection c{postgres->url()};
        pqxx::nontransaction{c}.exec("CREATE DATABASE " + name);
        start();
    }
    std::string url() const { return postgres->url(name); }
    void start() {
        const spawned_server::environment settings{{"SWITCHBOARD_DATABASE_URL", url()},
                                                   {"SWITCHBOARD_MAIL_LMTP_LISTEN", fmt::format("127.0.0.1:{}", port)}};
        const std::vector<std::string> how{"serve", "--demo"};
        server = std::make_unique<spawned_server>(how, settings);
    }
    std::string sql(const std::string& text) const {
        pqxx::connection c{url()};
        const auto rows = pqxx::nontransaction{c}.exec(text);
        return rows.empty() ? "" : rows[0][0].c_str();
    }
    std::string kept() const {
        return sql("SELECT count(DISTINCT external_id) || ' mails, ' || count(*) || ' rows' FROM contact WHERE "
                   "external_id LIKE 'mail-%@example.com'");
    }
    static void hand_in(const postfix& relay, int first, int count) {
        mail_client sender{relay.port()};
        sender.greet(false);
        for (int i = first; i < first + count; ++i) hand_in(sender, i);
    }
    static void hand_in(mail_client& sender, int number) {
        EXPECT_THAT(sender.deliver("ada@example.com", {ours}, letter(fmt::format("mail-{}", number))),
                    ElementsAre(StartsWith("250 ")));
    }
    /// Twenty mails a second, for so long: how many.
    static int hand_in_for(const postfix& relay, int first, std::chrono::seconds how_long) {
        mail_client sender{relay.port()};
        sender.greet(false);
        const auto begin = std::chrono::steady_clock::now();
        int sent = 0;
        for (auto due = begin; due < begin + how_long; due = begin + ++sent * std::chrono::milliseconds{50}) {
            std::this_thread::sleep_until(due);
            hand_in(sender, first + sent);
        }
        return sent;
    }
    static void until_drained(const postfix& relay) {
        const auto latest = std::chrono::steady_clock::now() + std::chrono::seconds{120};
        while (relay.queued() > 0 && std::chrono::steady_clock::now() < latest)
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
        EXPECT_EQ(relay.queued(), 0u) << relay.log();
        EXPECT_THAT(relay.log(), testing::Not(testing::HasSubstr("status=bounced")));
    }

    static constexpr auto ours = "support@example.com";
    static inline std::optional<temporary_folder> here;
    static inline std::optional<store::cluster> postgres;
    std::string name; // of the database
    std::uint16_t port = free_port();
    std::unique_ptr<spawned_server> server;
};

TEST_F(behind_postfix, gets_each_mail_once) {
    const postfix relay{port};
    hand_in(relay, 0, 50);
    until_drained(relay);
    EXPECT_EQ(kept(), "50 mails, 50 rows");
    const auto envelope =
        json::parse(sql("SELECT details FROM contact WHERE external_id = 'mail-7@example.com'"))["envelope"];
    EXPECT_EQ(envelope, (json{{"rcpt", {ours}}, {"mail_from", "ada@example.com"}}));
    mail_client stranger{relay.port()};
    stranger.greet(false);
    stranger.deliver("ada@example.com", {"nobody@example.com"}, letter("lost"));
    eventually([&] { return relay.log().contains("550 5.1.1"); }, "Postfix learns that there is no such mailbox");
}

TEST_F(behind_postfix, killed_before_the_commit_gets_the_mail_again) {
    const postfix relay{port};
    auto blocker = std::make_unique<pqxx::connection>(url());
    auto lock = std::make_unique<pqxx::work>(*blocker);
    lock->exec("LOCK TABLE contact IN EXCLUSIVE MODE");
    hand_in(relay, 0, 1);
    eventually([&] { return sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") == "1"; },
               "the commit waits");
    server->end_by(SIGKILL);
    lock.reset();
    EXPECT_EQ(kept(), "0 mails, 0 rows");
    start();
    until_drained(relay);
    EXPECT_EQ(kept(), "1 mails, 1 rows");
}

TEST_F(behind_postfix, killed_between_the_commit_and_250_keeps_one_row) {
    std::atomic<int> answers = 0;
    std::atomic<bool> killed = false;
    tcp_proxy wire{port, [&](bool to_client, std::string_view bytes) -> std::size_t {
                       if (!to_client || !bytes.contains("250 2.0.0 kept") || ++answers > 1) return bytes.size();
                       server->end_by(SIGKILL); // what it said is true, and nobody has heard it
                       killed = true;
                       return 0;
                   }};
    const postfix relay{wire.port()};
    hand_in(relay, 0, 1);
    eventually([&] { return killed.load(); }, "the server says 250");
    EXPECT_EQ(kept(), "1 mails, 1 rows") << "it is committed";
    EXPECT_EQ(relay.queued(), 1u) << "Postfix does not know";
    start();
    until_drained(relay);
    EXPECT_EQ(answers, 2) << "it was handed over again";
    EXPECT_EQ(kept(), "1 mails, 1 rows");
}

/// How long the database is away here; a minute by ./run faults.
std::chrono::seconds outage() {
    const char* set = std::getenv("SWITCHBOARD_TEST_OUTAGE_S");
    return std::chrono::seconds{set != nullptr ? std::atoi(set) : 3};
}

TEST_F(behind_postfix, outlives_its_database_under_load_and_drains_the_queue_by_itself) {
    const postfix relay{port};
    hand_in(relay, 0, 20);
    const auto begin = std::chrono::steady_clock::now();
    postgres->stop();
    int sent = 20;
    sent += hand_in_for(relay, sent, outage());
    eventually([&] { return relay.log().contains("451 4.3.0"); }, "Postfix is told to come again");
    const auto waited = relay.queued();
    EXPECT_GE(waited + 20, static_cast<std::size_t>(sent)) << "nothing was promised meanwhile";
    postgres.reset();
    postgres.emplace(here->path() / "postgres");
    const std::chrono::duration<double> away = std::chrono::steady_clock::now() - begin;
    sent += hand_in_for(relay, sent, std::chrono::seconds{1});
    const auto back = std::chrono::steady_clock::now();
    until_drained(relay);
    EXPECT_EQ(kept(), fmt::format("{0} mails, {0} rows", sent));
    EXPECT_EQ(sql("SELECT count(*) FROM ticket t JOIN contact c ON c.ticket_id = t.id WHERE c.external_id LIKE "
                  "'mail-%@example.com'"),
              std::to_string(sent));
    fmt::print("{} mails; away for {:.0f} s, {} in Postfix's queue then, drained {:.1f} s later\n", sent, away.count(),
               waited, std::chrono::duration<double>(std::chrono::steady_clock::now() - back).count());
}

} // namespace
} // namespace switchboard::test

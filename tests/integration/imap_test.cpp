// Mailboxes that are fetched from Debian's own Dovecot, with the line cut at every point.

#include "support/contact_center.hpp"
#include "support/dovecot.hpp"
#include "support/tcp_proxy.hpp"

#include <switchboard/intake/accept.hpp>
#include <switchboard/mailbox/fetcher.hpp>
#include <switchboard/store/mailbox_states.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include <atomic>
#include <optional>
#include <thread>

namespace switchboard::test {
namespace {

namespace asio = boost::asio;
using nlohmann::json;
using testing::HasSubstr;
using namespace std::chrono_literals;

constexpr auto user = "support@shop.example";

std::string letter(int number, const std::string& more = {}) {
    return fmt::format(
        "From: Ada <ada@example.com>\nTo: {}\nSubject: Letter {}\nMessage-ID: <{}@imap.example>\n{}\n.It leaks.\n",
        user, number, number, more);
}

/// One process that fetches, over a database that several may share.
class node {
public:
    node(const std::string& database_url, const std::string& name) : db{database_url, {.connections = 2}} {
        imap::fetcher_options o;
        o.node = name;
        o.first_pause = 1ms;
        o.longest_pause = 50ms;
        fetching.emplace(
            io.get_executor(), states, [this] { return in.config(); },
            [this](const intake::intake_gateway& from, http::request r) { return take(from, std::move(r)); }, o);
        thread = std::thread{[this] { io.run(); }};
        asio::co_spawn(io, in.reload(), asio::use_future).get();
        done = asio::co_spawn(io, fetching->run(), asio::use_future);
    }
    ~node() {
        asio::post(io, [this] { fetching->stop(); });
        done.get();
        idle.reset();
        thread.join();
    }

    /// The gateways have changed, and whoever waits looks at once.
    void look() {
        asio::co_spawn(io, in.reload(), asio::use_future).get();
        asio::post(io, [this] { fetching->wake(); });
    }

    std::atomic<int> taken = 0;

private:
    asio::awaitable<void> take(const intake::intake_gateway& from, http::request r) {
        co_await intake::accept(in, pool, from, r);
        ++taken;
    }

    asio::io_context io{1};
    asio::executor_work_guard<asio::io_context::executor_type> idle{io.get_executor()};
    store::database db;
    offload_pool pool{1, 100};
    intake::intake in{io.get_executor(), db};
    store::mailbox_states states{db};
    std::optional<imap::fetcher> fetching;
    std::future<void> done;
    std::thread thread;
};

class mailbox : public testing::Test {
protected:
    void SetUp() override {
        if (const auto why = dovecot::missing(); !why.empty()) GTEST_SKIP() << why;
        server.emplace();
        sql("INSERT INTO queue (name) VALUES ('Support')");
    }

    void gateway(const std::string& after, std::uint16_t port, std::int64_t poll_s = 1,
                 const std::string& tls = "none") {
        const json settings{{"own_addresses", {user}},
                            {"imap",
                             {{"host", "127.0.0.1"},
                              {"port", port},
                              {"tls", tls},
                              {"user", user},
                              {"password", "secret"},
                              {"after", after},
                              {"poll_s", poll_s}}}};
        sql("INSERT INTO gateway (name, kind, queue_id, settings) SELECT 'post', 'email', id, '" + settings.dump() +
            "' FROM queue ON CONFLICT (name) DO UPDATE SET settings = excluded.settings");
    }
    std::string sql(const std::string& text) const {
        pqxx::connection c{database.url()};
        const auto rows = pqxx::nontransaction{c}.exec(text);
        return rows.empty() || rows[0][0].is_null() ? "" : rows[0][0].c_str();
    }
    int rows() const { return std::stoi(sql("SELECT count(*) FROM contact")); }
    int mails() const {
        return std::stoi(
            sql("SELECT count(DISTINCT external_id) FROM contact WHERE external_id LIKE '%@imap.example'"));
    }
    std::string state(const std::string& column) const { return sql("SELECT " + column + " FROM mailbox_state"); }
    void put(int first, int count) {
        for (int i = first; i < first + count; ++i) server->put(user, letter(i));
    }

    fresh_database database;
    std::optional<dovecot> server;
};

struct habit {
    std::string after;
    std::size_t in_inbox, seen, moved; // of ten
};
class mailbox_after : public mailbox, public testing::WithParamInterface<habit> {};

TEST_P(mailbox_after, a_commit_is_left_as_its_gateway_says_and_nothing_is_fetched_again) {
    const auto& [after, in_inbox, seen, moved] = GetParam();
    put(0, 9);
    server->put(user, letter(9, "X-Odd: \xff\xfe\n"));
    gateway(after, server->port());
    node n{database.url(), "a"};
    eventually([&] { return state("last_uid") == "10" && !state("last_success_at").empty(); }, "ten mails");
    EXPECT_EQ(rows(), 10);
    EXPECT_EQ(mails(), 10);
    EXPECT_EQ(server->count(user), in_inbox);
    EXPECT_EQ(server->count(user, "INBOX", true), seen);
    EXPECT_EQ(server->count(user, "Done"), moved);
    EXPECT_EQ(sql("SELECT convert_from(body, 'UTF8') FROM contact_raw r JOIN contact c ON c.id = r.contact_id WHERE "
                  "external_id = '3@imap.example'")
                  .substr(0, 26),
              "From: Ada <ada@example.com")
        << "as it is in the mailbox";
    put(10, 1);
    n.look();
    eventually([&] { return n.taken >= 11; }, "and the next one");
    EXPECT_EQ(n.taken, 11) << "none was fetched twice";
    EXPECT_EQ(rows(), 11);
}

INSTANTIATE_TEST_SUITE_P(each, mailbox_after,
                         testing::Values(habit{"keep", 10, 0, 0}, habit{"seen", 10, 10, 0}, habit{"delete", 0, 0, 0},
                                         habit{"move:Done", 0, 0, 10}),
                         [](const auto& p) { return p.param.after.substr(0, 4); });

TEST_F(mailbox, loses_and_doubles_nothing_wherever_the_line_is_cut) {
    std::atomic<std::size_t> left = 0; // bytes until the next cut; 0 = it holds
    std::atomic<int> cuts = 0;
    const tcp_proxy wire{server->port(), [&](bool to_client, std::string_view bytes) -> std::size_t {
                             const auto until = left.load();
                             if (!to_client || until == 0) return bytes.size();
                             if (bytes.size() < until) {
                                 left = until - bytes.size();
                                 return bytes.size();
                             }
                             left = 0;
                             ++cuts;
                             return until - 1;
                         }};
    gateway("move:Done", wire.port(), 3600);
    node n{database.url(), "a"};
    int sent = 0;
    constexpr std::size_t step = 13; // a prime: it falls on every place of every line by and by
    std::size_t at = 1;
    for (int whole = 0; whole < 2; at += step) { // until a whole session is shorter than what is let through
        const auto before = cuts.load();
        left = at;
        put(sent++, 1);
        n.look();
        eventually([&] { return server->count(user, "Done") == static_cast<std::size_t>(sent); },
                   fmt::format("cut behind byte {}\n{}", at, state("last_error")));
        if (HasFailure()) return;
        whole = cuts == before ? whole + 1 : 0;
    }
    EXPECT_GT(cuts, 60);
    EXPECT_EQ(rows(), sent) << "once each";
    EXPECT_EQ(mails(), sent);
    EXPECT_EQ(server->count(user), 0u);
    fmt::print("{} mails, {} cuts, the last behind byte {}; {} fetched\n", sent, cuts.load(), at, n.taken.load());
}

TEST_F(mailbox, that_could_not_be_settled_after_the_commit_is_fetched_again_and_stays_one_row) {
    std::atomic<int> moves = 0;
    const tcp_proxy wire{server->port(), [&](bool to_client, std::string_view bytes) -> std::size_t {
                             if (to_client || !bytes.contains("UID MOVE") || moves++ > 0) return bytes.size();
                             return 0; // as when this process dies between commit and move
                         }};
    put(0, 1);
    gateway("move:Done", wire.port());
    node n{database.url(), "a"};
    eventually([&] { return server->count(user, "Done") == 1; }, "it is moved in the end");
    EXPECT_EQ(n.taken, 2);
    EXPECT_EQ(rows(), 1);
}

TEST_F(mailbox, waits_for_a_server_that_is_dead) {
    put(0, 3);
    server->stop();
    gateway("delete", server->port());
    node n{database.url(), "a"};
    eventually([&] { return state("last_error").contains("cannot reach the mail server"); }, "its health says so");
    server->start();
    eventually([&] { return rows() == 3 && state("last_error").empty(); }, "and says when it is well again");
    server->stop();
    n.look();
    eventually([&] { return !state("last_error").empty(); }, "it is dead again");
    put(3, 3);
    server->start();
    eventually([&] { return rows() == 6; }, "nothing is lost");
    eventually([&] { return server->count(user) == 0; }, "and it is settled");
}

TEST_F(mailbox, goes_on_behind_a_bad_mail) {
    put(0, 20);
    server->put(user, std::string{"\x01\x02\x03 no mail at all\n"});
    server->put(user, "");
    put(20, 20);
    gateway("seen", server->port());
    node n{database.url(), "a"};
    eventually([&] { return state("last_uid") == "42"; }, "all of it");
    EXPECT_EQ(mails(), 40);
    EXPECT_EQ(sql("SELECT count(*) FROM contact WHERE outcome = 'quarantined'"), "2");
}

TEST_F(mailbox, passes_over_a_mail_that_its_server_cannot_give_and_says_so) {
    put(0, 3);
    server->make_unreadable(user, 1);
    gateway("delete", server->port());
    node n{database.url(), "a"};
    eventually([&] { return mails() == 2; }, "those in front of it and behind it");
    eventually([&] { return server->count(user) == 1; }, "it stays where it is");
    EXPECT_EQ(sql("SELECT count(*) FROM contact WHERE outcome = 'quarantined'"), "1");
    EXPECT_THAT(sql("SELECT convert_from(body, 'UTF8') FROM contact_raw r JOIN contact c ON c.id = r.contact_id WHERE "
                    "outcome = 'quarantined'"),
                HasSubstr("does not give mail 2 of " + std::string{user}));
}

TEST_F(mailbox, never_sends_its_password_over_an_open_line_that_was_to_be_closed) {
    std::string said;
    std::atomic<int> lines = 0;
    std::optional<tcp_proxy> wire;
    wire.emplace(server->port(), [&](bool to_client, std::string_view bytes) {
        if (!to_client) said += bytes;
        lines += !to_client;
        return bytes.size();
    });
    for (const std::string tls :
         {"starttls", "implicit"}) { // Dovecot has neither here, as if somebody had taken it out
        sql("UPDATE mailbox_state SET last_error = ''");
        lines = 0;
        gateway("keep", wire->port(), 3600, tls);
        node n{database.url(), "a"};
        eventually([&] { return state("last_error").contains("cannot reach the mail server"); }, tls);
        EXPECT_GT(lines, 0);
    }
    wire.reset();
    EXPECT_THAT(said, testing::AllOf(testing::Not(HasSubstr("secret")), testing::Not(HasSubstr("LOGIN")),
                                     testing::Not(HasSubstr("AUTHENTICATE"))));
}

TEST_F(mailbox, with_new_numbers_is_looked_at_again_and_makes_nothing_new) {
    put(0, 5);
    gateway("keep", server->port());
    node n{database.url(), "a"};
    eventually([&] { return state("last_uid") == "5"; }, "five mails");
    const auto before = state("uidvalidity");
    server->stop();
    server->renumber(user);
    server->start();
    put(5, 1);
    eventually([&] { return state("uidvalidity") != before && state("last_uid") == "6"; }, "the sixth");
    EXPECT_EQ(n.taken, 11) << "all were looked at again";
    EXPECT_EQ(rows(), 6);
    EXPECT_EQ(mails(), 6);
}

TEST_F(mailbox, is_fetched_by_one_node_at_a_time) {
    put(0, 60);
    gateway("keep", server->port());
    node a{database.url(), "a"}, b{database.url(), "b"};
    for (int i = 0; i < 5; ++i) {
        a.look();
        b.look();
    }
    eventually([&] { return state("last_uid") == "60"; }, "sixty mails");
    a.look();
    b.look();
    eventually([&] { return state("claimed_by").empty(); }, "both rest");
    EXPECT_EQ(a.taken + b.taken, 60);
    EXPECT_EQ(rows(), 60);
}

// --- In the whole server --------------------------------------------------------------------------------------------

class mail_gateway : public testing::Test {
protected:
    void SetUp() override {
        if (const auto why = dovecot::missing(); !why.empty()) GTEST_SKIP() << why;
        server.emplace();
    }
    json imap(const std::string& password = "secret") const {
        return {{"host", "127.0.0.1"}, {"port", server->port()}, {"tls", "none"},
                {"user", user},        {"password", password},   {"poll_s", 1}};
    }
    json gateway_as(const client& who) const { return who.get("/api/v1/gateways/" + std::to_string(id)).json(); }

    std::optional<dovecot> server;
    contact_center center;
    std::int64_t queue = center.queue("Support"), id = 0;
};

TEST_F(mail_gateway, that_fetches_makes_tickets_and_shows_its_health) {
    server->put(user, letter(1));
    id = center.gateway("post", "email", queue, {{"settings", {{"imap", imap("wrong")}}}});
    eventually([&] { return gateway_as(center.admin)["health"].is_object(); }, "it has tried");
    EXPECT_THAT(gateway_as(center.admin)["health"]["last_error"], "the mail server refuses the user or the password");
    EXPECT_TRUE(gateway_as(center.admin)["health"]["last_success_at"].is_null());

    EXPECT_EQ(center.admin.patch("/api/v1/gateways/" + std::to_string(id), {{"settings", {{"imap", imap()}}}}).status,
              200);
    eventually([&] { return center.sql("SELECT subject FROM ticket") == "Letter 1"; }, "a ticket");
    eventually([&] { return gateway_as(center.admin)["health"]["last_error"] == ""; }, "it is well");
    EXPECT_FALSE(gateway_as(center.admin)["health"]["last_success_at"].is_null());
    EXPECT_EQ(gateway_as(center.admin)["settings"]["imap"]["password"]["set"], true);
    EXPECT_EQ(center.sql("SELECT settings->'imap' ? 'password' FROM gateway"), "f") << "it lies sealed elsewhere";
}

TEST_F(mail_gateway, fetches_over_tls_from_a_server_whose_authority_it_is_told) {
    const test_authority ours;
    server.emplace(ours.issue("127.0.0.1"));
    const std::map<std::string, std::uint16_t> ways{{"implicit", server->tls_port()}, {"starttls", server->port()}};
    for (const auto& [tls, port] : ways) {
        server->put(user, letter(port));
        auto settings = imap();
        settings.update({{"tls", tls}, {"port", port}, {"ca", ours.pem()}});
        // Of a queue of its own: two mailboxes of one queue get one contact of a mail.
        id = center.gateway(tls, "email", center.queue(tls), {{"settings", {{"imap", settings}}}});
        const auto fetched =
            fmt::format("SELECT count(*) FROM contact WHERE gateway_id = {} AND subject = 'Letter {}'", id, port);
        eventually([&] { return center.number(fetched) == 1; }, tls);
        eventually([&] { return gateway_as(center.admin)["health"]["last_error"] == ""; }, "it is well");
        EXPECT_EQ(gateway_as(center.admin)["settings"]["imap"]["ca"], ours.pem());
    }
    EXPECT_THAT(server->log(), HasSubstr("TLS"));
}

TEST_F(mail_gateway, refuses_a_server_that_nobody_it_trusts_vouches_for_and_says_so) {
    const test_authority ours, another;
    server.emplace(ours.issue("127.0.0.1"));
    server->put(user, letter(1));
    const std::vector<json> wrong_ones{{{"ca", another.pem()}},                      // somebody in between
                                       {{"ca", ""}},                                 // the system's know it not
                                       {{"ca", ours.pem()}, {"host", "localhost"}}}; // it is for another name
    int n = 0;
    for (const auto* tls : {"implicit", "starttls"})
        for (const auto& wrong : wrong_ones) {
            auto settings = imap();
            settings.update(
                {{"tls", tls}, {"port", tls == std::string{"starttls"} ? server->port() : server->tls_port()}});
            settings.update(wrong);
            id = center.gateway("post-" + std::to_string(++n), "email", queue, {{"settings", {{"imap", settings}}}});
            eventually(
                [&] {
                    const auto health = gateway_as(center.admin)["health"];
                    return health.is_object() && health["last_error"] != "";
                },
                "it has tried");
            EXPECT_THAT(gateway_as(center.admin)["health"]["last_error"].get<std::string>(),
                        testing::StartsWith("the mail server's certificate is not trusted: "))
                << tls << ' ' << n;
            EXPECT_TRUE(gateway_as(center.admin)["health"]["last_success_at"].is_null());
        }
    EXPECT_EQ(center.number("SELECT count(*) FROM contact"), 0);
    EXPECT_THAT(server->log(), testing::Not(HasSubstr("Login: ")));
}

TEST_F(mail_gateway, makes_a_contact_at_each_of_two_mailboxes_of_two_queues_that_have_the_same_mail) {
    const auto two = [&](const std::string& name, const std::string& whose) {
        auto settings = imap();
        settings["user"] = whose;
        return center.gateway(name, "email", center.queue(name), {{"settings", {{"imap", settings}}}});
    };
    for (const auto* whose : {user, "sales@shop.example"}) server->put(whose, letter(1));
    const auto first = two("help", user);
    eventually([&] { return center.number("SELECT count(*) FROM contact") == 1; }, "one mailbox");
    const auto second = two("sales", "sales@shop.example");
    eventually([&] { return center.number("SELECT count(*) FROM contact") == 2; }, "and the other");
    EXPECT_EQ(center.number("SELECT count(*) FROM ticket"), 2);
    EXPECT_EQ(center.number("SELECT gateway_id FROM contact WHERE NOT details::jsonb ? 'same_message_id_as'"), first);
    EXPECT_EQ(center.sql("SELECT b.gateway_id FROM contact a JOIN contact b ON "
                         "(b.details->>'same_message_id_as')::bigint = a.id"),
              std::to_string(second));
}

TEST_F(mail_gateway, takes_its_password_from_the_environment) {
    ::setenv("SWITCHBOARD_IMAP_TEST", "secret", 1);
    server->put(user, letter(1));
    center.gateway("post", "email", queue, {{"settings", {{"imap", imap("env:SWITCHBOARD_IMAP_TEST")}}}});
    eventually([&] { return center.sql("SELECT subject FROM ticket") == "Letter 1"; }, "a ticket");
}

TEST_F(mail_gateway, is_told_what_is_wrong_with_its_settings) {
    const auto wrong = [&](const std::string& field, const json& value) {
        auto settings = imap();
        settings[field] = value;
        const auto answer = center.admin.post(
            "/api/v1/gateways",
            {{"name", "post"}, {"kind", "email"}, {"queue_id", queue}, {"settings", {{"imap", settings}}}});
        EXPECT_EQ(answer.status, 422) << field << ' ' << value << ' ' << answer.body;
        EXPECT_THAT(answer.body, HasSubstr("imap." + field));
    };
    wrong("host", "");
    wrong("host", "mail.example/INBOX;UID=1");
    wrong("port", 70'000);
    wrong("tls", "maybe");
    wrong("ca", "a friend of mine");
    wrong("user", "x\r\nA1 DELETE INBOX");
    wrong("password", "env:PATH");
    wrong("folder", "");
    wrong("after", "burn");
    wrong("after", "move:");
    wrong("after", "move:INBOX");
    wrong("poll_s", 0);
    wrong("frog", 1);
}

} // namespace
} // namespace switchboard::test

// What gateways keep secret: shown to nobody, sealed in the database, readable after a restart and after the key
// changed.

#include "support/contact_center.hpp"
#include "support/secret_key.hpp"
#include "support/spawned_server.hpp"
#include "support/temporary_folder.hpp"

#include <switchboard/api/router.hpp>
#include <switchboard/util/hash.hpp>
#include <switchboard/util/secret_box.hpp>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace switchboard::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

constexpr auto signing_key = "planted-signing-key-7f3a";
constexpr auto verify_word = "planted-verify-word-91bc";
constexpr auto mail_password = "planted-mail-password-d04e";

/// The program with a command, to its end.
struct command_run {
    int status = -1;
    std::string said; // both streams
};
command_run run(const std::string& arguments, const std::map<std::string, std::string>& settings) {
    std::string line = "env SWITCHBOARD_LOG_LEVEL=debug SWITCHBOARD_SERVER_PORT=0";
    for (const auto& [name, value] : settings) line += fmt::format(" {}='{}'", name, value);
    line += fmt::format(" '{}' {} 2>&1", spawned_server::program(), arguments);
    command_run out;
    auto* pipe = ::popen(line.c_str(), "r");
    if (pipe == nullptr) throw std::runtime_error{"no shell"};
    char bytes[4096];
    for (std::size_t n = 0; (n = std::fread(bytes, 1, sizeof bytes, pipe)) > 0;) out.said.append(bytes, n);
    const int ended = ::pclose(pipe);
    out.status = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
    return out;
}

http_answer signed_mail(const client& who, const std::string& gateway, const std::string& key, const std::string& id) {
    const auto form = fmt::format(
        "timestamp=1763719200&token=t0ken&signature={}&sender=ada%40example.com&recipient=help%40shop.example&"
        "body-mime=From: Ada <ada@example.com>%0D%0ATo: help@shop.example%0D%0ASubject: Kettle%0D%0AMessage-ID: "
        "<{}@example.com>%0D%0A%0D%0AIt leaks.%0D%0A",
        hmac_sha256_hex(key, "1763719200t0ken"), id);
    return who.send("POST", "/api/v1/hooks/" + gateway, form, {{"Content-Type", "application/x-www-form-urlencoded"}});
}

class secrets : public testing::Test {
protected:
    json settings_of(std::int64_t id) const {
        return center.admin.get(fmt::format("/api/v1/gateways/{}", id)).json()["settings"];
    }
    http_answer patch(std::int64_t id, const json& settings, headers more = {}) const {
        return center.admin.patch(fmt::format("/api/v1/gateways/{}", id), {{"settings", settings}}, std::move(more));
    }
    json imap() const {
        return {{"host", "127.0.0.1"},       {"port", 1},       {"tls", "none"}, {"user", "me"},
                {"password", mail_password}, {"poll_s", 86'400}};
    }
    std::int64_t sealed(const std::string& condition = "true") const {
        return center.number("SELECT count(*) FROM secret WHERE owner = 'gateway' AND " + condition);
    }
    /// Every row of every table as text.
    std::string whole_database() const {
        pqxx::connection c{center.server.database_url()};
        pqxx::work tx{c};
        std::string out;
        for (const auto& table : tx.exec("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"))
            for (const auto& row : tx.exec(fmt::format("SELECT t::text FROM {} t", table[0].c_str())))
                out += std::string{row[0].c_str()} + '\n';
        return out;
    }

    contact_center center;
    std::int64_t queue = center.queue("Support");
};

void expect_untold(const std::string& text, const std::string& where) {
    for (const std::string words : {signing_key, verify_word, mail_password}) {
        std::string hex;
        for (const char c : words) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
        EXPECT_THAT(text, Not(HasSubstr(words))) << where;
        EXPECT_THAT(text, Not(HasSubstr(hex))) << where;
        EXPECT_THAT(text, Not(HasSubstr(base64(words)))) << where;
    }
}

TEST_F(secrets, are_in_no_row_no_answer_no_event_and_no_log_line) {
    testing::internal::CaptureStderr();
    testing::internal::CaptureStdout();
    const json terms{{"secret", signing_key}};
    const auto id = center.gateway("keeper", "mailgun", queue, {{"settings", terms}});
    const auto post = center.gateway("post", "email", queue, {{"settings", {{"imap", imap()}}}});
    const auto topics = center.gateway("topics", "ses", queue, {{"settings", {{"verify_token", verify_word}}}});
    std::string told;
    const auto hear = [&](const http_answer& answer) { told += answer.body + '\n'; };
    hear(patch(id, terms, {{"Idempotency-Key", "once"}}));
    hear(patch(id, terms, {{"If-Match", "\"1\""}})); // stale: the answer may show what is there now
    hear(patch(post, {{"imap", imap()}}));
    hear(patch(topics, {{"verify_token", verify_word}}));
    hear(patch(post, {{"imap", imap()}, {"secret", signing_key}})); // foreign
    json wrong = terms;
    for (const auto& [name, value] : std::map<std::string, json>{{"dial_url", "ftp://x"}, {"colour", signing_key}}) {
        wrong[name] = value;
        hear(patch(id, wrong));
    }
    hear(center.admin.send("PATCH", fmt::format("/api/v1/gateways/{}", id),
                           fmt::format(R"({{"settings":{{"secret":"{}"}},,)", signing_key),
                           {{"Content-Type", "application/json"}}));
    EXPECT_EQ(sealed(), 3);
    EXPECT_EQ(signed_mail(center.server.stranger(), "keeper", "another key", "m1").status, 401);
    EXPECT_EQ(signed_mail(center.server.stranger(), "keeper", signing_key, "m1").status, 200);

    const auto document = json::parse(api::openapi_document());
    std::size_t routes = 0;
    for (const auto* login : {"admin", "supervisor"}) {
        const auto who = center.server.person(login);
        for (const auto& [path, methods] : document["paths"].items()) {
            if (!methods.contains("get")) continue;
            auto target = path;
            for (auto at = target.find('{'); at != target.npos; at = target.find('{'))
                target.replace(at, target.find('}') - at + 1, path.contains("gateways") ? std::to_string(id) : "1");
            hear(who.get(target));
            ++routes;
        }
        hear(who.get("/metrics"));
        hear(who.get("/readyz"));
    }
    EXPECT_GT(routes, 60u);
    expect_untold(told, "answers");
    expect_untold(whole_database(), "rows, events among them");
    const auto log = testing::internal::GetCapturedStderr(), output = testing::internal::GetCapturedStdout();
    expect_untold(log, "the log");
    expect_untold(output, "the output");
    std::cout << output << log; // what failed until here was said there
}

TEST_F(secrets, are_shown_as_set_kept_changed_and_removed) {
    const auto id = center.gateway("keeper", "ses", queue, {{"settings", {{"secret", signing_key}}}});
    const auto shown = settings_of(id);
    EXPECT_EQ(shown["secret"]["set"], true);
    EXPECT_TRUE(shown["secret"]["changed_at"].is_string());
    EXPECT_EQ(shown["verify_token"], (json{{"set", false}, {"changed_at", nullptr}}));

    ASSERT_EQ(patch(id, {{"outgoing", true}}).status, 200);
    EXPECT_EQ(settings_of(id)["secret"], shown["secret"]) << "it was not named";
    ASSERT_EQ(patch(id, settings_of(id)).status, 200) << "what is shown can be sent back";
    EXPECT_EQ(settings_of(id)["secret"], shown["secret"]);
    EXPECT_EQ(sealed(), 1);

    ASSERT_EQ(patch(id, {{"secret", "another"}}).status, 200);
    EXPECT_NE(settings_of(id)["secret"]["changed_at"], shown["secret"]["changed_at"]);
    ASSERT_EQ(patch(id, {{"secret", nullptr}}).status, 200);
    EXPECT_EQ(settings_of(id)["secret"]["set"], false);
    ASSERT_EQ(patch(id, {{"verify_token", verify_word}}).status, 200);
    ASSERT_EQ(patch(id, {{"verify_token", ""}}).status, 200);
    EXPECT_EQ(settings_of(id)["verify_token"]["set"], false);
    EXPECT_EQ(sealed(), 0);
}

TEST_F(secrets, of_a_mailbox_are_kept_and_go_with_it) {
    const auto id = center.gateway("keeper", "email", queue, {{"settings", {{"imap", imap()}}}});
    const auto shown = settings_of(id);
    EXPECT_EQ(shown["imap"]["password"]["set"], true);
    auto without = imap();
    without.erase("password");
    ASSERT_EQ(patch(id, {{"outgoing", true}, {"imap", without}}).status, 200);
    EXPECT_EQ(settings_of(id)["imap"]["password"], shown["imap"]["password"]);
    ASSERT_EQ(patch(id, settings_of(id)).status, 200) << "what is shown can be sent back";
    EXPECT_EQ(sealed(), 1);
    ASSERT_EQ(patch(id, json::object()).status, 200);
    EXPECT_EQ(sealed(), 0) << "a password of no mailbox";
}

TEST_F(secrets, are_refused_by_name_when_they_are_no_texts_and_change_nothing) {
    const auto id = center.gateway("keeper", "mailgun", queue, {{"settings", {{"secret", signing_key}}}});
    for (const auto& wrong : {json(5), json::array({"x"}), json{{"set", true}, {"more", 1}}, json::object()}) {
        const auto answer = patch(id, {{"secret", wrong}});
        EXPECT_EQ(answer.status, 422) << answer.body;
        EXPECT_EQ(answer.json()["errors"][0]["field"], "settings");
        EXPECT_THAT(answer.json()["errors"][0]["message"].get<std::string>(), testing::StartsWith("secret: must be"));
    }
    EXPECT_EQ(center.number("SELECT version FROM gateway"), 1);
    EXPECT_EQ(signed_mail(center.server.stranger(), "keeper", signing_key, "m1").status, 200);
}

TEST_F(secrets, are_not_sent_to_another_server_than_they_were_given_for) {
    const auto id = center.gateway("keeper", "email", queue, {{"settings", {{"imap", imap()}}}});
    for (const auto& elsewhere : std::vector<json>{{{"host", "localhost"}}, {{"port", 2}}, {{"tls", "starttls"}}}) {
        auto terms = imap();
        terms.erase("password");
        terms.update(elsewhere);
        const auto answer = patch(id, {{"imap", terms}});
        EXPECT_EQ(answer.status, 422) << elsewhere;
        EXPECT_THAT(answer.body, HasSubstr("imap.password: must be given again"));
        terms["password"] = mail_password;
        EXPECT_EQ(patch(id, {{"imap", terms}}).status, 200);
        EXPECT_EQ(patch(id, {{"imap", imap()}}).status, 200);
    }
}

TEST_F(secrets, still_prove_a_hook_after_a_restart) {
    center.gateway("keeper", "mailgun", queue, {{"settings", {{"secret", signing_key}}}});
    center.server.stop();
    running_server again{{}, center.server};
    EXPECT_EQ(signed_mail(again.stranger(), "keeper", "another key", "m1").status, 401);
    EXPECT_EQ(signed_mail(again.stranger(), "keeper", signing_key, "m1").status, 200);
}

TEST_F(secrets, that_stood_in_the_open_are_sealed_at_start) {
    const auto id = center.gateway("keeper", "mailgun", queue);
    const json open{{"secret", signing_key},
                    {"verify_token", ""},
                    {"timezone", "Europe/Berlin"},
                    {"imap", {{"host", "127.0.0.1"}, {"user", "me"}, {"password", mail_password}}}};
    center.sql(fmt::format("UPDATE gateway SET settings = '{}'", open.dump()));
    const auto before = center.sql("SELECT owner || key_id FROM secret WHERE name = 'instance_secret'");
    EXPECT_NE(before, "") << "the secret of reply addresses is sealed, too";
    EXPECT_EQ(center.number("SELECT count(*) FROM setting WHERE key = 'instance_secret'"), 0);
    center.server.stop();

    running_server again{{}, center.server};
    expect_untold(whole_database(), "rows");
    EXPECT_EQ(sealed(), 2);
    EXPECT_EQ(json::parse(center.sql("SELECT settings FROM gateway")),
              json::parse(R"({"timezone":"Europe/Berlin","imap":{"host":"127.0.0.1","user":"me"}})"));
    const auto shown = again.person("admin").get(fmt::format("/api/v1/gateways/{}", id)).json()["settings"];
    EXPECT_EQ(shown["secret"]["set"], true);
    EXPECT_EQ(shown["verify_token"]["set"], false);
    EXPECT_EQ(signed_mail(again.stranger(), "keeper", signing_key, "m1").status, 200);
}

TEST_F(secrets, that_were_moved_to_another_gateway_shut_it_and_no_other) {
    const auto a = center.gateway("a", "mailgun", queue, {{"settings", {{"secret", signing_key}}}});
    const auto b = center.gateway("b", "mailgun", queue, {{"settings", {{"secret", "hush"}}}});
    center.gateway("c", "mailgun", queue, {{"settings", {{"secret", "hush"}}}});
    center.sql(fmt::format("UPDATE secret SET box = (SELECT box FROM secret WHERE owner = 'gateway' AND owner_id = {}) "
                           "WHERE owner = 'gateway' AND owner_id = {} RETURNING 1",
                           b, a));
    center.server.stop();
    running_server again{{}, center.server};
    EXPECT_EQ(signed_mail(again.stranger(), "a", "hush", "m1").status, 404);
    EXPECT_EQ(signed_mail(again.stranger(), "b", "hush", "m2").status, 200);
    EXPECT_EQ(signed_mail(again.stranger(), "c", "hush", "m3").status, 200);
}

TEST_F(secrets, need_a_key_with_a_database_that_several_nodes_may_use) {
    const fresh_database other;
    const std::map<std::string, std::string> settings{{"SWITCHBOARD_DATABASE_URL", other.url()},
                                                      {"SWITCHBOARD_SECRET_KEY", ""}};
    {
        spawned_server keyless{{"serve", "--demo"}, settings};
        client admin{keyless.port()};
        const auto in = admin.post("/api/v1/session", {{"login", "admin"}, {"password", "switchboard"}});
        const auto cookie = in.header("set-cookie");
        admin.identity = {{"Cookie", cookie.substr(0, cookie.find(';'))}, {"X-CSRF-Token", in.json()["csrf_token"]}};
        const auto refused = admin.post(
            "/api/v1/gateways",
            {{"name", "keeper"}, {"kind", "mailgun"}, {"queue_id", 1}, {"settings", {{"secret", signing_key}}}});
        EXPECT_EQ(refused.status, 422) << refused.body;
        EXPECT_THAT(refused.body, HasSubstr("SWITCHBOARD_SECRET_KEY"));
        EXPECT_EQ(admin.post("/api/v1/gateways", {{"name", "plain"}, {"kind", "email"}, {"queue_id", 1}}).status, 201);
    }
    pqxx::connection c{other.url()};
    pqxx::nontransaction{c}.exec(R"(UPDATE gateway SET settings = '{"secret":"open"}' WHERE name = 'plain')");
    const auto run_without = run("serve", settings);
    EXPECT_EQ(run_without.status, 1);
    EXPECT_THAT(run_without.said, HasSubstr("there is no key to keep them with: set SWITCHBOARD_SECRET_KEY"));
}

TEST_F(secrets, under_a_key_that_is_not_there_stop_the_start_with_words) {
    center.gateway("keeper", "mailgun", queue, {{"settings", {{"secret", signing_key}}}});
    const auto id = center.sql("SELECT key_id FROM secret LIMIT 1");
    const auto with = [&](const std::string& key) {
        return std::map<std::string, std::string>{{"SWITCHBOARD_DATABASE_URL", center.server.database_url()},
                                                  {"SWITCHBOARD_SECRET_KEY", key}};
    };
    for (const std::string key : {other_secret_key, ""}) {
        const auto start = run("serve", with(key));
        EXPECT_EQ(start.status, 1);
        EXPECT_THAT(start.said, HasSubstr(fmt::format("sealed with key {}", id)));
        EXPECT_THAT(start.said, Not(HasSubstr("serves http")));
        const auto checked = run("check-config", with(key));
        EXPECT_EQ(checked.status, 78);
        EXPECT_THAT(checked.said, HasSubstr(fmt::format("sealed with key {}", id)));
        EXPECT_THAT(checked.said, Not(HasSubstr(other_secret_key)));
    }
    const auto checked = run("check-config", with(secret_key));
    EXPECT_EQ(checked.status, 0) << checked.said;
    EXPECT_THAT(checked.said, testing::AllOf(HasSubstr(id), Not(HasSubstr(secret_key))));
    const auto nonsense = run("check-config", with("hunter2"));
    EXPECT_EQ(nonsense.status, 78);
    EXPECT_THAT(nonsense.said,
                testing::AllOf(HasSubstr("secret.key: key 1 is not 32 bytes"), Not(HasSubstr("hunter2"))));
    EXPECT_EQ(signed_mail(center.server.stranger(), "keeper", signing_key, "m1").status, 200) << "who has it goes on";
}

TEST_F(secrets, whose_key_was_lost_can_be_given_up) {
    center.gateway("keeper", "mailgun", queue, {{"settings", {{"secret", signing_key}}}});
    const auto id = center.sql("SELECT key_id FROM secret LIMIT 1");
    center.server.stop();
    const std::map<std::string, std::string> with_other{{"SWITCHBOARD_DATABASE_URL", center.server.database_url()},
                                                        {"SWITCHBOARD_SECRET_KEY", other_secret_key}};
    const std::map<std::string, std::string> with_right{{"SWITCHBOARD_DATABASE_URL", center.server.database_url()},
                                                        {"SWITCHBOARD_SECRET_KEY", secret_key}};
    EXPECT_EQ(run("secrets forget " + id, with_right).status, 1) << "it can be read";
    const auto given_up = run("secrets forget " + id, with_other);
    EXPECT_EQ(given_up.status, 0) << given_up.said;
    EXPECT_THAT(given_up.said, HasSubstr("gateway keeper: secret\n"));
    running_server again{[](config& c) { c.secret_key = other_secret_key; }, center.server};
    EXPECT_EQ(signed_mail(again.stranger(), "keeper", "", "m1").status, 403) << "shut until a secret is set";
    EXPECT_EQ(center.number("SELECT count(*) FROM secret WHERE name = 'instance_secret'"), 1) << "a new one";
}

// Another key --------------------------------------------------------------------------------------------------------

class rotation : public secrets {
protected:
    static constexpr int gateways = 350;

    rotation() {
        center.sql(fmt::format("INSERT INTO gateway (name, kind, queue_id, settings) SELECT 'g' || i, 'mailgun', {}, "
                               "jsonb_build_object('secret', 'key of ' || i) FROM generate_series(1, {}) i RETURNING 1",
                               queue, gateways));
        center.server.stop();
        running_server seals_them{{}, center.server};
        EXPECT_EQ(sealed(), gateways);
    }

    std::map<std::string, std::string> with(const std::string& keys) const {
        return {{"SWITCHBOARD_DATABASE_URL", center.server.database_url()}, {"SWITCHBOARD_SECRET_KEY", keys}};
    }
    std::int64_t by_key(const std::string& keys) const {
        return sealed(fmt::format("key_id = '{}'", secret_box::with_keys(keys).value().key_ids()[0]));
    }
    /// Whether a server that has these keys can use the secrets.
    void expect_hooks(const std::string& keys) const {
        running_server node{[&](config& c) { c.secret_key = keys; }, center.server};
        for (const int n : {1, gateways / 2, gateways}) {
            const auto id = std::to_string(++mails);
            EXPECT_EQ(signed_mail(node.stranger(), fmt::format("g{}", n), fmt::format("key of {}", n), id).status, 200)
                << n;
        }
    }

    const std::string both = std::string{other_secret_key} + "," + secret_key;
    mutable int mails = 0;
};

TEST_F(rotation, may_be_killed_in_the_middle_and_repeated) {
    const auto since = center.sql("SELECT md5(string_agg(changed_at::text, '' ORDER BY owner_id)) FROM secret");
    {
        pqxx::connection c{center.server.database_url()};
        pqxx::work held{c}; // it will wait for this row, with some behind it and some before it
        held.exec("SELECT 1 FROM secret WHERE owner_id = (SELECT id FROM gateway WHERE name = 'g250') FOR UPDATE");
        const pid_t pid = ::fork();
        if (pid == 0) {
            for (const auto& [name, value] : with(both)) ::setenv(name.c_str(), value.c_str(), 1);
            ::close_range(3, ~0u, 0);
            const auto program = spawned_server::program();
            ::execl(program.c_str(), program.c_str(), "secrets", "rotate", nullptr);
            ::_exit(127);
        }
        eventually([&] { return by_key(other_secret_key) >= 200; }, "two transactions");
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
    }
    eventually(
        [&] { // the session that was killed has gone, with what it had not committed
            return center.number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
                                 "query LIKE '%FOR UPDATE%' AND pid <> pg_backend_pid()") == 0;
        },
        "its transaction ends");
    EXPECT_EQ(by_key(other_secret_key), 200);
    EXPECT_EQ(by_key(secret_key), gateways - 200);
    expect_hooks(both);
    expect_hooks(std::string{secret_key} + "," + other_secret_key);
    for (const auto* one : {secret_key, other_secret_key}) EXPECT_EQ(run("serve", with(one)).status, 1);

    const auto rest = run("secrets rotate", with(both));
    EXPECT_EQ(rest.status, 0) << rest.said;
    EXPECT_THAT(rest.said, HasSubstr("seals nothing any more"));
    EXPECT_THAT(rest.said, Not(testing::AnyOf(HasSubstr(secret_key), HasSubstr(other_secret_key))));
    EXPECT_EQ(by_key(other_secret_key), gateways);
    EXPECT_EQ(center.number("SELECT count(DISTINCT key_id) FROM secret"), 1) << "that of reply addresses, too";
    EXPECT_EQ(center.sql("SELECT md5(string_agg(changed_at::text, '' ORDER BY owner_id)) FROM secret"), since)
        << "the secrets did not change";
    expect_hooks(other_secret_key);
    EXPECT_THAT(run("secrets rotate", with(other_secret_key)).said, HasSubstr("nothing to do"));
}

TEST_F(rotation, leaves_what_it_cannot_read_and_says_so) {
    center.sql("UPDATE secret SET box = set_byte(box, 30, get_byte(box, 30) # 1) WHERE owner_id = (SELECT id FROM "
               "gateway WHERE name = 'g7') RETURNING 1");
    const auto done = run("secrets rotate", with(both));
    EXPECT_EQ(done.status, 1);
    EXPECT_THAT(done.said, HasSubstr("/secret is damaged or belongs elsewhere"));
    EXPECT_EQ(by_key(other_secret_key), gateways - 1);
}

TEST_F(rotation, while_a_node_has_the_old_key_only_leaves_it_what_it_knows) {
    running_server old{{}, center.server};
    EXPECT_EQ(run("secrets rotate", with(both)).status, 0);
    std::string log;
    testing::internal::CaptureStderr();
    EXPECT_EQ(old.person("admin").post("/api/v1/queues", {{"name", "Makes it read anew"}}).status, 201);
    eventually(
        [&] {
            log += testing::internal::GetCapturedStderr();
            testing::internal::CaptureStderr();
            return log.contains("configuration_unread");
        },
        "it has tried");
    testing::internal::GetCapturedStderr();
    EXPECT_EQ(signed_mail(old.stranger(), "g1", "key of 1", "m1").status, 200);
    EXPECT_EQ(signed_mail(old.stranger(), "g2", "another key", "m2").status, 401) << "it stays shut for others";
}

// The private PostgreSQL ---------------------------------------------------------------------------------------------

TEST(a_private_database, has_its_key_in_a_file_beside_it) {
    const temporary_folder folder{"private-key"};
    const auto data = folder.path() / "postgres", file = folder.path() / "postgres.key";
    const spawned_server::environment settings{{"SWITCHBOARD_DATABASE_FOLDER", data.string()},
                                               {"SWITCHBOARD_SECRET_KEY", ""}};
    const std::map<std::string, std::string> same{settings.begin(), settings.end()};
    const auto read = [&] {
        std::ifstream in{file};
        return std::string{std::istreambuf_iterator<char>{in}, {}};
    };
    const auto post = [](std::uint16_t port, const std::string& id) {
        return signed_mail(client{port}, "keeper", signing_key, id).status;
    };
    std::string first;
    {
        spawned_server server{{"serve", "--demo"}, settings};
        struct stat about{};
        ASSERT_EQ(::stat(file.c_str(), &about), 0);
        EXPECT_EQ(about.st_mode & 0777, 0600u);
        first = read();
        EXPECT_TRUE(secret_box::with_keys(first).value().has_key());
        client admin{server.port()};
        const auto in = admin.post("/api/v1/session", {{"login", "admin"}, {"password", "switchboard"}});
        const auto cookie = in.header("set-cookie");
        admin.identity = {{"Cookie", cookie.substr(0, cookie.find(';'))}, {"X-CSRF-Token", in.json()["csrf_token"]}};
        ASSERT_EQ(
            admin
                .post(
                    "/api/v1/gateways",
                    {{"name", "keeper"}, {"kind", "mailgun"}, {"queue_id", 1}, {"settings", {{"secret", signing_key}}}})
                .status,
            201);
        eventually([&] { return post(server.port(), "m1") == 200; }, "the gateway is known");
        const auto made = run("secrets new-key", same);
        EXPECT_EQ(made.status, 0) << made.said;
        EXPECT_THAT(made.said, Not(testing::AnyOf(HasSubstr(first.substr(0, 64)), HasSubstr(read().substr(0, 64)))));
        EXPECT_THAT(read(), testing::EndsWith(first));
        EXPECT_EQ(post(server.port(), "m2"), 200) << "it has what it had";
    }
    {
        spawned_server server{{"serve"}, settings};
        EXPECT_EQ(post(server.port(), "m3"), 200);
        EXPECT_EQ(run("secrets rotate", same).status, 0);
        EXPECT_EQ(run("secrets status", same).status, 0);
        EXPECT_EQ(run("check-config", same).status, 0);
    }
    const auto newest = read().substr(0, 65);
    std::ofstream{file, std::ios::trunc} << newest;
    {
        EXPECT_EQ(post(spawned_server{{"serve"}, settings}.port(), "m4"), 200) << "the old key is needed no more";
    }
    ::chmod(file.c_str(), 0644);
    const auto open = run("serve", same);
    EXPECT_NE(open.status, 0);
    EXPECT_THAT(open.said, HasSubstr("others may read or write this key: chmod 600"));
    ::chmod(file.c_str(), 0600);
    std::ofstream{file, std::ios::trunc} << first;
    const auto wrong = run("serve", same);
    EXPECT_EQ(wrong.status, 1);
    EXPECT_THAT(wrong.said, HasSubstr("and that key is not here"));
}

} // namespace
} // namespace switchboard::test

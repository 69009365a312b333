#include "support/contact_center.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>

/// One form of a login, rules for passwords, and a first sign-in that asks for a new one.
namespace switchboard::test {
namespace {

using nlohmann::json;

constexpr auto kelvin = "\xE2\x84\xAA"
                        "avya";                      // K as U+212A KELVIN SIGN
constexpr auto wide = "\xEF\xBD\x8B\xEF\xBD\x81vya"; // full-width k and a

class logins : public testing::Test {
protected:
    contact_center center;

    http_answer add(const std::string& login, const std::string& password = running_server::password) const {
        return center.admin.post("/api/v1/users",
                                 {{"login", login}, {"name", "N"}, {"roles", an_agent}, {"password", password}});
    }
    int sign_in(const std::string& login, const std::string& password) const {
        return center.server.stranger().post("/api/v1/session", {{"login", login}, {"password", password}}).status;
    }
    static std::string fault(const http_answer& a) {
        return a.status == 422 ? a.json()["errors"][0]["field"].get<std::string>() : std::to_string(a.status);
    }
};

TEST_F(logins, have_one_form) {
    EXPECT_EQ(add(kelvin).json()["login"], "kavya");
    EXPECT_EQ(add("KAVYA").status, 409);
    EXPECT_EQ(add(wide).status, 409);
    EXPECT_EQ(fault(add("\xE2\x80\x8B\xE2\x80\x8B")), "login") << "two zero-width spaces";
    for (const auto* written : {"kavya", " Kavya ", kelvin, wide})
        EXPECT_EQ(sign_in(written, running_server::password), 200) << written;
    // Ten tries in all, however it is written. The place is known: they are counted there.
    for (int i = 0; i < 10; ++i) EXPECT_EQ(sign_in(i % 2 == 0 ? "kavya" : kelvin, "guess"), 401) << i;
    EXPECT_EQ(sign_in(wide, "guess"), 429);
}

TEST_F(logins, of_before_are_brought_to_it) {
    center.sql(
        "INSERT INTO users (login, name, roles, password_hash) SELECT l, 'Old', '[2]'::jsonb, password_hash FROM "
        "(VALUES ('stra\xC3\x9F"
        "e'), ('ﬁona'), ('fiona')) AS old(l), users WHERE users.login = 'agent'");
    const running_server next{nullptr, center.server}; // a start
    EXPECT_EQ(center.sql("SELECT string_agg(login, ' ' ORDER BY login) FROM users WHERE name = 'Old'"),
              "fiona strasse ﬁona")
        << "one whose form is taken stays as it is";
    for (const auto* written : {"Stra\xC3\x9F"
                                "e",
                                "strasse", "fiona", "ﬁona"})
        EXPECT_EQ(next.stranger()
                      .post("/api/v1/session", {{"login", written}, {"password", running_server::password}})
                      .status,
                  200)
            << written;
}

TEST_F(logins, ask_for_passwords_that_are_not_guessed_first) {
    EXPECT_EQ(fault(add("a", "eleven char")), "password");
    EXPECT_EQ(fault(add("a", "Qwerty123456")), "password") << "among the commonest, in whatever case";
    EXPECT_EQ(fault(add("Grace.Hopper.1", "grace.hopper.1")), "password") << "the login";
    EXPECT_EQ(fault(add("a", "aaaaaaaaaaaaa")), "password");
    EXPECT_EQ(add("a", "äöüß grüßt an").status, 201) << "twelve characters, no composition asked for";
    const auto agent = center.server.person("agent");
    EXPECT_EQ(fault(agent.patch("/api/v1/me",
                                {{"password", "administrator"}, {"current_password", running_server::password}})),
              "password");
}

TEST_F(logins, ask_for_a_new_password_first) {
    const auto id = add("eve", "given by an admin").json()["id"].get<int>();
    const auto enter = [&](const std::string& password) {
        auto who = center.server.stranger();
        const auto answer = who.post("/api/v1/session", {{"login", "eve"}, {"password", password}});
        EXPECT_EQ(answer.status, 200) << answer.body;
        EXPECT_EQ(answer.json()["user"]["must_change_password"], true);
        const auto cookie = answer.header("set-cookie");
        who.identity = {{"Cookie", cookie.substr(0, cookie.find(';'))}, {"X-CSRF-Token", answer.json()["csrf_token"]}};
        return who;
    };
    const auto eve = enter("given by an admin");
    for (const auto* path : {"/api/v1/queues", "/api/v1/me/work", "/api/v1/tickets", "/api/v1/me/sessions"})
        EXPECT_EQ(eve.get(path).status, 403) << path;
    EXPECT_EQ(upgrade_answer(center.server.port(), "/api/v1/live", eve.identity), 403);
    EXPECT_EQ(eve.get("/api/v1/me").json()["login"], "eve");
    EXPECT_EQ(eve.get("/api/v1/session").status, 200);
    EXPECT_EQ(fault(eve.patch("/api/v1/me", {{"preferences", json::object()}})), "password");
    EXPECT_EQ(
        fault(eve.patch("/api/v1/me", {{"password", "given by an admin"}, {"current_password", "given by an admin"}})),
        "password")
        << "the same again is not new";
    const auto changed =
        eve.patch("/api/v1/me", {{"password", "chosen by herself"}, {"current_password", "given by an admin"}});
    EXPECT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(changed.json()["must_change_password"], false);
    EXPECT_EQ(eve.get("/api/v1/queues").status, 200);

    ASSERT_EQ(center.admin.patch("/api/v1/users/" + std::to_string(id), {{"password", "given once more"}}).status, 200);
    EXPECT_EQ(enter("given once more").get("/api/v1/queues").status, 403) << "after a reset too";
    // Whoever changes the own one as an admin knows it alone.
    const auto me = center.admin.get("/api/v1/me").json()["id"].get<int>();
    EXPECT_EQ(center.admin.patch("/api/v1/users/" + std::to_string(me), {{"password", "an admin's own"}})
                  .json()["must_change_password"],
              false);
}

/// The program with these arguments and this standard input: exit status and what it says, complaints only when asked.
std::pair<int, std::string> run_program(const std::string& database, const std::string& arguments,
                                        const std::string& input = "/dev/null", bool complaints = false) {
    const char* binary = std::getenv("SWITCHBOARD_BINARY");
    const auto command = "SWITCHBOARD_DATABASE_URL='" + database + "' '" +
                         (binary != nullptr ? binary : "build/release/switchboard") + "' " + arguments + " < " + input +
                         (complaints ? " 2>&1" : " 2>/dev/null");
    auto* out = ::popen(command.c_str(), "r");
    std::string said;
    std::array<char, 512> part{};
    while (std::fgets(part.data(), static_cast<int>(part.size()), out) != nullptr) said += part.data();
    return {::pclose(out), said};
}

TEST_F(logins, take_passwords_from_a_file_or_standard_input_only) {
    const temporary_folder folder{"passwords"};
    const auto file = (folder.path() / "secret").string(), other = (folder.path() / "short").string();
    std::ofstream{file} << "kept in a file\nnever read\n";
    std::ofstream{other} << "short\n";
    const auto& db = center.server.database_url();
    EXPECT_NE(run_program(db, "user add ada --password 'on the command line'").first, 0);
    EXPECT_EQ(run_program(db, "user add ada --password-file " + file), std::pair(0, std::string{}));
    EXPECT_EQ(sign_in("ada", "kept in a file"), 200);
    EXPECT_EQ(center.sql("SELECT must_change_password FROM users WHERE login = 'ada'"), "t");
    const auto made = run_program(db, "user passwd ADA").second;
    EXPECT_EQ(sign_in("ada", made.substr(0, made.find('\n'))), 200) << made;
    EXPECT_EQ(run_program(db, "user passwd ada --password-file -", file).first, 0);
    EXPECT_EQ(sign_in("ada", "kept in a file"), 200);
    const auto [status, said] = run_program(db, "user passwd ada --password-file -", other, true);
    EXPECT_NE(status, 0);
    EXPECT_THAT(said, testing::HasSubstr("at least 12 characters"));
    EXPECT_NE(run_program(db, "user passwd ada --password-file " + file + ".none").first, 0);

    const auto token = run_program(db, "token create short --scope read --days 30").second;
    EXPECT_THAT(run_program(db, "token list").second, testing::HasSubstr("\tuntil 20"));
    EXPECT_THAT(token, testing::StartsWith("sb_"));
}

} // namespace
} // namespace switchboard::test

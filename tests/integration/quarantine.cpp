// What could not be understood is kept, shown, and read again after a fix.
#include "support/contact_center.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::test {
namespace {

using nlohmann::json;

/// A telephone system whose lines are in an order of its own, before anybody has said which.
class quarantine : public testing::Test {
protected:
    quarantine() {
        queue = center.queue("Support");
        calls = center.gateway("pbx", "asterisk", queue);
    }
    http_answer post(const std::string& lines) {
        return center.intake.send("POST", "/api/v1/intake/pbx", lines, {{"Content-Type", "text/csv"}});
    }
    void say_which_columns() {
        const auto done = center.admin.patch(
            "/api/v1/gateways/" + std::to_string(calls),
            {{"settings",
              {{"columns", {"start", "src", "dst", "duration", "billsec", "disposition", "uniqueid"}},
               {"default_country", "DE"}}}});
        ASSERT_EQ(done.status, 200) << done.body;
        ASSERT_EQ(supervisor.http.post("/api/v1/contacts/999/replay").status, 404) << "which reads the settings anew";
    }
    json listed() { return supervisor.http.get("/api/v1/contacts?outcome=quarantined").json()["items"]; }
    std::int64_t count(const std::string& outcome) {
        return center.number("SELECT count(*) FROM contact WHERE outcome = '" + outcome + "'");
    }

    contact_center center;
    std::int64_t queue = 0, calls = 0;
    seat supervisor = center.sign_in("supervisor");
};

constexpr const char* three_calls = "2026-11-20 09:00:00,030111111,100,61,55,ANSWERED,1700000001.1\n"
                                    "2026-11-20 09:05:00,030222222,100,20,0,NO ANSWER,1700000001.2\n"
                                    "2026-11-20 09:10:00,030333333,100,40,31,ANSWERED,1700000001.3\n";

TEST_F(quarantine, shows_what_it_is_why_and_its_bytes) {
    ASSERT_EQ(post(three_calls).status, 201);
    const auto items = listed();
    ASSERT_EQ(items.size(), 3u);
    for (const auto& item : items) {
        EXPECT_FALSE(item["quarantine"].get<std::string>().empty());
        EXPECT_EQ(item["gateway"], "pbx");
        const auto raw =
            supervisor.http.get("/api/v1/contacts/" + std::to_string(item["id"].get<std::int64_t>()) + "/raw");
        EXPECT_EQ(raw.status, 200);
        EXPECT_EQ(raw.body, three_calls);
    }
}

TEST_F(quarantine, fills_the_same_contacts_after_a_fix_and_counts_nothing_twice) {
    ASSERT_EQ(post(three_calls).status, 201);
    const auto ids = listed();
    say_which_columns();
    const auto done = supervisor.http.post("/api/v1/contacts/replay");
    ASSERT_EQ(done.status, 200) << done.body;
    EXPECT_EQ(done.json(), (json{{"tried", 3}, {"understood", 3}, {"next", nullptr}}));
    EXPECT_TRUE(listed().empty());
    EXPECT_EQ(center.number("SELECT count(*) FROM contact"), 3);
    EXPECT_EQ(count("ticketed"), 3);
    for (const auto& before : ids) {
        const auto now =
            supervisor.http.get("/api/v1/contacts/" + std::to_string(before["id"].get<std::int64_t>())).json();
        EXPECT_EQ(now["outcome"], "ticketed");
        EXPECT_TRUE(now["quarantine"].is_null());
        EXPECT_TRUE(now["ticket_id"].is_number());
        EXPECT_EQ(now["received_at"], before["received_at"]);
    }
    EXPECT_EQ(center.number("SELECT count(DISTINCT from_value) FROM contact WHERE from_kind = 'tel'"), 3);

    EXPECT_EQ(supervisor.http.post("/api/v1/contacts/replay").json()["tried"], 0);
    EXPECT_EQ(
        supervisor.http.post("/api/v1/contacts/" + std::to_string(ids[0]["id"].get<std::int64_t>()) + "/replay").status,
        404)
        << "it is in quarantine no more";
    const auto again = post(three_calls);
    EXPECT_EQ(again.status, 200) << "the telephone system repeats its file";
    EXPECT_TRUE(again.json()["duplicate"]);
    EXPECT_EQ(center.number("SELECT count(*) FROM contact"), 3);
}

TEST_F(quarantine, is_not_left_by_what_is_still_not_understood) {
    ASSERT_EQ(post("this is no call\n").status, 201);
    const auto id = listed()[0]["id"].get<std::int64_t>();
    const auto tried = supervisor.http.post("/api/v1/contacts/" + std::to_string(id) + "/replay");
    ASSERT_EQ(tried.status, 200) << tried.body;
    EXPECT_EQ(tried.json(), (json{{"tried", 1}, {"understood", 0}, {"next", nullptr}}));
    EXPECT_EQ(listed().size(), 1u);
}

TEST_F(quarantine, ends_as_a_repeat_when_the_sender_was_understood_meanwhile) {
    ASSERT_EQ(post("2026-11-20 09:00:00,030111111,100,61,55,ANSWERED,1700000001.1\n").status, 201);
    const auto id = listed()[0]["id"].get<std::int64_t>();
    say_which_columns();
    // Quoted it is another line, and the same call.
    ASSERT_EQ(post("\"2026-11-20 09:00:00\",030111111,100,61,55,ANSWERED,1700000001.1\n").status, 201);
    ASSERT_EQ(count("ticketed"), 1);
    const auto done = supervisor.http.post("/api/v1/contacts/" + std::to_string(id) + "/replay");
    ASSERT_EQ(done.status, 200) << done.body;
    EXPECT_EQ(done.json()["understood"], 1);
    EXPECT_EQ(count("ticketed"), 1) << "one call is one contact";
    EXPECT_EQ(count("repeat"), 1);
    EXPECT_TRUE(listed().empty());
}

TEST_F(quarantine, is_for_supervisors) {
    ASSERT_EQ(post(three_calls).status, 201);
    const auto id = std::to_string(listed()[0]["id"].get<std::int64_t>());
    auto agent = center.agent("grace", {queue});
    EXPECT_EQ(agent.http.get("/api/v1/contacts?outcome=quarantined").status, 403);
    EXPECT_EQ(agent.http.post("/api/v1/contacts/" + id + "/replay").status, 403);
    EXPECT_EQ(agent.http.post("/api/v1/contacts/replay").status, 403);
    EXPECT_EQ(supervisor.http.post("/api/v1/contacts/replay", json{{"gateway", 7}}).status, 422);
}

} // namespace
} // namespace switchboard::test

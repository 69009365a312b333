#include "support/contact_center.hpp"

#include <gtest/gtest.h>

/// What a supervisor's figures count, and that each opens what it counted.
namespace switchboard::test {
namespace {

using nlohmann::json;

class figures : public testing::Test {
protected:
    json of_queue(std::int64_t id) const {
        const auto answer = center.admin.get("/api/v1/queues/overview");
        EXPECT_EQ(answer.status, 200) << answer.body;
        for (const auto& row : answer.json()["items"])
            if (row["queue"]["id"] == id) return row;
        return {};
    }
    std::size_t listed(const std::string& query) const {
        const auto answer = center.admin.get("/api/v1/tickets?" + query);
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.json()["items"].size();
    }
    void make_late(std::int64_t ticket) const {
        center.sql("UPDATE ticket SET due_at = now() - interval '11 minutes' WHERE id = " + std::to_string(ticket));
    }

    contact_center center;
    std::int64_t queue = center.queue("Support", {{"wrapup_s", 0}});
};

TEST_F(figures, count_what_is_late_in_hand_beside_what_is_late_and_waits) {
    center.gateway("mail", "email", queue);
    center.gateway("web", "chat", queue);
    auto ana = center.agent("ana", {queue});
    const auto mail = center.mail("mail");
    make_late(mail);
    EXPECT_EQ(of_queue(queue)["late_waiting"], 1);
    EXPECT_EQ(of_queue(queue)["late_in_hand"], 0);
    ASSERT_EQ(ana.act(mail, "claim").status, 200);
    EXPECT_EQ(of_queue(queue)["late_waiting"], 0);
    EXPECT_EQ(of_queue(queue)["late_in_hand"], 1) << "it is late still";

    const auto chat = center.chat("web", "s1");
    make_late(chat);
    EXPECT_EQ(of_queue(queue)["late_waiting"], 1) << "chats have a first answer, too";
    EXPECT_EQ(listed("late=waiting"), 1);
    EXPECT_EQ(listed("late=in_hand"), 1);
    EXPECT_EQ(listed("late=in_hand&queue_id=" + std::to_string(queue)), 1);
    EXPECT_EQ(center.admin.get("/api/v1/tickets?late=never").status, 422);
    ASSERT_EQ(ana.act(mail, "solve", {{"disposition", "resolved"}}).status, 200);
    EXPECT_EQ(of_queue(queue)["late_in_hand"], 0) << "over is over";
    EXPECT_EQ(listed("late=in_hand"), 0);
}

TEST_F(figures, open_the_tickets_that_they_counted) {
    center.gateway("mail", "email", queue);
    auto ana = center.agent("ana", {queue});
    const auto one = center.mail("mail"), other = center.mail("mail", "bob@example.com"),
               solved = center.mail("mail", "carl@example.com");
    for (const auto t : {one, other, solved}) ASSERT_EQ(ana.act(t, "claim").status, 200);
    center.sql("UPDATE ticket SET state = 'parked' WHERE id = " + std::to_string(other));
    ASSERT_EQ(ana.act(solved, "solve", {{"disposition", "resolved"}}).status, 200);
    EXPECT_EQ(of_queue(queue)["active"], 2);
    EXPECT_EQ(listed("state=in_hand"), 2);
    EXPECT_EQ(of_queue(queue)["solved_today"], 1);
    EXPECT_EQ(listed("state=solved_today"), 1);
    center.sql("UPDATE ticket SET solved_at = solved_at - interval '2 days' WHERE id = " + std::to_string(solved));
    EXPECT_EQ(listed("state=solved_today"), 0);
    EXPECT_EQ(listed("state=solved"), 1);
}

TEST_F(figures, count_agents_as_their_list_shows_them) {
    center.gateway("mail", "email", queue);
    auto ana = center.agent("ana", {queue});
    auto ben = center.agent("ben", {queue});
    ASSERT_EQ(ana.act(center.mail("mail"), "claim").status, 200);
    ana.ready();
    ben.ready();
    const auto state_of = [&](std::int64_t agent) {
        for (const auto& row : center.admin.get("/api/v1/agents/overview").json()["items"])
            if (row["agent"]["id"] == agent) return row["state"].get<std::string>();
        return std::string{};
    };
    EXPECT_EQ(state_of(ana.id), "busy");
    EXPECT_EQ(state_of(ben.id), "ready");
    EXPECT_EQ(of_queue(queue)["agents_busy"], 1);
    EXPECT_EQ(of_queue(queue)["agents_ready"], 1);
    ben.presence({{"state", "not_ready"}});
    EXPECT_EQ(state_of(ben.id), "not_ready");
    EXPECT_EQ(of_queue(queue)["agents_not_ready"], 1);
}

TEST_F(figures, are_asked_for_by_a_page_that_nobody_has_signed_in_to_without_an_error) {
    const auto nobody = center.server.stranger().get("/api/v1/session/current");
    EXPECT_EQ(nobody.status, 200);
    EXPECT_TRUE(nobody.json()["session"].is_null());
    const auto admin = center.admin.get("/api/v1/session/current");
    EXPECT_EQ(admin.json()["session"]["user"]["login"], "admin");
    EXPECT_FALSE(admin.json()["session"]["csrf_token"].get<std::string>().empty());
}

} // namespace
} // namespace switchboard::test

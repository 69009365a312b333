// A database that tests/load/fill has filled is one that the program works on.
#include "support/contact_center.hpp"
#include "support/filled.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::test {
namespace {

using nlohmann::json;

TEST(filled_database, is_listed_and_opened_and_takes_new_customers) {
    contact_center center;
    const auto support = center.queue("Support");
    center.gateway("mail", "email", support);
    fill(center.server.database_url(), 500);
    auto ada = center.agent("ada", {support});
    ada.ready();

    const auto supervisor = center.sign_in("supervisor");
    const auto listed = supervisor.http.get("/api/v1/tickets?state=solved").json();
    ASSERT_EQ(listed["items"].size(), 50u);
    const auto id = listed["items"][0]["id"].get<std::int64_t>();
    EXPECT_EQ(supervisor.ticket(id)["state"], "solved");
    EXPECT_EQ(supervisor.http.get("/api/v1/tickets/" + std::to_string(id) + "/timeline").json()["items"].size(), 5u);
    EXPECT_EQ(supervisor.http.get("/api/v1/contacts?outcome=quarantined").json()["items"].size(), 5u);

    const auto ticket = center.mail("mail", "new@example.com");
    EXPECT_EQ(ada.take()["id"], ticket);
    EXPECT_GT(center.number("SELECT customer_id FROM ticket WHERE id = " + std::to_string(ticket)), 100)
        << "a customer of its own, behind those that were filled";
}

TEST(filled_database, has_events_that_are_read_by_who_was_there_before) {
    contact_center center;
    const auto support = center.queue("Support");
    center.gateway("mail", "email", support);
    auto ada = center.agent("ada", {support});
    auto supervisor = center.sign_in("supervisor");
    fill(center.server.database_url(), 500);
    const auto told = supervisor.live.until("ticket.changed");
    EXPECT_TRUE(told["data"].contains("released")) << told;
    ada.ready();
    const auto ticket = center.mail("mail", "new@example.com");
    EXPECT_EQ(ada.take()["id"], ticket) << "routing has read them, too";
}

} // namespace
} // namespace switchboard::test

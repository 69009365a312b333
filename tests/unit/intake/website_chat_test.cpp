#include <switchboard/intake/website_chat.hpp>

#include <gtest/gtest.h>

namespace switchboard::intake {
namespace {

constexpr std::int64_t sales = 1, service = 2, elsewhere = 3;

class website_chat : public testing::Test {
protected:
    website_chat() { add(10, "widget", sales, ""); }

    intake_gateway& add(std::int64_t id, const char* kind, std::int64_t queue, const char* from_address) {
        auto& g = config.gateways[id];
        g.id = id;
        g.name = "g" + std::to_string(id);
        g.kind = kind;
        g.queue_id = queue;
        g.from_address = from_address;
        g.enabled = true;
        config.gateway_names.emplace(g.name, id);
        return g;
    }
    std::optional<std::int64_t> mailbox(std::optional<std::int64_t> queue) const {
        return service_of(config, 10, queue, timestamp{}).mail_gateway;
    }

    intake_config config;
};

TEST_F(website_chat, mails_from_the_queue_that_the_ticket_is_in_or_else_from_its_own) {
    add(20, "email", service, "service@shop.example");
    EXPECT_EQ(mailbox(std::nullopt), std::nullopt);
    EXPECT_EQ(mailbox(service), 20);
    add(21, "ses", sales, "sales@shop.example");
    EXPECT_EQ(mailbox(std::nullopt), 21);
    EXPECT_EQ(mailbox(service), 20);
    EXPECT_EQ(mailbox(elsewhere), 21);
}

TEST_F(website_chat, mails_from_no_gateway_that_is_off_has_no_address_or_takes_no_mail) {
    add(20, "email", sales, "off@shop.example").enabled = false;
    add(21, "email", sales, "");
    add(22, "phone", sales, "calls@shop.example");
    EXPECT_EQ(mailbox(std::nullopt), std::nullopt);
}

TEST_F(website_chat, is_open_as_its_queue_is_and_always_without_a_calendar) {
    EXPECT_TRUE(service_of(config, 10, std::nullopt, timestamp{}).open);
    calendar mondays;
    mondays.timezone = "UTC";
    mondays.hours = {{week_day::mon, "09:00", "17:00"}};
    config.promises[sales].hours = sla::business_hours::read(mondays).value();
    const timestamp sunday = std::chrono::sys_days{std::chrono::year{2026} / 11 / 29};
    const auto closed = service_of(config, 10, std::nullopt, sunday);
    EXPECT_FALSE(closed.open);
    EXPECT_EQ(closed.changes_at, sunday + std::chrono::hours{24 + 9});
    EXPECT_TRUE(service_of(config, 10, service, sunday).open) << "another queue's calendar is its own";
    EXPECT_TRUE(service_of(config, 10, std::nullopt, sunday + std::chrono::hours{24 + 10}).open);
}

TEST_F(website_chat, is_found_by_name_while_it_is_on) {
    EXPECT_EQ(find_website_chat(&config, "g10")->id, 10);
    EXPECT_EQ(find_website_chat(&config, "nowhere"), nullptr);
    EXPECT_EQ(find_website_chat(nullptr, "g10"), nullptr);
    add(11, "email", sales, "help@shop.example");
    EXPECT_EQ(find_website_chat(&config, "g11"), nullptr);
    config.gateways.at(10).enabled = false;
    EXPECT_EQ(find_website_chat(&config, "g10"), nullptr);
}

} // namespace
} // namespace switchboard::intake

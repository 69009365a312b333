#include <switchboard/intake/mailboxes.hpp>

#include <gtest/gtest.h>

namespace switchboard::intake {
namespace {

void add(intake_config& config, std::int64_t id, std::string kind, std::vector<std::string> own,
         std::string from = {}) {
    intake_gateway g;
    g.id = id;
    g.kind = std::move(kind);
    g.settings.own_addresses = std::move(own);
    g.from_address = std::move(from);
    config.gateways.emplace(id, std::move(g));
}

TEST(mailboxes, are_those_of_e_mail_gateways_in_every_spelling_and_with_every_tag) {
    intake_config config;
    add(config, 1, "email", {"Help@Shop.example", "team+dev@shop.example", ""});
    add(config, 2, "email", {"help@shop.example"}, "Answers@shop.example");
    add(config, 3, "widget", {"https://shop.example"});
    add(config, 4, "email", {"a@b", "plus+@shop.example"});
    const mailboxes all{config};
    const std::pair<std::string_view, std::int64_t> table[] = {
        {"help@shop.example", 1}, // the first that names it
        {"HELP@SHOP.EXAMPLE", 1},
        {"<help@shop.example>", 1},
        {"help+t.42.0123456789abcdef@shop.example", 1},
        {"help+a+b@shop.example", 1},
        {"answers@shop.example", 2},
        {"answers+x@shop.example", 2},
        {"team+dev@shop.example", 1},
        {"team+dev+t.1.x@shop.example", 1},
        {"team@shop.example", 0},
        {"team+ops@shop.example", 0},
        {"a+@b", 4},
        {"help@shop.example.org", 0},
        {"xhelp@shop.example", 0},
        {"+help@shop.example", 0},
        {"+@shop.example", 0},
        {"help", 0},
        {"help+x", 0},
        {"@shop.example", 0},
        {"https://shop.example", 0},
        {"", 0},
        {"<>", 0},
    };
    for (const auto& [address, gateway] : table) EXPECT_EQ(all.find(address), gateway) << address;
}

} // namespace
} // namespace switchboard::intake

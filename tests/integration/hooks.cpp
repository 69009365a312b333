// Webhooks of mail providers: no token, the provider's own proof instead.
#include "support/contact_center.hpp"

#include <switchboard/util/hash.hpp>

#include <fmt/format.h>

#include <gtest/gtest.h>

namespace switchboard::test {
namespace {

using nlohmann::json;

class hooks : public testing::Test {
protected:
    hooks() { center.gateway("mailgun", "mailgun", queue, {{"settings", {{"secret", key}}}}); }

    http_answer post(const std::string& gateway, const std::string& proof, const std::string& id = "m1") {
        const auto mail =
            fmt::format("From: Ada <ada@example.com>%0D%0ATo: help@shop.example%0D%0ASubject: Kettle%0D%0A"
                        "Message-ID: <{}@example.com>%0D%0A%0D%0AIt leaks.%0D%0A",
                        id);
        const auto form = fmt::format("timestamp=1763719200&token=t0ken&signature={}&sender=ada%40example.com&"
                                      "recipient=help%40shop.example&body-mime={}",
                                      proof, mail);
        return stranger.send("POST", "/api/v1/hooks/" + gateway, form,
                             {{"Content-Type", "application/x-www-form-urlencoded"}});
    }
    std::int64_t contacts() { return center.number("SELECT count(*) FROM contact"); }

    const std::string key = "key-of-the-account";
    const std::string signature = hmac_sha256_hex(key, "1763719200t0ken");
    contact_center center;
    std::int64_t queue = center.queue("Support");
    client stranger = center.server.stranger();
};

TEST_F(hooks, take_what_the_provider_has_signed_once) {
    const auto first = post("mailgun", signature);
    ASSERT_EQ(first.status, 200) << first.body;
    EXPECT_EQ(first.json()["outcome"], "ticketed");
    EXPECT_EQ(first.json()["duplicate"], false);
    const auto again = post("mailgun", signature);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.json()["duplicate"], true);
    EXPECT_EQ(again.json()["contact_id"], first.json()["contact_id"]);
    EXPECT_EQ(contacts(), 1);
    EXPECT_EQ(center.sql("SELECT from_value || ' ' || subject FROM contact"), "ada@example.com Kettle");
}

TEST_F(hooks, take_nothing_that_is_not_signed) {
    const std::vector<std::string> wrong_ones{"", std::string(64, '0'),
                                              hmac_sha256_hex("another key", "1763719200t0ken")};
    for (const auto& wrong : wrong_ones) {
        const auto answer = post("mailgun", wrong);
        EXPECT_EQ(answer.status, 401) << answer.body;
        EXPECT_EQ(answer.json()["errors"][0]["field"], "signature");
    }
    EXPECT_EQ(contacts(), 0);
}

TEST_F(hooks, are_shut_until_a_secret_is_set_and_for_kinds_without_proof) {
    center.gateway("unset", "mailgun", queue);
    center.gateway("plain", "email", queue);
    EXPECT_EQ(post("unset", hmac_sha256_hex("", "1763719200t0ken")).status, 403);
    EXPECT_EQ(post("plain", signature).status, 404);
    EXPECT_EQ(post("nowhere", signature).status, 404);
    EXPECT_EQ(contacts(), 0);
}

} // namespace
} // namespace switchboard::test

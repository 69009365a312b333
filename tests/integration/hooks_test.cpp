// Webhooks of mail providers: no token, the provider's own proof instead.
#include "support/contact_center.hpp"

#include <switchboard/util/hash.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>

namespace switchboard::test {
namespace {

using nlohmann::json;

/// A key as SendGrid has one for each account; its public half stands in the gateway's settings.
class signing_key {
public:
    std::string public_text() const {
        unsigned char* der = nullptr;
        const int size = i2d_PUBKEY(key_.get(), &der);
        const std::string out{reinterpret_cast<char*>(der), static_cast<std::size_t>(size)};
        OPENSSL_free(der);
        return base64(out);
    }
    std::string sign(const std::string& text) const {
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
        std::string out(200, '\0');
        auto size = out.size();
        EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get());
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                       reinterpret_cast<const unsigned char*>(text.data()), text.size());
        out.resize(size);
        return base64(out);
    }

private:
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_{EVP_EC_gen("P-256"), &EVP_PKEY_free};
};

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

TEST_F(hooks, of_mailgun_keep_nothing_of_a_stranger_that_cannot_be_read) {
    for (const char* body : {"{\"event-data\":", "not a form", "a=b"}) {
        const auto answer =
            stranger.send("POST", "/api/v1/hooks/mailgun", body, {{"Content-Type", "application/json"}});
        EXPECT_EQ(answer.status, 401) << body;
    }
    EXPECT_EQ(contacts(), 0) << "not in quarantine either";
}

TEST_F(hooks, of_postmark_take_what_comes_with_the_login_and_keep_nothing_of_it) {
    center.gateway("postmark", "postmark", queue, {{"settings", {{"secret", "hook:pass"}}}});
    const json mail{{"MessageID", "p1"},
                    {"FromFull", {{"Email", "ada@example.com"}, {"Name", "Ada"}}},
                    {"ToFull", {{{"Email", "help@shop.example"}}}},
                    {"Subject", "Kettle"},
                    {"TextBody", "It leaks."}};
    const auto with = [&](const headers& login, const std::string& body) {
        headers fields{{"Content-Type", "application/json"}};
        fields.insert(fields.end(), login.begin(), login.end());
        return stranger.send("POST", "/api/v1/hooks/postmark", body, fields);
    };
    const headers right{{"Authorization", "Basic " + base64("hook:pass")}};
    const std::vector<headers> wrong_ones{{},
                                          {{"Authorization", "Basic " + base64("hook:guess")}},
                                          {{"Authorization", "Basic hook:pass"}},
                                          {{"Authorization", "Bearer hook:pass"}},
                                          {{"Authorization", ""}},
                                          {{"X-Authorization", right[0].second}}};
    for (const auto& wrong : wrong_ones) {
        const auto refused = with(wrong, mail.dump());
        EXPECT_EQ(refused.status, 401) << refused.body;
        EXPECT_EQ(refused.json()["errors"][0]["field"], "authorization");
        EXPECT_EQ(with(wrong, "[[[").status, 401) << "nor into quarantine";
    }
    EXPECT_EQ(contacts(), 0);

    const auto first = with(right, mail.dump());
    ASSERT_EQ(first.status, 200) << first.body;
    EXPECT_EQ(first.json()["outcome"], "ticketed");
    EXPECT_EQ(with(right, mail.dump()).json()["duplicate"], true);
    EXPECT_EQ(with(right, "[[[").json()["outcome"], "quarantined");
    EXPECT_EQ(center.number("SELECT count(*) FROM contact WHERE outcome = 'ticketed'"), 1);
    EXPECT_EQ(center.number("SELECT count(*) FROM contact_raw"), 2);
    EXPECT_EQ(center.number("SELECT count(*) FROM contact_raw WHERE headers::text ILIKE '%authorization%'"), 0);
}

TEST_F(hooks, of_sendgrid_take_what_its_key_has_signed) {
    const signing_key account, another;
    center.gateway("sendgrid", "sendgrid", queue, {{"settings", {{"secret", account.public_text()}}}});
    const std::string form = "from=ada%40example.com&to=help%40shop.example&subject=Kettle&text=It+leaks.";
    const auto post_signed = [&](const std::string& moment, const std::string& signature, const std::string& body) {
        return stranger.send("POST", "/api/v1/hooks/sendgrid", body,
                             {{"Content-Type", "application/x-www-form-urlencoded"},
                              {"X-Twilio-Email-Event-Webhook-Timestamp", moment},
                              {"X-Twilio-Email-Event-Webhook-Signature", signature}});
    };
    const auto right = account.sign("1763719200" + form);
    EXPECT_EQ(post_signed("1763719200", "", form).status, 401);
    EXPECT_EQ(post_signed("1763719200", "bm8=", form).status, 401);
    EXPECT_EQ(post_signed("1763719200", another.sign("1763719200" + form), form).status, 401);
    EXPECT_EQ(post_signed("1763719201", right, form).status, 401) << "of another moment";
    EXPECT_EQ(post_signed("1763719200", right, form + "+Really.").status, 401) << "of other words";
    EXPECT_EQ(contacts(), 0);
    const auto taken = post_signed("1763719200", right, form);
    ASSERT_EQ(taken.status, 200) << taken.body;
    EXPECT_EQ(taken.json()["outcome"], "ticketed");
    EXPECT_EQ(center.sql("SELECT from_value || ' ' || subject FROM contact"), "ada@example.com Kettle");
}

} // namespace
} // namespace switchboard::test

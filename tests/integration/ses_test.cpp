// Amazon SES as it is set up in life: nobody pastes a key, the mail may lie in S3.
#include "support/contact_center.hpp"
#include "support/fake_amazon.hpp"

#include <switchboard/outside/amazon.hpp>
#include <switchboard/util/hash.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>

namespace switchboard::test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string topic = "arn:aws:sns:eu-west-1:123456789012:mail";
const std::string certificate_path = "/SimpleNotificationService-0123abcd.pem";
const std::string confirm_target = "/?Action=ConfirmSubscription&Token=t0ken";

std::string signed_by(const std::string& key_pem, const std::string& text) {
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> in{
        BIO_new_mem_buf(key_pem.data(), static_cast<int>(key_pem.size())), &BIO_free_all};
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{
        PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free};
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
    std::string out(512, '\0');
    auto size = out.size();
    EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get());
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    out.resize(size);
    return base64(out);
}

const std::string raw_mail = "From: Ada <ada@example.com>\r\nTo: help@shop.example\r\nSubject: Kettle\r\n"
                             "Message-ID: <m1@example.com>\r\n\r\nIt leaks.\r\n";

json received(const std::string& id) {
    return {{"notificationType", "Received"},
            {"mail",
             {{"messageId", id},
              {"source", "ada@example.com"},
              {"destination", {"help@shop.example"}},
              {"commonHeaders", {{"from", {"Ada <ada@example.com>"}}, {"subject", "Kettle"}}}}},
            {"receipt", {{"recipients", {"help@shop.example"}}, {"action", {{"type", "SNS"}, {"encoding", "UTF8"}}}}}};
}

json with_content(const std::string& id) {
    auto message = received(id);
    message["content"] = raw_mail;
    return message;
}

json stored(const std::string& id, const std::string& key) {
    auto message = received(id);
    message["receipt"]["action"] = {{"type", "S3"}, {"bucketName", "mails"}, {"objectKey", key}};
    return message;
}

class ses : public testing::Test {
protected:
    explicit ses(bool with_credentials = true)
        : center{[&](config& c) {
              c.aws_proxy = amazon.proxy();
              c.aws_ca = amazon.authority().file();
              if (!with_credentials) return;
              c.aws_access_key_id = amazon.access_key_id;
              c.aws_secret_access_key = amazon.secret_access_key;
          }} {
        amazon.put(amazon.sns, certificate_path, signer.pem);
        center.gateway("mail", "ses", queue, {{"settings", {{"topics", {topic}}}}});
    }
    json envelope(const json& message, const std::string& of = topic) const {
        json out{{"Type", "Notification"},
                 {"MessageId", "n1"},
                 {"TopicArn", of},
                 {"Message", message.dump()},
                 {"Timestamp", "2026-11-20T10:00:00.000Z"},
                 {"SignatureVersion", "2"},
                 {"SigningCertURL", fmt::format("https://{}{}", amazon.sns, certificate_path)}};
        out["Signature"] = signed_by(
            signer.key, fmt::format("Message\n{}\nMessageId\nn1\nTimestamp\n2026-11-20T10:00:00.000Z\nTopicArn\n{}\n"
                                    "Type\nNotification\n",
                                    message.dump(), of));
        return out;
    }
    json subscription(const std::string& type = "SubscriptionConfirmation") const {
        const auto url = fmt::format("https://{}{}", amazon.sns, confirm_target);
        json out{{"Type", type},
                 {"MessageId", "n1"},
                 {"TopicArn", topic},
                 {"Message", "You have chosen to subscribe"},
                 {"Token", "t0ken"},
                 {"SubscribeURL", url},
                 {"Timestamp", "2026-11-20T10:00:00.000Z"},
                 {"SignatureVersion", "2"},
                 {"SigningCertURL", fmt::format("https://{}{}", amazon.sns, certificate_path)}};
        out["Signature"] =
            signed_by(signer.key,
                      fmt::format("Message\nYou have chosen to subscribe\nMessageId\nn1\nSubscribeURL\n{}\nTimestamp\n"
                                  "2026-11-20T10:00:00.000Z\nToken\nt0ken\nTopicArn\n{}\nType\n{}\n",
                                  url, topic, type));
        return out;
    }
    http_answer post(const json& body, const std::string& gateway = "mail") {
        return stranger.send("POST", "/api/v1/hooks/" + gateway, body.dump(),
                             {{"Content-Type", "text/plain; charset=UTF-8"}}); // as SNS calls its JSON
    }
    std::int64_t contacts() { return center.number("SELECT count(*) FROM contact"); }
    std::string asked_for_certificate() const { return fmt::format("{} {}", amazon.sns, certificate_path); }
    std::string asked_for_mail(const std::string& key) const { return fmt::format("{} /mails/{}", amazon.s3, key); }

    fake_amazon amazon;
    certificate signer = amazon.authority().issue_rsa({"sns.amazonaws.com"});
    contact_center center;
    std::int64_t queue = center.queue("Support");
    client stranger = center.server.stranger();
};

TEST_F(ses, takes_what_its_topic_sends_with_a_key_that_is_fetched_once) {
    const auto first = post(envelope(with_content("ses1")));
    ASSERT_EQ(first.status, 200) << first.body;
    EXPECT_EQ(first.json()["outcome"], "ticketed");
    EXPECT_EQ(post(envelope(with_content("ses2"))).json()["duplicate"], false);
    const auto again = post(envelope(with_content("ses1")));
    EXPECT_EQ(again.json()["duplicate"], true);
    EXPECT_EQ(again.json()["contact_id"], first.json()["contact_id"]);
    EXPECT_EQ(contacts(), 2);
    EXPECT_EQ(center.sql("SELECT from_value || ' ' || subject || ' ' || text FROM contact"),
              "ada@example.com Kettle It leaks.\n");
    EXPECT_THAT(amazon.asked(), ElementsAre(asked_for_certificate()));
}

TEST_F(ses, takes_nothing_that_its_topic_did_not_send_and_looks_nowhere_else) {
    auto forged = envelope(with_content("ses1"));
    forged["Message"] = with_content("ses2").dump();
    EXPECT_EQ(post(forged).json()["errors"][0]["field"], "Signature");
    EXPECT_THAT(amazon.asked(), ElementsAre(asked_for_certificate()));

    auto elsewhere = envelope(with_content("ses1")), missing = elsewhere;
    elsewhere["SigningCertURL"] = "https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-1.pem";
    missing.erase("SigningCertURL");
    const auto another = envelope(with_content("ses1"), "arn:aws:sns:eu-west-1:210987654321:mail");
    for (const auto& body : {elsewhere, missing, another, with_content("ses1"), json::array()})
        EXPECT_EQ(post(body).status, 401) << body;
    EXPECT_THAT(amazon.asked(), IsEmpty());

    amazon.put(amazon.sns, "/SimpleNotificationService-2.pem", amazon.authority().issue_rsa({"www.amazon.com"}).pem);
    auto not_of_sns = envelope(with_content("ses1"));
    not_of_sns["SigningCertURL"] = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-2.pem";
    EXPECT_EQ(post(not_of_sns).status, 401);
    EXPECT_EQ(contacts(), 0);
}

TEST_F(ses, lets_nobody_hand_in_what_only_we_fetch) {
    center.gateway("pinned", "ses", queue, {{"settings", {{"topics", {topic}}, {"secret", signer.pem}}}});
    for (const std::string gateway : {"mail", "pinned"}) {
        const auto answer = stranger.send(
            "POST", "/api/v1/hooks/" + gateway, raw_mail,
            {{"Content-Type", "message/rfc822"}, {"X-Switchboard-Notification", envelope(stored("ses1", "1")).dump()}});
        EXPECT_EQ(answer.status, 401) << answer.body;
    }
    EXPECT_EQ(contacts(), 0);
    EXPECT_EQ(post(envelope(with_content("ses1")), "pinned").json()["outcome"], "ticketed");
    EXPECT_THAT(amazon.asked(), IsEmpty()) << "a key of one's own needs nobody";
}

TEST_F(ses, has_the_sender_repeat_while_the_key_cannot_be_fetched) {
    for (const int status : {503, 404, 302}) {
        amazon.answer_with(status);
        const auto later = post(envelope(with_content("ses1")));
        EXPECT_EQ(later.status, 503) << status;
        EXPECT_FALSE(later.header("retry-after").empty());
    }
    EXPECT_EQ(contacts(), 0);
    amazon.answer_with(200);
    EXPECT_EQ(post(envelope(with_content("ses1"))).status, 200);
    EXPECT_EQ(contacts(), 1);
}

TEST_F(ses, is_shut_until_it_names_its_topics) {
    center.gateway("open", "ses", queue);
    center.gateway("pasted", "ses", queue, {{"settings", {{"secret", signer.pem}}}}); // anybody's topic has this key
    for (const std::string gateway : {"open", "pasted"}) {
        const auto answer = post(envelope(with_content("ses1")), gateway);
        EXPECT_EQ(answer.status, 403) << gateway;
        EXPECT_THAT(answer.body, HasSubstr("topics"));
    }
    EXPECT_THAT(amazon.asked(), IsEmpty());
    const auto wrong = center.admin.post(
        "/api/v1/gateways",
        {{"name", "wrong"}, {"kind", "ses"}, {"queue_id", queue}, {"settings", {{"topics", {"mail"}}}}});
    EXPECT_EQ(wrong.status, 422);
    EXPECT_THAT(wrong.json()["errors"][0]["message"], HasSubstr("topics: must be ARNs"));
    EXPECT_EQ(contacts(), 0);
}

TEST_F(ses, confirms_a_subscription_that_amazon_has_signed) {
    auto forged = subscription();
    forged["Token"] = "an0ther";
    EXPECT_EQ(post(forged).status, 401);
    EXPECT_THAT(amazon.asked(), ElementsAre(asked_for_certificate()));

    EXPECT_EQ(post(subscription()).status, 503) << "Amazon does not know the token yet: it must ask again";
    const auto confirmation = fmt::format("{} {}", amazon.sns, confirm_target);
    EXPECT_THAT(amazon.asked(), ElementsAre(confirmation));
    amazon.put(amazon.sns, confirm_target, "<ConfirmSubscriptionResponse/>");
    EXPECT_EQ(post(subscription()).status, 200);
    EXPECT_THAT(amazon.asked(), ElementsAre(confirmation));

    EXPECT_EQ(post(subscription("UnsubscribeConfirmation")).status, 200);
    EXPECT_THAT(amazon.asked(), IsEmpty()) << "that address would begin it again";
    EXPECT_EQ(contacts(), 0);
}

TEST_F(ses, fetches_a_mail_that_lies_in_s3_before_it_answers) {
    amazon.put(amazon.s3, "/mails/in%20box/%C3%BC%2B1", raw_mail);
    const auto answer = post(envelope(stored("ses1", "in box/ü+1")));
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.json()["outcome"], "ticketed");
    EXPECT_THAT(amazon.asked(), ElementsAre(asked_for_certificate(), asked_for_mail("in%20box/%C3%BC%2B1")));
    EXPECT_EQ(center.sql("SELECT text || array_to_string(flags, ',') FROM contact"), "It leaks.\n");
    const auto raw = center.admin.get(fmt::format("/api/v1/contacts/{}/raw", answer.json()["contact_id"].get<int>()));
    EXPECT_EQ(raw.body, raw_mail) << "the mail is what came";
    EXPECT_EQ(post(envelope(stored("ses1", "in box/ü+1"))).json()["duplicate"], true);
}

TEST_F(ses, has_the_sender_repeat_while_s3_is_ill) {
    amazon.put(amazon.s3, "/mails/1", raw_mail);
    ASSERT_EQ(post(subscription("UnsubscribeConfirmation")).status, 200) << "which fetches the key";
    amazon.answer_with(503);
    EXPECT_EQ(post(envelope(stored("ses1", "1"))).status, 503);
    EXPECT_EQ(contacts(), 0);
    amazon.answer_with(200);
    EXPECT_EQ(post(envelope(stored("ses1", "1"))).json()["outcome"], "ticketed");
    EXPECT_EQ(contacts(), 1);
}

TEST_F(ses, keeps_in_quarantine_a_mail_that_s3_does_not_give_until_it_does) {
    const auto answer = post(envelope(stored("ses1", "1")));
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.json()["outcome"], "quarantined");
    EXPECT_EQ(center.sql("SELECT from_value || ': ' || quarantine FROM contact"),
              "ada@example.com: the mail lies in S3 as mails/1: the answer was 404 NoSuchKey");
    amazon.put(amazon.s3, "/mails/1", raw_mail);
    const auto supervisor = center.sign_in("supervisor");
    EXPECT_EQ(supervisor.http.post("/api/v1/contacts/replay").json()["understood"], 1);
    EXPECT_EQ(center.sql("SELECT outcome || ' ' || text FROM contact"), "ticketed It leaks.\n");
    const auto id = answer.json()["contact_id"].get<int>();
    EXPECT_EQ(center.admin.get(fmt::format("/api/v1/contacts/{}/raw", id)).body, raw_mail);
    EXPECT_EQ(contacts(), 1);
}

class ses_without_credentials : public ses {
protected:
    ses_without_credentials() : ses{false} {}
};

TEST_F(ses_without_credentials, says_which_settings_are_missing_and_loses_nothing) {
    const auto answer = post(envelope(stored("ses1", "1")));
    EXPECT_EQ(answer.json()["outcome"], "quarantined") << answer.body;
    EXPECT_EQ(center.sql("SELECT quarantine FROM contact"),
              "the mail lies in S3 as mails/1: set aws.access_key_id and aws.secret_access_key");
    EXPECT_THAT(amazon.asked(), ElementsAre(asked_for_certificate()));
    EXPECT_EQ(post(envelope(stored("ses1", "1"))).json()["duplicate"], true);
}

TEST(amazon, is_believed_only_with_a_certificate_that_somebody_vouches_for) {
    fake_amazon site;
    site.put(site.sns, "/", "hello");
    boost::asio::io_context io;
    const auto get = [&](const outside::amazon_options& options, const std::string& url) {
        outside::amazon client{options};
        auto answer = boost::asio::co_spawn(io, client.get(url), boost::asio::use_future);
        io.restart();
        io.run();
        return answer.get();
    };
    const auto home = fmt::format("https://{}/", site.sns);
    EXPECT_EQ(get({.ca = site.authority().file(), .proxy = site.proxy()}, home).value(), "hello");
    EXPECT_FALSE(get({.proxy = site.proxy()}, home)) << "the system trusts another authority";
    EXPECT_FALSE(get({.ca = site.authority().file(), .proxy = site.proxy()}, "https://sns.us-east-1.amazonaws.com/"))
        << "its certificate is for another host";
    EXPECT_FALSE(get({.ca = site.authority().file(), .proxy = site.proxy()}, "http://sns.eu-west-1.amazonaws.com/"));
    EXPECT_THAT(site.asked(), ElementsAre(fmt::format("{} /", site.sns)));
    site.put(site.sns, "/", std::string(65u << 10, 'x'));
    EXPECT_EQ(get({.ca = site.authority().file(), .proxy = site.proxy()}, home).error().reason, "it is too large");
}

} // namespace
} // namespace switchboard::test

// What a notification of Amazon SNS names that lies elsewhere, and whether we would go there.
#include <switchboard/channels/sns.hpp>

#include "unit/channels/records_support.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace switchboard::channels {
namespace {

using nlohmann::json;

const std::string topic = "arn:aws:sns:eu-west-1:123456789012:mail";

gateway_settings with_topics(std::vector<std::string> topics) {
    gateway_settings settings;
    settings.topics = std::move(topics);
    return settings;
}

json envelope(const json& message = json::object()) {
    return {{"Type", "Notification"},
            {"TopicArn", topic},
            {"Message", message.dump()},
            {"SigningCertURL", "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a1B.pem"}};
}

json stored_in_s3() {
    return {{"notificationType", "Received"},
            {"mail",
             {{"messageId", "ses1"},
              {"source", "jane@x.example"},
              {"destination", {"desk@ours.example"}},
              {"commonHeaders", {{"from", {"Jane <jane@x.example>"}}, {"subject", "hello"}}}}},
            {"receipt",
             {{"recipients", {"desk@ours.example"}},
              {"action", {{"type", "S3"}, {"bucketName", "mails"}, {"objectKey", "in/1"}}}}}};
}

std::expected<sns_errand, refused_input> errand_of(const json& body, const gateway_settings& settings) {
    const auto text = body.dump();
    return sns_errand_of(settings, raw_input{.body = text, .content_type = {}, .headers = {}, .query = {}});
}

TEST(an_sns_address, is_of_amazons_own_host_by_https) {
    for (const char* url : {"https://sns.eu-west-1.amazonaws.com/", "https://sns.us-gov-east-1.amazonaws.com/?Action=x",
                            "https://sns.cn-north-1.amazonaws.com.cn/x"})
        EXPECT_TRUE(is_sns_address(url)) << url;
    for (const char* url : {"",
                            "https://",
                            "http://sns.eu-west-1.amazonaws.com/",
                            "HTTPS://sns.eu-west-1.amazonaws.com/",
                            "https://sns.eu-west-1.amazonaws.com",
                            "https://sns.eu-west-1.amazonaws.com:8443/",
                            "https://sns.eu-west-1.amazonaws.com@evil.example/",
                            "https://user@sns.eu-west-1.amazonaws.com/",
                            "https://sns.eu-west-1.amazonaws.com.evil.example/",
                            "https://sns.evil.example/.amazonaws.com/",
                            "https://sns.eu-west-1.amazonaws.com?/",
                            "https://sns.eu-west-1.amazonaws.com#/",
                            "https://sns.eu-west-1.amazonaws.com\\@evil.example/",
                            "https://sns.a.b.amazonaws.com/",
                            "https://sns..amazonaws.com/",
                            "https://sns.amazonaws.com/",
                            "https://s3.eu-west-1.amazonaws.com/",
                            "https://xsns.eu-west-1.amazonaws.com/",
                            "https://sns.eu_west.amazonaws.com/",
                            "https://sns.eu-west-1.amazonaws.com.cn.x/",
                            "https://sns.eu-west-1.amazonaws.org/",
                            "https://sns.eu-west-1.amazonaws.com%2f@evil.example/",
                            "https://sns.EU.amazonaws.com/"})
        EXPECT_FALSE(is_sns_address(url)) << url;
}

TEST(an_sns_certificate, has_amazons_name_and_nothing_beside_it) {
    const std::string host = "https://sns.eu-west-1.amazonaws.com";
    EXPECT_TRUE(is_sns_certificate_address(host + "/SimpleNotificationService-9c6465fa7f48f5cacd23014631ec1136.pem"));
    for (const char* path :
         {"/SimpleNotificationService-.pem", "/SimpleNotificationService-1.pem?x=.pem", "/SimpleNotificationService-1",
          "/x/SimpleNotificationService-1.pem", "/SimpleNotificationService-../x.pem", "/cert.pem",
          "/SimpleNotificationService-1.pem#", "/SimpleNotificationService-%2e.pem"})
        EXPECT_FALSE(is_sns_certificate_address(host + path)) << path;
    EXPECT_FALSE(is_sns_certificate_address("https://evil.example/SimpleNotificationService-1.pem"));
}

TEST(a_topic, is_named_by_its_arn) {
    for (const char* arn : {"arn:aws:sns:eu-west-1:123456789012:mail", "arn:aws-cn:sns:cn-north-1:123456789012:A_b-1"})
        EXPECT_TRUE(is_sns_topic(arn)) << arn;
    for (const char* arn : {"", "mail", "arn:aws:sns:eu-west-1:123456789012", "arn:aws:sns:eu-west-1:123456789012:",
                            "arn:aws:sqs:eu-west-1:123456789012:mail", "arn:aws:sns::123456789012:mail",
                            "arn:aws:sns:eu-west-1:12345:mail", "arn:aws:sns:eu-west-1:123456789012:mail:subscription",
                            "arn:awsx:sns:eu-west-1:123456789012:mail", "arn:aws:sns:eu-west-1:123456789012:*"})
        EXPECT_FALSE(is_sns_topic(arn)) << arn;
    EXPECT_EQ(settings_from_json(json{{"topics", {topic}}}.dump())->topics, std::vector{topic});
    const auto wrong = settings_from_json(json{{"topics", {topic, "mail"}}}.dump());
    ASSERT_FALSE(wrong);
    EXPECT_TRUE(wrong.error().starts_with("topics: must be ARNs of SNS topics")) << wrong.error();
}

TEST(a_gateway, is_proved_by_sns_when_it_names_topics_and_has_no_key_of_its_own) {
    EXPECT_TRUE(is_proved_by_sns("ses", with_topics({topic})));
    EXPECT_FALSE(is_proved_by_sns("ses", {}));
    EXPECT_FALSE(is_proved_by_sns("mailgun", with_topics({topic})));
    auto pinned = with_topics({topic});
    pinned.secret = "a key";
    EXPECT_FALSE(is_proved_by_sns("ses", pinned));
}

TEST(an_sns_errand, names_the_certificate_and_the_mail_that_lies_in_s3) {
    const auto errand = errand_of(envelope(stored_in_s3()), with_topics({"arn:aws:sns:x:123456789012:other", topic}));
    ASSERT_TRUE(errand);
    EXPECT_TRUE(errand->of_own_topic);
    EXPECT_EQ(errand->certificate, envelope()["SigningCertURL"].get<std::string>());
    EXPECT_TRUE(errand->confirmation.empty());
    ASSERT_TRUE(errand->mail);
    EXPECT_EQ(errand->mail->bucket, "mails");
    EXPECT_EQ(errand->mail->key, "in/1");
    EXPECT_EQ(errand->mail->region, "eu-west-1");

    auto whole = stored_in_s3();
    whole["content"] = "From: jane@x.example\r\n\r\nhi";
    EXPECT_FALSE(errand_of(envelope(whole), with_topics({topic}))->mail) << "it came along";
    EXPECT_FALSE(errand_of(envelope(stored_in_s3()), {})->of_own_topic) << "the gateway names none";
}

TEST(an_sns_errand, confirms_what_begins_and_not_what_ends) {
    auto body = envelope();
    body["SubscribeURL"] = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription";
    body["Type"] = "SubscriptionConfirmation";
    EXPECT_EQ(errand_of(body, with_topics({topic}))->confirmation, body["SubscribeURL"].get<std::string>());
    body["Type"] = "UnsubscribeConfirmation"; // its SubscribeURL would begin it again
    EXPECT_EQ(errand_of(body, with_topics({topic}))->confirmation, "");
    EXPECT_TRUE(errand_of(body, with_topics({topic}))->unsubscribed);
}

TEST(an_sns_errand, is_refused_for_what_no_key_could_prove) {
    const auto field_of = [](const json& body) {
        const auto errand = errand_of(body, with_topics({topic}));
        return errand ? "" : errand.error().field;
    };
    auto other_topic = envelope(), elsewhere = envelope(), confirmation = envelope();
    other_topic["TopicArn"] = "arn:aws:sns:eu-west-1:210987654321:mail";
    elsewhere["SigningCertURL"] = "https://evil.example/SimpleNotificationService-1.pem";
    confirmation["Type"] = "SubscriptionConfirmation";
    confirmation["SubscribeURL"] = "https://evil.example/?Action=ConfirmSubscription";
    EXPECT_EQ(field_of(envelope()), "");
    EXPECT_EQ(field_of(other_topic), "TopicArn");
    EXPECT_EQ(field_of(elsewhere), "SigningCertURL");
    EXPECT_EQ(field_of(confirmation), "SubscribeURL");
}

TEST(an_sns_errand, is_none_in_what_is_no_envelope) {
    for (const char* body : {"", "{", "[]", "null", "{}", R"({"Records":[]})", "From: jane@x.example\r\n\r\nhi"}) {
        const auto errand = sns_errand_of(with_topics({topic}),
                                          raw_input{.body = body, .content_type = {}, .headers = {}, .query = {}});
        ASSERT_TRUE(errand) << body;
        EXPECT_TRUE(errand->certificate.empty() && errand->confirmation.empty() && !errand->mail) << body;
    }
}

TEST(a_mail_that_was_fetched, is_read_with_its_notification) {
    const auto notification = envelope(stored_in_s3()).dump();
    const auto records = normalize("ses", with_topics({topic}),
                                   raw_input{.body = "From: Jane <jane@x.example>\r\nSubject: hello\r\nMessage-ID: "
                                                     "<m1@x.example>\r\n\r\nhi there\r\n",
                                             .content_type = "message/rfc822",
                                             .headers = {{std::string{notification_header}, notification}},
                                             .query = {}});
    ASSERT_EQ(records.size(), 1u);
    const auto& mail = std::get<inbound_contact>(records[0]);
    EXPECT_EQ(mail.text, "hi there\n");
    EXPECT_EQ(mail.external_id, "ses1");
    EXPECT_EQ(mail.mail.message_id, "m1@x.example");
    EXPECT_EQ(mail.mail.recipients.at(0), "desk@ours.example");
    EXPECT_TRUE(mail.flags.empty());
    EXPECT_EQ(json::parse(mail.details)["s3"]["bucket"], "mails");
}

} // namespace
} // namespace switchboard::channels

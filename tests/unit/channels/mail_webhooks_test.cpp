// What SendGrid, Mailgun, Postmark and Amazon SES post: mails in their shapes, events, signatures.

#include "unit/channels/records_support.hpp"

#include <switchboard/util/hash.hpp>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>

namespace switchboard::channels {
namespace {

using nlohmann::json;
using headers = std::vector<std::pair<std::string, std::string>>;

std::vector<normalized_record> take(std::string_view kind, std::string_view body, const gateway_settings& settings = {},
                                    std::string type = {}, headers extra = {}) {
    return normalize(
        kind, settings,
        raw_input{.body = body, .content_type = std::move(type), .headers = std::move(extra), .query = {}});
}

inbound_contact mail_of(std::string_view kind, std::string_view body, std::string type = {}) {
    const auto records = take(kind, body, {}, std::move(type));
    EXPECT_EQ(records.size(), 1u);
    return std::get<inbound_contact>(records.at(0));
}

contact_event event_of(std::string_view kind, std::string_view body) {
    const auto records = take(kind, body);
    EXPECT_EQ(records.size(), 1u);
    return std::get<contact_event>(records.at(0));
}

json recipient_of(const contact_event& event) {
    return json::parse(event.details).at("recipients").at(0);
}

bool is_refused(const std::vector<normalized_record>& records) {
    const auto* refused = records.size() == 1 ? std::get_if<refused_input>(&records[0]) : nullptr;
    return refused != nullptr && refused->status == 401;
}

gateway_settings signed_with(std::string secret) {
    gateway_settings settings;
    settings.secret = std::move(secret);
    return settings;
}

const std::string raw_mail = "From: Jane <jane@x.example>\r\nTo: desk@ours.example\r\nSubject: hello\r\nMessage-ID: "
                             "<m1@x.example>\r\n\r\nhi there\r\n";

std::string form(const std::vector<std::pair<std::string, std::string>>& fields) {
    std::string out;
    for (const auto& [name, value] : fields)
        out += "--B\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    return out + "--B--\r\n";
}

constexpr const char* form_type = "multipart/form-data; boundary=B";

// --- Keys made for the test

using key_ptr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

std::string sign(EVP_PKEY* key, const EVP_MD* digest, const std::string& message) {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
    std::size_t size = 0;
    EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key);
    const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
    EVP_DigestSign(context.get(), nullptr, &size, bytes, message.size());
    std::string out(size, '\0');
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, bytes, message.size());
    return base64(std::string_view(out).substr(0, size));
}

std::string public_der(EVP_PKEY* key) {
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(key, &der);
    std::string out(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return out;
}

std::string public_pem(EVP_PKEY* key) {
    std::string out = "-----BEGIN PUBLIC KEY-----\n";
    const auto text = base64(public_der(key));
    for (std::size_t at = 0; at < text.size(); at += 64) out += text.substr(at, 64) + "\n";
    return out + "-----END PUBLIC KEY-----\n";
}

// --- SendGrid

TEST(sendgrid, takes_the_raw_mail_when_it_is_there) {
    const auto body = form({{"dkim", "{@x.example : pass}"},
                            {"email", raw_mail},
                            {"envelope", R"({"to":["desk+t@ours.example"],"from":"bounce@x.example"})"}});
    for (const std::string type : {form_type, ""}) {
        const auto mail = mail_of("sendgrid", body, type);
        EXPECT_EQ(mail.from.value, "jane@x.example");
        EXPECT_EQ(mail.text, "hi there\n");
        EXPECT_EQ(mail.external_id, "m1@x.example");
        EXPECT_EQ(mail.mail.recipients.at(0), "desk+t@ours.example");
        EXPECT_EQ(json::parse(mail.details)["envelope"]["mail_from"], "bounce@x.example");
        EXPECT_EQ(json::parse(mail.details)["dkim"], "{@x.example : pass}");
    }
}

TEST(sendgrid, puts_a_mail_together_from_fields_in_charsets_of_their_own) {
    const std::string body =
        form({{"headers", "Message-ID: <m2@x.example>\nDate: Mon, 2 May 2016 10:00:00 +0000\nFrom: Jane "
                          "<jane@x.example>\nSubject: hello\nContent-Type: multipart/mixed; boundary=gone"},
              {"text", "Gr\xFC\xDF"
                       "e"},
              {"html", "<p>Grüße</p><img src=\"cid:pic\">"},
              {"charsets", R"({"text":"iso-8859-1","html":"UTF-8"})"},
              {"attachment-info", R"({"attachment1":{"filename":"a.png","type":"image/png","content-id":"pic"}})"}});
    const std::string with_file = body.substr(0, body.size() - 7) +
                                  "--B\r\nContent-Disposition: form-data; name=\"attachment1\"; "
                                  "filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n--B--\r\n";
    const auto mail = mail_of("sendgrid", with_file, form_type);
    EXPECT_EQ(mail.text, "Grüße");
    EXPECT_EQ(mail.html, "<p>Grüße</p><img src=\"cid:pic\">");
    EXPECT_EQ(mail.external_id, "m2@x.example");
    ASSERT_EQ(mail.attachments.size(), 1u);
    EXPECT_EQ(mail.attachments[0].name, "a.png");
    EXPECT_EQ(mail.attachments[0].content, "PNG");
    EXPECT_EQ(mail.attachments[0].content_id, "pic");
    EXPECT_TRUE(mail.attachments[0].is_inline);
}

TEST(sendgrid, turns_each_event_into_a_record) {
    const auto records = take(
        "sendgrid",
        R"([{"email":"a@b.c","timestamp":1504555832,"smtp-id":"<ours@x.y>","event":"bounce","type":"bounce","status":"5.1.1","reason":"550 5.1.1 no such user","sg_event_id":"e1"},
                                             {"email":"a@b.c","timestamp":1504555833,"smtp-id":"<ours@x.y>","event":"deferred","response":"421 later"},
                                             {"email":"a@b.c","timestamp":1504555834,"smtp-id":"<ours@x.y>","event":"delivered"},
                                             {"email":"a@b.c","timestamp":1504555835,"smtp-id":"<ours@x.y>","event":"spamreport"}, 7])");
    ASSERT_EQ(records.size(), 5u);
    const auto bounce = std::get<contact_event>(records[0]);
    EXPECT_EQ(bounce.type, "bounce");
    EXPECT_EQ(bounce.of, "ours@x.y");
    EXPECT_TRUE(bounce.at.has_value());
    EXPECT_EQ(recipient_of(bounce)["severity"], "hard");
    EXPECT_EQ(recipient_of(std::get<contact_event>(records[1]))["severity"], "temporary");
    EXPECT_EQ(std::get<contact_event>(records[2]).type, "delivered");
    EXPECT_EQ(std::get<contact_event>(records[3]).type, "complaint");
    EXPECT_FALSE(std::get<inbound_contact>(records[4]).quarantine.empty());
}

TEST(sendgrid, believes_only_its_signature) {
    const key_ptr key{EVP_EC_gen("P-256"), &EVP_PKEY_free};
    const auto settings = signed_with(base64(public_der(key.get())));
    const std::string body = R"([{"email":"a@b.c","event":"delivered","smtp-id":"<x@y>"}])";
    const auto proof = sign(key.get(), EVP_sha256(), "1600000000" + body);
    const headers good{{"X-Twilio-Email-Event-Webhook-Signature", proof},
                       {"X-Twilio-Email-Event-Webhook-Timestamp", "1600000000"}};
    EXPECT_FALSE(is_refused(take("sendgrid", body, settings, "", good)));
    EXPECT_TRUE(is_refused(take("sendgrid", body + " ", settings, "", good)));
    EXPECT_TRUE(is_refused(take("sendgrid", body, settings)));
    EXPECT_TRUE(is_refused(take("sendgrid", body, signed_with("not a key"), "", good)));
}

// --- Mailgun

TEST(mailgun, takes_raw_mail_or_fields) {
    const auto raw = mail_of(
        "mailgun", form({{"recipient", "desk@ours.example"}, {"sender", "jane@x.example"}, {"body-mime", raw_mail}}),
        form_type);
    EXPECT_EQ(raw.text, "hi there\n");
    const auto parsed =
        mail_of("mailgun",
                "recipient=desk%40ours.example&sender=jane%40x.example&subject=hello&body-plain=hi+there&body-html=%5B%"
                "22%3Cp%3Ehi%22%2C%22+there%3C%2Fp%3E%22%5D&message-headers=" +
                    std::string("%5B%5B%22From%22%2C%22Jane+%3Cjane%40x.example%3E%22%5D%2C%5B%22Message-Id%22%2C%22%"
                                "3Cm3%40x.example%3E%22%5D%2C%5B%22In-Reply-To%22%2C%22%3Cours%40x.y%3E%22%5D%5D"),
                "application/x-www-form-urlencoded");
    EXPECT_EQ(parsed.from.value, "jane@x.example");
    EXPECT_EQ(parsed.from.name, "Jane");
    EXPECT_EQ(parsed.subject, "hello");
    EXPECT_EQ(parsed.text, "hi there");
    EXPECT_EQ(parsed.html, "<p>hi there</p>");
    EXPECT_EQ(parsed.external_id, "m3@x.example");
    EXPECT_EQ(parsed.mail.in_reply_to, std::vector<std::string>{"ours@x.y"});
}

TEST(mailgun, tells_passing_from_lasting_failures) {
    const auto failed = [](std::string_view severity) {
        return event_of("mailgun", R"({"signature":{},"event-data":{"event":"failed","severity":")" +
                                       std::string(severity) +
                                       R"(","recipient":"a@b.c","timestamp":1521233195.375624,"id":"e1",
                                   "message":{"headers":{"message-id":"ours@x.y"}},"delivery-status":{"code":550,"message":"5.1.1 The email account that you tried to reach does not exist"}}})");
    };
    EXPECT_EQ(failed("permanent").of, "ours@x.y");
    EXPECT_EQ(recipient_of(failed("permanent"))["severity"], "hard");
    EXPECT_EQ(recipient_of(failed("temporary"))["severity"], "temporary");
    EXPECT_EQ(event_of("mailgun", R"({"signature":{},"event-data":{"event":"complained","recipient":"a@b.c"}})").type,
              "complaint");
}

TEST(mailgun, believes_only_its_signature) {
    const auto settings = signed_with("key");
    const auto body = [&](const std::string& signature) {
        return form({{"timestamp", "1"},
                     {"token", "t"},
                     {"signature", signature},
                     {"sender", "a@b.c"},
                     {"body-mime", raw_mail}});
    };
    EXPECT_FALSE(is_refused(take("mailgun", body(hmac_sha256_hex("key", "1t")), settings, form_type)));
    EXPECT_TRUE(is_refused(take("mailgun", body(hmac_sha256_hex("other", "1t")), settings, form_type)));
    EXPECT_TRUE(is_refused(take("mailgun", body(""), settings, form_type)));
    EXPECT_TRUE(is_refused(take("mailgun", R"({"event-data":{"event":"delivered"}})", settings)));
}

// --- Postmark

TEST(postmark, puts_a_mail_together_and_lets_no_name_change_an_address) {
    const auto mail = mail_of(
        "postmark",
        R"({"FromFull":{"Email":"jane@x.example","Name":"Doe, Jane <evil@e.example>\r\nBcc: x"},"ToFull":[{"Email":"desk@ours.example","Name":""}],"Subject":"Grüße\r\nX-Evil: 1",
        "Date":"Mon, 2 May 2016 10:00:00 +0000","TextBody":"hi","HtmlBody":"<p>hi</p>","OriginalRecipient":"desk+t@ours.example","MessageID":"p1",
        "Headers":[{"Name":"Message-ID","Value":"<m4@x.example>"},{"Name":"Return-Path","Value":"<jane@x.example>"}],
        "Attachments":[{"Name":"tést.txt","Content":"aGVsbG8=","ContentType":"text/plain","ContentID":""}]})");
    EXPECT_EQ(mail.from.value, "jane@x.example");
    EXPECT_EQ(mail.subject, "Grüße X-Evil: 1");
    EXPECT_EQ(mail.external_id, "m4@x.example");
    EXPECT_EQ(mail.text, "hi");
    ASSERT_EQ(mail.attachments.size(), 1u);
    EXPECT_EQ(mail.attachments[0].name, "tést.txt");
    EXPECT_EQ(mail.attachments[0].content, "hello");
    EXPECT_EQ(mail.mail.recipients.at(0), "desk+t@ours.example");
    EXPECT_EQ(mail_of("postmark", json{{"RawEmail", raw_mail}, {"Subject", "no"}}.dump()).subject, "hello");
}

TEST(postmark, reports_bounces_and_asks_for_its_login) {
    const std::string bounce =
        R"({"RecordType":"Bounce","Type":"HardBounce","MessageID":"p1","Email":"a@b.c","Details":"smtp;550 5.1.1 no","BouncedAt":"2019-11-05T16:33:54.9070259Z","ID":42})";
    const auto event = event_of("postmark", bounce);
    EXPECT_EQ(event.of, "p1");
    EXPECT_TRUE(event.at.has_value());
    EXPECT_EQ(recipient_of(event)["severity"], "hard");
    const auto settings = signed_with("user:pass");
    EXPECT_TRUE(is_refused(take("postmark", bounce, settings)));
    EXPECT_TRUE(
        is_refused(take("postmark", bounce, settings, "", {{"Authorization", "Basic " + base64("user:other")}})));
    EXPECT_FALSE(
        is_refused(take("postmark", bounce, settings, "", {{"Authorization", "Basic " + base64("user:pass")}})));
}

// --- Amazon SES

json notification(const json& message) {
    return {{"Type", "Notification"},
            {"MessageId", "n1"},
            {"TopicArn", "arn:aws:sns:eu-west-1:1:mail"},
            {"Message", message.dump()},
            {"Timestamp", "2016-05-02T10:00:00.000Z"},
            {"SignatureVersion", "2"},
            {"SigningCertURL", "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem"}};
}

json received(const std::string& content, const std::string& encoding) {
    return {{"notificationType", "Received"},
            {"mail",
             {{"messageId", "ses1"},
              {"source", "jane@x.example"},
              {"destination", {"desk@ours.example"}},
              {"headers", json::array({{{"name", "From"}, {"value", "Jane <jane@x.example>"}}})}}},
            {"receipt",
             {{"recipients", {"desk+t@ours.example"}},
              {"action", {{"type", "SNS"}, {"encoding", encoding}}},
              {"spamVerdict", {{"status", "PASS"}}}}},
            {"content", content}};
}

TEST(ses, takes_the_mail_plain_or_in_base64_with_or_without_the_envelope_of_sns) {
    for (const auto& message : {received(raw_mail, "UTF8"), received(base64(raw_mail), "BASE64")})
        for (const auto& body : {notification(message), message}) {
            const auto mail = mail_of("ses", body.dump());
            EXPECT_EQ(mail.text, "hi there\n");
            EXPECT_EQ(mail.external_id, "ses1");
            EXPECT_EQ(mail.mail.message_id, "m1@x.example");
            EXPECT_EQ(mail.mail.recipients.at(0), "desk+t@ours.example");
        }
}

TEST(ses, says_where_a_mail_lies_that_did_not_come_along) {
    auto message = received("", "");
    message.erase("content");
    message["receipt"]["action"] = {{"type", "S3"}, {"bucketName", "b"}, {"objectKey", "k"}};
    const auto mail = mail_of("ses", notification(message).dump());
    EXPECT_EQ(mail.from.name, "Jane");
    EXPECT_EQ(mail.flags, std::vector<std::string>{"partial"});
    EXPECT_EQ(json::parse(mail.details)["s3"]["key"], "k");
}

TEST(ses, reports_what_became_of_our_mail) {
    const json bounce{
        {"eventType", "Bounce"},
        {"bounce",
         {{"bounceType", "Permanent"},
          {"bouncedRecipients",
           json::array({{{"emailAddress", "a@b.c"}, {"diagnosticCode", "smtp; 550 5.1.1 user unknown"}},
                        {{"emailAddress", "d@e.f"}}})},
          {"timestamp", "2016-10-21T00:06:40.502Z"}}},
        {"mail",
         {{"messageId", "ses2"}, {"headers", json::array({{{"name", "Message-ID"}, {"value", "<ours@x.y>"}}})}}}};
    const auto event = event_of("ses", notification(bounce).dump());
    EXPECT_EQ(event.type, "bounce");
    EXPECT_EQ(event.of, "ours@x.y");
    const auto recipients = json::parse(event.details).at("recipients");
    ASSERT_EQ(recipients.size(), 2u);
    EXPECT_EQ(recipients[0]["severity"], "hard");
    EXPECT_EQ(recipients[1]["severity"], "hard");
}

TEST(ses, leaves_a_subscription_to_be_confirmed_and_only_at_amazon) {
    json envelope{{"Type", "SubscriptionConfirmation"},
                  {"TopicArn", "t"},
                  {"Token", "x"},
                  {"Message", "m"},
                  {"SubscribeURL", "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription"}};
    const auto records = take("ses", envelope.dump());
    ASSERT_EQ(records.size(), 1u);
    EXPECT_TRUE(std::get<ignored_input>(records[0])
                    .reason.contains("https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription"));
    for (const char* elsewhere :
         {"https://sns.evil.example/x", "https://sns.a.evil.example.amazonaws.com.evil.example/x",
          "http://sns.eu-west-1.amazonaws.com/", "https://sns.x@evil.example/.amazonaws.com"}) {
        envelope["SubscribeURL"] = elsewhere;
        EXPECT_TRUE(is_refused(take("ses", envelope.dump()))) << elsewhere;
    }
}

TEST(ses, believes_only_its_signature_and_its_topic) {
    const key_ptr key{EVP_RSA_gen(2048), &EVP_PKEY_free};
    const auto settings = signed_with(public_pem(key.get()));
    auto envelope = notification(received(raw_mail, "UTF8"));
    envelope["Signature"] = sign(key.get(), EVP_sha256(),
                                 "Message\n" + envelope["Message"].get<std::string>() +
                                     "\nMessageId\nn1\nTimestamp\n2016-05-02T10:00:00.000Z\nTopicArn\narn:aws:sns:eu-"
                                     "west-1:1:mail\nType\nNotification\n");
    EXPECT_FALSE(is_refused(take("ses", envelope.dump(), settings)));
    auto other_topic = settings;
    other_topic.verify_token = "arn:aws:sns:eu-west-1:1:other";
    EXPECT_TRUE(is_refused(take("ses", envelope.dump(), other_topic)));
    EXPECT_TRUE(is_refused(take("ses", received(raw_mail, "UTF8").dump(), settings)));
    for (const char* body : {"", "{", "[]", "{}", "From: jane@x.example\r\n\r\nhi"})
        EXPECT_TRUE(is_refused(take("ses", body, settings))) << "nobody has signed " << body;
    auto forged = envelope;
    forged["Message"] = "{}";
    EXPECT_TRUE(is_refused(take("ses", forged.dump(), settings)));
    auto foreign = envelope;
    foreign["SigningCertURL"] = "https://evil.example/cert.pem";
    EXPECT_TRUE(is_refused(take("ses", foreign.dump())));
}

// --- All of them

TEST(mail_webhook, keeps_what_it_does_not_understand) {
    for (const char* kind : {"sendgrid", "mailgun", "postmark", "ses"})
        for (const char* body : {"", "{", "{}", "[]", "null", "7", "\"x\"", "--B\r\n", "a=b", "\xFF\xFE",
                                 R"({"Type":"Notification","Message":"{"})", R"({"Records":[1]})"}) {
            const auto records = take(kind, body);
            ASSERT_FALSE(records.empty()) << kind << ' ' << body;
            for (const auto& record : records)
                EXPECT_TRUE(std::holds_alternative<inbound_contact>(record) ||
                            std::holds_alternative<ignored_input>(record))
                    << kind << ' ' << body;
        }
}

} // namespace
} // namespace switchboard::channels

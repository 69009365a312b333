#include "unit/channels/records_support.hpp"

#include <switchboard/util/hash.hpp>
#include <switchboard/util/time.hpp>

namespace switchboard::channels {
namespace {

using nlohmann::json;

json message() {
    return {{"session_id", "s1"},
            {"message_id", "m1"},
            {"from", {{"id", "v7"}, {"name", "Jane"}, {"email", "Jane@Example.org"}}},
            {"text", "Where is my parcel?"},
            {"at", "2026-11-20T09:00:00Z"},
            {"attachments", json::array({{{"name", "a.png"}, {"type", "image/PNG"}, {"content", base64("bytes")}}})}};
}

request chat(const json& body) {
    return {"chat", body.dump(), german()};
}

TEST(chat_gateway, makes_a_contact_of_a_message) {
    const auto contact = chat(message()).contact();
    EXPECT_EQ(contact.channel, "chat");
    EXPECT_EQ(contact.external_id, "s1:m1");
    EXPECT_EQ(contact.thread_key, "s1");
    EXPECT_EQ(contact.from, (party{"webchat", "v7", "Jane"}));
    EXPECT_EQ(details(contact)["claimed_email"], "jane@example.org") << "nobody vouched for the address";
    EXPECT_EQ(contact.text, "Where is my parcel?");
    EXPECT_EQ(contact.occurred_at, parse_rfc3339("2026-11-20T09:00:00Z"));
    ASSERT_EQ(contact.attachments.size(), 1u);
    EXPECT_EQ(contact.attachments[0].content, "bytes");
    EXPECT_EQ(contact.attachments[0].type, "image/png");
    EXPECT_EQ(contact.attachments[0].sha256, sha256_hex("bytes"));
}

TEST(chat_gateway, believes_an_identity_that_the_chat_system_verified) {
    auto body = message();
    body["from"]["verified"] = true;
    EXPECT_EQ(chat(body).contact().from, (party{"email", "jane@example.org", "Jane"}));
    body["from"].erase("email");
    body["from"]["phone"] = "030 1234567";
    EXPECT_EQ(chat(body).contact().from, (party{"tel", "+49301234567", "Jane"}));
}

TEST(chat_gateway, keeps_files_that_it_would_have_to_fetch_as_links) {
    auto body = message();
    body["attachments"] = json::array({{{"name", "a.pdf"}, {"url", "https://chat.example/a.pdf"}}});
    const auto contact = chat(body).contact();
    EXPECT_TRUE(contact.attachments.empty());
    EXPECT_EQ(details(contact)["links"][0]["url"], "https://chat.example/a.pdf");
}

TEST(chat_gateway, tells_events_from_messages) {
    for (const char* type : {"typing", "read", "edited", "deleted", "delivered"}) {
        const auto event =
            chat({{"session_id", "s1"}, {"message_id", "m1"}, {"event", type}, {"text", "new"}}).only<contact_event>();
        EXPECT_EQ(event.type, type);
        EXPECT_EQ(event.of, "s1:m1");
    }
    EXPECT_EQ(chat({{"session_id", "s1"}, {"event", "typing"}}).only<contact_event>().of, "s1");
    EXPECT_EQ(chat({{"session_id", "s1"}, {"event", "read"}}).only<refused_input>().field, "message_id");
    EXPECT_EQ(chat({{"session_id", "s1"}, {"event", "sneezed"}}).only<refused_input>().field, "event");
}

TEST(chat_gateway, takes_a_batch_whole_or_not_at_all) {
    auto second = message();
    second["message_id"] = "m2";
    EXPECT_EQ(chat({{"messages", {message(), second}}}).records().size(), 2u);
    second.erase("session_id");
    const auto refused = chat({{"messages", {message(), second}}}).only<refused_input>();
    EXPECT_EQ(refused.field, "messages[1].session_id");
    EXPECT_EQ(chat({{"messages", json::array()}}).only<refused_input>().field, "messages");
    EXPECT_EQ(chat({{"messages", 5}}).only<refused_input>().field, "messages");
}

TEST(chat_gateway, names_the_field_that_is_wrong) {
    const std::vector<std::pair<std::string, json>> table = {
        {"session_id", 5}, {"message_id", nullptr},        {"from", "jane"}, {"text", json::array()}, {"at", "soon"},
        {"html", 1},       {"attachments", json::object()}};
    for (const auto& [field, value] : table) {
        auto body = message();
        body[field] = value;
        const auto refused = chat(body).only<refused_input>();
        EXPECT_EQ(refused.status, 422);
        EXPECT_EQ(refused.field, field);
    }
    auto body = message();
    body["attachments"][0]["content"] = "%%%";
    EXPECT_EQ(chat(body).only<refused_input>().field, "attachments[0].content");
    body = message();
    body.erase("attachments");
    body["text"] = "  ";
    EXPECT_EQ(chat(body).only<refused_input>().field, "text");
    EXPECT_EQ((request{"chat", "nonsense"}.only<refused_input>().status), 400);
}

TEST(chat_gateway, mends_half_an_emoji_and_drops_nul) {
    const request half{
        "chat",
        R"({"session_id":"s","message_id":"m","from":{"id":"v"},"text":"a\ud83d b\udc00\u0000c \ud83d\ude00"})"};
    EXPECT_EQ(half.contact().text, "a\uFFFD b\uFFFDc \U0001F600");
    const request bytes{"chat", "{\"session_id\":\"s\",\"message_id\":\"m\",\"from\":{\"id\":\"v\"},\"text\":\"a\xff"
                                "b\"}"};
    EXPECT_EQ(bytes.contact().text, "a\uFFFD"
                                    "b");
}

constexpr const char* uuid = "0B7A4D52-9C1E-4F60-8A11-2233445566FF";

request widget(const json& frame, pairs query = {{"session", "s9"}}) {
    return {"widget", frame.dump(), {}, "application/json", std::move(query)};
}

TEST(widget_gateway, makes_a_contact_of_a_message_frame) {
    const auto contact = widget({{"type", "message"}, {"client_msg_id", uuid}, {"text", "Hello"}}).contact();
    EXPECT_EQ(contact.external_id, "s9:0b7a4d52-9c1e-4f60-8a11-2233445566ff");
    EXPECT_EQ(contact.thread_key, "s9");
    EXPECT_EQ(contact.channel, "chat");
    EXPECT_EQ(contact.from, (party{"webchat", "s9", ""}));
}

TEST(widget_gateway, knows_the_visitor_by_what_the_server_says) {
    const json frame = {
        {"type", "message"}, {"client_msg_id", uuid}, {"text", "Hello"}, {"from", {{"id", "somebody else"}}}};
    EXPECT_EQ(widget(frame, {{"session", "s9"}, {"visitor", "v1"}, {"name", "Jane"}}).contact().from,
              (party{"webchat", "v1", "Jane"}));
    EXPECT_EQ(widget(frame, {{"session", "s9"}, {"email", "Jane@Example.org"}}).contact().from,
              (party{"email", "jane@example.org", ""}));
}

TEST(widget_gateway, keeps_what_the_visitor_says_of_himself_as_a_claim) {
    const auto contact =
        widget({{"type", "message"}, {"client_msg_id", uuid}, {"text", "x"}},
               {{"session", "s9"}, {"claimed_email", "jane@example.org"}, {"page_url", "https://shop.example/kettles"}})
            .contact();
    EXPECT_EQ(contact.from, (party{"webchat", "s9", ""}));
    EXPECT_EQ(details(contact)["claimed_email"], "jane@example.org");
    EXPECT_EQ(details(contact)["page_url"], "https://shop.example/kettles");
}

TEST(widget_gateway, takes_twenty_thousand_bytes_of_text) {
    const auto said = [](std::size_t bytes) {
        return widget({{"type", "message"}, {"client_msg_id", uuid}, {"text", std::string(bytes, 'x')}});
    };
    EXPECT_EQ(said(20'000).contact().text.size(), 20'000u);
    EXPECT_EQ(said(20'001).only<refused_input>().field, "text");
}

TEST(widget_gateway, takes_so_many_files_as_an_agent_may_send) {
    const json file{{"name", "a.png"}, {"type", "image/png"}, {"content", base64("bytes")}};
    json frame{{"type", "message"}, {"client_msg_id", uuid}, {"attachments", json(20, file)}};
    EXPECT_EQ(widget(frame).contact().attachments.size(), 20u);
    frame["attachments"].push_back(file);
    EXPECT_EQ(widget(frame).only<refused_input>().field, "attachments");
}

TEST(widget_gateway, refuses_wrong_frames_and_ignores_other_ones) {
    EXPECT_EQ(widget({{"type", "message"}, {"client_msg_id", "7"}, {"text", "x"}}).only<refused_input>().field,
              "client_msg_id");
    EXPECT_EQ(widget({{"type", "message"}, {"client_msg_id", uuid}}).only<refused_input>().field, "text");
    EXPECT_EQ(widget({{"text", "x"}}).only<refused_input>().field, "type");
    EXPECT_EQ(widget({{"type", "message"}}, {}).only<refused_input>().field, "session");
    EXPECT_EQ(widget({{"type", "typing"}}).only<contact_event>().of, "s9");
    widget({{"type", "ping"}}).only<ignored_input>();
    const json with_link = {
        {"type", "message"}, {"client_msg_id", uuid}, {"attachments", json::array({{{"url", "http://10.0.0.1/"}}})}};
    EXPECT_EQ(widget(with_link).only<refused_input>().field, "attachments[0].url");
}

TEST(widget_gateway, takes_no_control_characters_in_a_visitors_name) {
    const json frame{{"type", "message"}, {"client_msg_id", uuid}, {"text", "Hello"}};
    const auto contact = widget(frame, {{"session", "s9"}, {"name", "Ada\r\n\u202EBcc: x\x1B[2J"}}).contact();
    EXPECT_EQ(contact.from.name, "Ada Bcc: x [2J");
}

} // namespace
} // namespace switchboard::channels

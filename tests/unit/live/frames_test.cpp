#include "live/frames.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace switchboard::live {
namespace {

using nlohmann::json;

const std::string deep = std::string(120'000, '[') + std::string(120'000, ']');

struct bad_text {
    const char* what;
    std::string text, field, detail;
    bool was_hello = false;
};

class visitor_frames : public testing::TestWithParam<bad_text> {};
class agent_frames : public testing::TestWithParam<bad_text> {};

template <class Frame>
void expect_refused(const std::expected<Frame, bad_frame>& read, const bad_text& bad) {
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().field, bad.field);
    EXPECT_EQ(read.error().detail, bad.detail);
    EXPECT_EQ(read.error().was_hello, bad.was_hello);
    const auto told = json::parse(error_frame(read.error()));
    EXPECT_EQ(told["type"], "error");
    EXPECT_EQ(told["detail"], bad.detail);
}

TEST_P(visitor_frames, are_refused_with_the_field) {
    expect_refused(read_visitor_frame(GetParam().text), GetParam());
}
TEST_P(agent_frames, are_refused_with_the_field) {
    expect_refused(read_agent_frame(GetParam().text), GetParam());
}

constexpr auto visitor_kinds = "frames are hello, message, typing, received, read, about, transcript and close";
constexpr auto agent_kinds = "frames are hello, typing and viewing";

INSTANTIATE_TEST_SUITE_P(
    table, visitor_frames,
    testing::Values(
        bad_text{"nothing", "", "", "the frame is not JSON: stops being so at byte 1"},
        bad_text{"an_array", "[]", "", visitor_kinds}, bad_text{"a_word", "\"hello\"", "", visitor_kinds},
        bad_text{"no_type", "{}", "type", visitor_kinds}, bad_text{"type_7", R"({"type":7})", "type", visitor_kinds},
        bad_text{"another_type", R"({"type":"drop"})", "type", visitor_kinds},
        bad_text{"deep_type", R"({"type":)" + deep + "}", "", "the frame is nested deeper than 8 levels"},
        bad_text{"deep_session", R"({"type":"hello","session":)" + deep + "}", "",
                 "the frame is nested deeper than 8 levels"},
        bad_text{"flat_array_as_type", R"({"type":["hello"]})", "type", visitor_kinds},
        bad_text{"no_session", R"({"type":"hello","token":"t"})", "session", "session is required", true},
        bad_text{"session_7", R"({"type":"hello","session":7,"token":"t"})", "session", "session must be a text", true},
        bad_text{"long_token", R"({"type":"hello","session":"s","token":")" + std::string(201, 't') + "\"}", "token",
                 "token is too long", true},
        bad_text{"last_seq_text", R"({"type":"hello","session":"s","token":"t","last_seq":"1"})", "last_seq",
                 "last_seq must be a number of at least 0", true},
        bad_text{"last_seq_below_0", R"({"type":"hello","session":"s","token":"t","last_seq":-1})", "last_seq",
                 "last_seq must be a number of at least 0", true},
        bad_text{"last_seq_too_large", R"({"type":"hello","session":"s","token":"t","last_seq":18446744073709551615})",
                 "last_seq", "last_seq must be a number of at least 0", true},
        bad_text{"no_address", R"({"type":"about","name":"Ada"})", "email", "email is required"},
        bad_text{"no_mail_address", R"({"type":"about","email":"ada at example.org"})", "email",
                 "email must be an e-mail address"},
        bad_text{"two_addresses", R"({"type":"about","email":"a@x.org,b@x.org"})", "email",
                 "email must be an e-mail address"},
        bad_text{"long_name", R"({"type":"about","email":"a@x.org","name":")" + std::string(201, 'n') + "\"}", "name",
                 "name is too long"},
        bad_text{"long_address", R"({"type":"about","email":")" + std::string(320, 'a') + "@x\"}", "email",
                 "email is too long"},
        bad_text{"id_in_a_list", R"({"type":"message","client_msg_id":["a"]})", "client_msg_id",
                 "client_msg_id must be a text"}),
    [](const auto& test) { return test.param.what; });

INSTANTIATE_TEST_SUITE_P(
    table, agent_frames,
    testing::Values(
        bad_text{"no_object", "null", "", agent_kinds}, bad_text{"no_type", "{}", "type", agent_kinds},
        bad_text{"a_visitors", R"({"type":"read"})", "type", agent_kinds},
        bad_text{"deep_type", R"({"type":)" + std::string(500, '[') + std::string(500, ']') + "}", "",
                 "the frame is nested deeper than 4 levels"},
        bad_text{"too_large", deep, "", "the frame is larger than 1024 bytes"},
        bad_text{"type_twice", R"({"type":"hello","type":"typing"})", "",
                 R"(the frame is ambiguous: "type" stands twice in one object)"},
        bad_text{"after_7", R"({"type":"hello","after":7})", "after", "after must be a cursor or null", true},
        bad_text{"after_text", R"({"type":"hello","after":"x"})", "after", "after must be a cursor or null", true},
        bad_text{"no_ticket", R"({"type":"typing"})", "ticket_id", "ticket_id must be a number of at least 0"},
        bad_text{"ticket_text", R"({"type":"typing","ticket_id":"7"})", "ticket_id",
                 "ticket_id must be a number of at least 0"},
        bad_text{"half_a_ticket", R"({"type":"typing","ticket_id":1.5})", "ticket_id",
                 "ticket_id must be a number of at least 0"},
        bad_text{"viewing_text", R"({"type":"viewing","ticket_id":"7"})", "ticket_id",
                 "ticket_id must be a number of at least 0"},
        bad_text{"writing_a_novel", R"({"type":"viewing","ticket_id":7,"writing":"novel"})", "writing",
                 "writing must be reply or note"}),
    [](const auto& test) { return test.param.what; });

TEST(frames, that_are_good_are_read_whole) {
    const auto hello = std::get<visitor_hello>(
        read_visitor_frame(R"({"type":"hello","session":"s","token":"t","last_seq":7})").value());
    EXPECT_EQ(hello.session, "s");
    EXPECT_EQ(hello.token, "t");
    EXPECT_EQ(hello.last_seq, 7);
    EXPECT_EQ(
        std::get<visitor_message>(
            read_visitor_frame(R"({"type":"message","client_msg_id":"a","text":"half an emoji: \ud83d"})").value())
            .client_msg_id,
        "a");
    EXPECT_TRUE(std::holds_alternative<visitor_typing>(read_visitor_frame(R"({"type":"typing"})").value()));
    const auto seen = std::get<visitor_seen>(read_visitor_frame(R"({"type":"read","seq":3})").value());
    EXPECT_TRUE(seen.read && seen.seq == 3);
    EXPECT_FALSE(std::get<visitor_seen>(read_visitor_frame(R"({"type":"received","seq":3})").value()).read);
    const auto about =
        std::get<visitor_about>(read_visitor_frame(R"({"type":"about","email":"ada@example.org"})").value());
    EXPECT_EQ(about.email, "ada@example.org");
    EXPECT_EQ(about.name, "");
    EXPECT_TRUE(std::holds_alternative<visitor_transcript>(read_visitor_frame(R"({"type":"transcript"})").value()));
    EXPECT_EQ(std::get<agent_hello>(read_agent_frame(R"({"type":"hello"})").value()).after, std::nullopt);
    EXPECT_EQ(std::get<agent_hello>(read_agent_frame(R"({"type":"hello","after":"8-9"})").value()).after->id, 9);
    EXPECT_EQ(std::get<agent_typing>(read_agent_frame(R"({"type":"typing","ticket_id":5})").value()).ticket_id, 5);
    const auto viewing =
        std::get<agent_viewing>(read_agent_frame(R"({"type":"viewing","ticket_id":5,"writing":"note"})").value());
    EXPECT_EQ(viewing.ticket_id, 5);
    EXPECT_EQ(viewing.writing, "note");
    EXPECT_EQ(std::get<agent_viewing>(read_agent_frame(R"({"type":"viewing"})").value()).ticket_id, 0);
}

} // namespace
} // namespace switchboard::live

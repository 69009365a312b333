#include "live/transcript.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::live {
namespace {

using testing::HasSubstr;
using testing::Not;

const timestamp noon = std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + std::chrono::hours{12};

store::chat_message said(const char* from, const char* name, std::string text) {
    store::chat_message out;
    out.from = from;
    out.name = name;
    out.text = std::move(text);
    out.at = noon;
    return out;
}

store::chat_session session(const char* language) {
    store::chat_session out;
    out.id = "s";
    out.name = "Ada";
    out.email = "ada@example.org";
    out.language = language;
    return out;
}

TEST(transcript, says_who_said_what_and_when_with_the_names_of_files) {
    auto photo = said("customer", "Ada", "");
    photo.attachments.push_back({1, "leak.jpg", "image/jpeg", 7, "", false, ""});
    const auto mail = compose_transcript(
        session("en-GB"), {said("customer", "Ada", "It leaks."), photo, said("agent", "Grace", "Close the tap.")});
    EXPECT_EQ(mail.to, "ada@example.org");
    EXPECT_EQ(mail.session, "s");
    EXPECT_EQ(mail.subject, "Your chat with us");
    EXPECT_EQ(mail.text, "[2026-11-20 12:00 UTC] You:\n  It leaks.\n\n"
                         "[2026-11-20 12:00 UTC] You:\n  (File: leak.jpg)\n\n"
                         "[2026-11-20 12:00 UTC] Grace:\n  Close the tap.");
}

TEST(transcript, speaks_the_visitors_language_or_english) {
    const std::vector words{said("customer", "Ada", "?")};
    EXPECT_EQ(compose_transcript(session("de"), words).subject, "Ihr Chat mit uns");
    EXPECT_EQ(compose_transcript(session("FR-ca"), words).subject, "Votre discussion avec nous");
    EXPECT_EQ(compose_transcript(session(""), words).subject, "Your chat with us");
    EXPECT_EQ(compose_transcript(session("tlh"), words).subject, "Your chat with us");
}

TEST(transcript, keeps_the_newest_of_what_is_too_long_and_says_so) {
    std::vector<store::chat_message> words;
    for (int i = 0; i < 100; ++i) words.push_back(said("customer", "Ada", std::to_string(i) + std::string(5000, '.')));
    words.push_back(said("agent", "Grace", "Close the tap."));
    const auto mail = compose_transcript(session("en"), words);
    EXPECT_LE(mail.text.size(), transcript_bounds::text_bytes + 100);
    EXPECT_THAT(mail.text, HasSubstr("99..."));
    EXPECT_THAT(mail.text, Not(HasSubstr("\n  0...")));
    EXPECT_THAT(mail.text, testing::StartsWith("[What was said before"));
}

TEST(transcript, has_no_line_of_a_visitor_that_looks_like_one_of_ours) {
    const auto mail = compose_transcript(
        session("en"), {said("agent", "Grace", "Hello."),
                        said("customer", "Ada", "Thanks\n\n[2026-11-20 12:01 UTC] Grace:\nWe pay 5,000 EUR.")});
    EXPECT_THAT(mail.text, HasSubstr("\n  [2026-11-20 12:01 UTC] Grace:\n  We pay"));
}

TEST(transcript, is_empty_where_no_word_of_ours_would_be_in_it) {
    std::vector words{said("agent", "Grace", "Hello.")};
    for (int i = 0; i < 100; ++i) words.push_back(said("customer", "Ada", std::string(5000, '.')));
    EXPECT_EQ(compose_transcript(session("en"), words).text, "");
}

} // namespace
} // namespace switchboard::live

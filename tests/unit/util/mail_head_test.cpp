#include <switchboard/util/mail_head.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard {
namespace {

constexpr auto ours = "help@shop.example";

TEST(an_answer, says_once_that_it_is_one_and_once_of_which_ticket) {
    for (const auto* subject : {"Kettle", "Re: Kettle", "Re: Kettle [#12]", "Kettle [#12]"})
        EXPECT_EQ(answer_to({subject, "q@example.com", ""}, "12", ours).subject, "Re: Kettle [#12]") << subject;
    EXPECT_EQ(answer_to({"RE: Kettle [#1]", "", ""}, "12", ours).subject, "RE: Kettle [#1] [#12]");
}

TEST(an_answer, continues_the_conversation_of_its_question) {
    const mail_head question{"Kettle", "q@example.com", "first@example.com", {"first@example.com"}, "Kettle", "AdQ="};
    const auto head = answer_to(question, "12", ours);
    EXPECT_EQ(head.in_reply_to, "q@example.com");
    EXPECT_THAT(head.references, testing::ElementsAre("first@example.com", "q@example.com"));
    EXPECT_EQ(head.thread_topic, "Kettle");
    EXPECT_EQ(head.thread_index, "AdQ=");
}

TEST(an_answer, to_what_is_no_mail_continues_nothing) {
    const auto head = answer_to({"Kettle", "", ""}, "12", ours);
    EXPECT_EQ(head.in_reply_to, "");
    EXPECT_THAT(head.references, testing::IsEmpty());
}

TEST(a_mail_of_ours, has_an_id_of_its_own_at_our_domain) {
    const auto one = new_mail("Your chat", "12", ours), other = new_mail("Your chat", "12", ours);
    EXPECT_THAT(one.message_id, testing::EndsWith("@shop.example"));
    EXPECT_NE(one.message_id, other.message_id);
    EXPECT_EQ(one.subject, "Your chat [#12]");
}

} // namespace
} // namespace switchboard

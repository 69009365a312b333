#include <switchboard/model/availability.hpp>

#include <gtest/gtest.h>

namespace switchboard {
namespace {

const timestamp noon{std::chrono::hours{12}};
constexpr std::chrono::seconds minute{60};

/// Somebody who does everything, and is there for it.
desk_load everything() {
    desk_load d;
    d.presence = "ready";
    d.accepts = {"phone", "chat", "email"};
    d.channels = {{"phone", 1, 100}, {"chat", 2, 40}, {"email", 3, 20}};
    d.units = 100;
    return d;
}
desk_load holding(std::vector<desk_load::item> items) {
    auto d = everything();
    d.items = std::move(items);
    return d;
}
const desk_load::item mail{.channel = "email", .interruptible = true}, firm_mail{.channel = "email"},
    chat{.channel = "chat"}, call{.channel = "phone"},
    message{.channel = "phone", .left_message = true, .interruptible = true};

desk_load::item wrapped_up(desk_load::item i, timestamp until) {
    i.wrapup_until = until;
    return i;
}

TEST(availability, is_what_presence_says_of_who_is_not_ready) {
    auto d = everything();
    d.presence = "not_ready";
    EXPECT_EQ(availability_of(d).state, "not_ready");
    EXPECT_EQ(availability_of({}).state, "offline");
}

TEST(availability, is_ready_while_one_more_of_anything_fits) {
    EXPECT_EQ(availability_of(everything()).state, "ready");
    EXPECT_EQ(availability_of(holding({mail, mail, mail})).state, "ready") << "a call or a chat";
    EXPECT_EQ(availability_of(holding({firm_mail})).state, "ready") << "another mail";
    EXPECT_EQ(availability_of(holding({chat})).state, "ready");
    EXPECT_EQ(availability_of(holding({message})).state, "ready") << "a chat, for which it is put aside";
}

TEST(availability, is_full_when_nothing_fits) {
    EXPECT_EQ(availability_of(holding({call})).state, "full");
    EXPECT_EQ(availability_of(holding({chat, chat})).state, "full");
    EXPECT_EQ(availability_of(holding({mail, chat, chat})).state, "full");
    EXPECT_EQ(availability_of(holding({firm_mail, firm_mail, firm_mail})).state, "full");
    auto writes = everything();
    writes.accepts = {"email"};
    writes.items = {mail, mail, mail};
    EXPECT_EQ(availability_of(writes).state, "full") << "there for mail alone";
    auto idle = everything();
    idle.channels.clear();
    EXPECT_EQ(availability_of(idle).state, "full") << "the profile does nothing";
}

TEST(availability, is_wrap_up_until_the_first_that_makes_room_ends) {
    const auto one = availability_of(holding({wrapped_up(call, noon)}));
    EXPECT_EQ(one.state, "wrap_up");
    EXPECT_EQ(one.until, noon);
    const auto two = availability_of(holding({chat, wrapped_up(chat, noon + minute), wrapped_up(call, noon)}));
    EXPECT_EQ(two.until, noon + minute) << "the end of the call's makes no room yet";
    EXPECT_EQ(availability_of(holding({call, wrapped_up(chat, noon)})).state, "full");
    EXPECT_EQ(availability_of(holding({wrapped_up(mail, noon)})).state, "ready");
}

TEST(availability, is_cooling_while_what_was_refused_waits) {
    auto d = everything();
    d.asked_again_at = noon;
    EXPECT_EQ(availability_of(d).state, "cooling");
    EXPECT_EQ(availability_of(d).until, noon);
    d.items = {call};
    EXPECT_EQ(availability_of(d).state, "full");
}

} // namespace
} // namespace switchboard

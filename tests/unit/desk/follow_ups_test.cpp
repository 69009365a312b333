#include "unit/desk/at_hand.hpp"

namespace switchboard::desk {
namespace {

using std::chrono::days;
using testing::ElementsAre;
using testing::HasSubstr;
using kind = store::follow_up_change::kind;

const follow_up_wish in_an_hour{.due_at = noon + 1h, .channel = "email", .reason = "is the line mended?"};

timestamp at_noon(int year, int month, int day) {
    return timestamp{std::chrono::sys_days{std::chrono::year{year} / month / day}} + 12h;
}

} // namespace

TEST(follow_ups, are_promised_and_nothing_becomes_of_the_ticket) {
    const auto c = decide_promise(around(in_hand()), ana, in_an_hour);
    ASSERT_TRUE(c) << why(c);
    EXPECT_EQ(c->row.version, 3);
    EXPECT_FALSE(c->told);
    EXPECT_EQ(c->follow_up->what, kind::promised);
    const auto& f = c->follow_up->now_is;
    EXPECT_EQ(f.id, 0);
    EXPECT_EQ(f.owner.id, ana.user_id);
    EXPECT_EQ(f.due_at, noon + 1h);
    EXPECT_EQ(f.time_zone, "Europe/Berlin") << "the customer's";
    EXPECT_THAT(told(c->promise), ElementsAre("follow_up started"));
}

TEST(follow_ups, may_be_promised_on_a_solved_ticket) {
    EXPECT_TRUE(decide_promise(around(solved()), ana, in_an_hour));
}

TEST(follow_ups, are_promised_by_who_has_the_ticket) {
    EXPECT_EQ(why(decide_promise(around(in_hand()), ben, in_an_hour)),
              "forbidden: only the ticket's owner or a supervisor can change the follow-ups of this ticket");
    EXPECT_EQ(why(decide_promise(around(in_hand()), stranger, in_an_hour)), "not_found: there is no such ticket");
    EXPECT_TRUE(decide_promise(around(in_hand()), boss, in_an_hour));
}

TEST(follow_ups, lie_in_the_future_and_not_beyond_two_years) {
    for (const auto wrong : {noon, noon - 1h, noon + days{732}}) {
        auto wish = in_an_hour;
        wish.due_at = wrong;
        EXPECT_EQ(why(decide_promise(around(in_hand()), ana, wish)),
                  "invalid due_at: must lie in the future, at most two years ahead");
        EXPECT_EQ(why(decide_move(promised(), ana, {}, wrong, "she is away")),
                  "invalid due_at: must lie in the future, at most two years ahead");
    }
}

TEST(follow_ups, name_a_time_zone_that_there_is) {
    auto wish = in_an_hour;
    wish.time_zone = "Europe/Atlantis";
    EXPECT_EQ(why(decide_promise(around(in_hand()), ana, wish)), "invalid time_zone: is no IANA time zone");
    wish.time_zone = "";
    EXPECT_EQ(decide_promise(around(in_hand()), ana, wish)->follow_up->now_is.time_zone, "") << "not known";
}

TEST(follow_ups, say_after_how_many_days_if_they_repeat_so) {
    auto wish = in_an_hour;
    wish.repeats = "days";
    EXPECT_EQ(why(decide_promise(around(in_hand()), ana, wish)),
              "invalid repeat_days: must say after how many days it repeats");
    wish.repeats = "weekly";
    wish.repeat_days = 14;
    EXPECT_EQ(why(decide_promise(around(in_hand()), ana, wish)),
              "invalid repeat_days: is only for one that repeats after days");
}

TEST(follow_ups, of_a_ticket_are_bounded) {
    auto at = around(in_hand());
    at.follow_ups->to_keep = 20;
    EXPECT_THAT(why(decide_promise(at, ana, in_an_hour)), HasSubstr("conflict: this ticket has 20 follow-ups already"));
}

TEST(follow_ups, are_kept_in_time_with_a_little_grace) {
    for (const auto due_at : {noon + 1h, noon, noon - 15min}) {
        const auto c = decide_keeping(promised(due_at), ana, {}, {.note = "she is glad"});
        ASSERT_TRUE(c) << why(c);
        const auto& f = c->follow_up->now_is;
        EXPECT_EQ(f.state, "done");
        EXPECT_EQ(f.outcome, "kept");
        EXPECT_EQ(f.ended_at, noon);
        EXPECT_EQ(f.ended_by->id, ana.user_id);
        EXPECT_EQ(f.ended_note, "she is glad");
        EXPECT_EQ(f.version, 2);
        EXPECT_THAT(told(c->promise), ElementsAre("follow_up met"));
        EXPECT_FALSE(c->follow_up->next);
    }
}

TEST(follow_ups, are_kept_late_after_that) {
    const auto c = decide_keeping(promised(noon - 16min), ana, {}, {});
    EXPECT_EQ(c->follow_up->now_is.outcome, "late");
    EXPECT_THAT(told(c->promise), ElementsAre("follow_up breached"));
    EXPECT_EQ(c->promise.front().remaining_s, -16 * 60);
}

TEST(follow_ups, that_are_dropped_before_their_time_are_taken_back_and_after_it_broken) {
    const auto before = decide_dropping(promised(), ana, {}, "she has moved away");
    EXPECT_EQ(before->follow_up->now_is.state, "dropped");
    EXPECT_EQ(before->follow_up->now_is.outcome, std::nullopt);
    EXPECT_EQ(before->follow_up->now_is.ended_note, "she has moved away");
    EXPECT_THAT(told(before->promise), ElementsAre("follow_up withdrawn"));
    const auto after = decide_dropping(promised(noon), ana, {}, "nobody had time");
    EXPECT_EQ(after->follow_up->now_is.outcome, "broken");
    EXPECT_THAT(told(after->promise), ElementsAre("follow_up breached"));
}

TEST(follow_ups, that_are_moved_are_open_again) {
    auto at = promised(noon - 5min);
    at.follow_up->state = "due";
    const auto c = decide_move(at, ana, {}, noon + 24h, "she asked for tomorrow");
    ASSERT_TRUE(c) << why(c);
    EXPECT_EQ(c->follow_up->what, kind::moved);
    EXPECT_EQ(c->follow_up->was_due_at, noon - 5min);
    EXPECT_EQ(c->follow_up->now_is.state, "open");
    EXPECT_EQ(c->follow_up->now_is.due_at, noon + 24h);
    EXPECT_FALSE(c->follow_up->now_is.missed) << "in time";
    EXPECT_THAT(told(c->promise), ElementsAre("follow_up repriced"));
}

TEST(follow_ups, that_are_moved_when_they_are_late_stay_late) {
    auto at = promised(noon - 1h);
    at.follow_up = decide_move(at, ana, {}, noon + 1h, "no time")->follow_up->now_is;
    EXPECT_TRUE(at.follow_up->missed);
    EXPECT_EQ(decide_keeping(at, ana, {}, {})->follow_up->now_is.outcome, "late");
    EXPECT_EQ(decide_dropping(at, ana, {}, "no time")->follow_up->now_is.outcome, "broken");
}

TEST(follow_ups, are_ended_by_who_promised_them_by_who_has_the_ticket_and_by_supervisors) {
    auto at = promised(noon + 1h, waiting());
    EXPECT_TRUE(decide_keeping(at, ana, {}, {})) << "hers, and she sees the ticket";
    EXPECT_TRUE(decide_keeping(at, boss, {}, {}));
    EXPECT_THAT(why(decide_keeping(at, ben, {}, {})), HasSubstr("forbidden"));
    at.ticket.owner_id = ben.user_id;
    EXPECT_TRUE(decide_keeping(at, ben, {}, {})) << "he has it now";
    at.ticket.queue_id = billing;
    EXPECT_EQ(why(decide_keeping(at, ana, {}, {})), "not_found: there is no such follow-up")
        << "it is in another queue";
}

TEST(follow_ups, are_ended_once) {
    auto at = promised();
    at.follow_up = decide_keeping(at, ana, {}, {})->follow_up->now_is;
    for (const auto& again : {decide_keeping(at, ana, {}, {}), decide_dropping(at, ana, {}, "x"),
                              decide_move(at, ana, {}, noon + 1h, "x"), decide_keeping(at, ana, 1, {})})
        EXPECT_EQ(why(again), "conflict: this follow-up has been ended already");
}

TEST(follow_ups, that_somebody_has_changed_are_refused_to_who_has_not_seen_that) {
    EXPECT_EQ(why(decide_keeping(promised(), ana, 2, {})), "stale: the follow-up has changed since you read it");
    EXPECT_TRUE(decide_keeping(promised(), ana, 1, {}));
}

TEST(follow_ups, are_kept_by_a_reply_since_they_were_promised) {
    auto at = promised();
    EXPECT_EQ(why(decide_keeping(at, ana, {}, {.contact_id = 5})),
              "invalid contact_id: must be a reply of this ticket since it was promised")
        << "of another ticket";
    at.follow_ups->kept_by = noon - 2h;
    EXPECT_FALSE(decide_keeping(at, ana, {}, {.contact_id = 5}));
    at.follow_ups->kept_by = noon - 1min;
    EXPECT_EQ(decide_keeping(at, ana, {}, {.contact_id = 5})->follow_up->now_is.contact_id, 5);
}

TEST(repeating_follow_ups, make_the_next_when_they_are_kept) {
    auto at = promised(noon);
    at.follow_up->repeats = "weekly";
    const auto c = decide_keeping(at, ana, {}, {});
    ASSERT_TRUE(c->follow_up->next);
    EXPECT_EQ(c->follow_up->next->id, 0);
    EXPECT_EQ(c->follow_up->next->due_at, noon + days{7});
    EXPECT_EQ(c->follow_up->next->series_from, noon);
    EXPECT_EQ(c->follow_up->next->ended_at, std::nullopt);
    EXPECT_THAT(told(c->promise), ElementsAre("follow_up met", "follow_up started"));
    at.follow_up->repeats = "days";
    at.follow_up->repeat_days = 14;
    EXPECT_EQ(decide_keeping(at, ana, {}, {})->follow_up->next->due_at, noon + days{14});
    EXPECT_FALSE(decide_dropping(at, ana, {}, "it is mended")->follow_up->next) << "nobody comes back any more";
}

TEST(repeating_follow_ups, keep_their_day_whenever_one_is_kept_or_moved) {
    auto at = promised(at_noon(2026, 10, 31));
    at.follow_up->repeats = "monthly";
    EXPECT_EQ(decide_keeping(at, ana, {}, {})->follow_up->next->due_at, at_noon(2026, 11, 30))
        << "November has no 31st";
    at.follow_up->due_at = at_noon(2026, 12, 2); // moved
    EXPECT_EQ(decide_keeping(at, ana, {}, {})->follow_up->next->due_at, at_noon(2026, 12, 31));
}

TEST(repeating_follow_ups, leave_out_those_whose_time_is_over_already) {
    auto at = promised(noon - days{30});
    at.follow_up->repeats = "weekly";
    EXPECT_EQ(decide_keeping(at, ana, {}, {})->follow_up->next->due_at, noon + days{5} + 1h)
        << "the same on the wall, whose clock was set back since";
}

TEST(repeating_follow_ups, are_of_who_has_the_ticket_then) {
    auto at = promised(noon);
    at.follow_up->repeats = "weekly";
    at.follow_ups->owner = named{ben.user_id, "Ben"};
    EXPECT_EQ(decide_keeping(at, boss, {}, {})->follow_up->next->owner.id, ben.user_id);
    at.follow_ups->owner = {};
    EXPECT_EQ(decide_keeping(at, boss, {}, {})->follow_up->next->owner.id, ana.user_id);
}

} // namespace switchboard::desk

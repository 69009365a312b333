#include "unit/engine/small_center.hpp"

#include <gmock/gmock.h>

namespace switchboard::routing {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

/// Agent 1 has the mail 10 in hand.
class absence : public small_center {
protected:
    void SetUp() override {
        auto one = agent(1);
        one.caps[static_cast<std::size_t>(channel::email)] = {1, 10};
        sign_in(one);
        arrive(ticket(10, channel::email));
        accept(10, 1);
    }
    void goes() {
        engine_.presence(1, {}, now_, out_);
        ASSERT_TRUE(engine_.put_aside(10, 1, now_, out_));
    }
    void comes_back(channel_set accepts = all_channels) {
        engine_.take_up(1, now_, out_);
        engine_.presence(1, accepts, now_, out_);
    }
};

TEST_F(absence, parks_what_the_agent_has_until_he_is_back) {
    goes();
    EXPECT_THAT(engine_.agent(1)->items, ElementsAre(Field(&held_item::parked, true)));
    EXPECT_THAT(said<resume_item>(), IsEmpty());
    comes_back();
    EXPECT_THAT(said<resume_item>(), ElementsAre(Field(&resume_item::ticket, 10)));
    EXPECT_THAT(engine_.agent(1)->items, ElementsAre(Field(&held_item::parked, false)));
}

TEST_F(absence, offers_nothing_new_in_the_place_of_what_was_parked) {
    arrive(ticket(11, channel::email));
    goes();
    comes_back();
    EXPECT_FALSE(offered(11)) << "his one place is taken";
}

TEST_F(absence, is_over_for_who_is_there_and_not_ready) {
    goes();
    comes_back({});
    EXPECT_THAT(said<resume_item>(), ElementsAre(Field(&resume_item::ticket, 10)));
}

TEST_F(absence, parks_nothing_that_is_somebody_elses) {
    EXPECT_FALSE(engine_.put_aside(10, 2, now_, out_));
    EXPECT_FALSE(engine_.put_aside(11, 1, now_, out_));
}

} // namespace
} // namespace switchboard::routing

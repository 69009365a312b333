#include <switchboard/outside/webhook.hpp>

#include <gtest/gtest.h>

using namespace switchboard::outside;

// The example of the scheme's own libraries.
TEST(a_webhook, is_signed_as_the_standard_wants_it) {
    EXPECT_EQ(sign_webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
                           R"({"test": 2432232314})"),
              "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(a_webhook, may_have_any_text_for_a_secret) {
    EXPECT_EQ(sign_webhook("plain", "1", 2, "{}"), sign_webhook("whsec_cGxhaW4=", "1", 2, "{}"));
}

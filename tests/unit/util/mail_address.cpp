#include <switchboard/util/mail_address.hpp>

#include <gtest/gtest.h>

namespace switchboard {
namespace {

TEST(mail_address, is_something_on_either_side_of_one_at) {
    for (const char* good : {"ada@example.org", "a@b", "ada+shop@example.co.uk", "jörg@müller.example"})
        EXPECT_TRUE(is_mail_address(good)) << good;
    for (const char* bad :
         {"", "@", "ada", "ada@", "@example.org", "a@b@c", "ada @example.org", "ada@example.org\r\nBcc: x@y",
          "a@x.org,b@x.org", "a@x.org;b@x.org", "<ada@example.org>", "\"ada\"@example.org", "a@b\x7f"})
        EXPECT_FALSE(is_mail_address(bad)) << bad;
}

TEST(mail_address, is_the_same_mailbox_with_any_plus_tag) {
    EXPECT_EQ(without_plus_tag(" Ada+Shop@Example.org"), "ada@example.org");
    EXPECT_EQ(without_plus_tag("ada+a+b@example.org"), "ada@example.org");
    for (const char* plain : {"ada@example.org", "+ada@example.org", "ada@a+b.example", "no address", ""})
        EXPECT_EQ(without_plus_tag(plain), plain);
}

} // namespace
} // namespace switchboard

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

TEST(mail_address, of_a_stranger_cannot_be_taken_for_another) {
    for (const auto* good : {"ada@example.org", "a.b-c+tag@sub.example.org", "бабушка@почта.рф", "josé@example.es"})
        EXPECT_TRUE(is_plain_mail_address(good)) << good;
    for (const auto* bad :
         {"ada@example.org.", "ada@.example.org", "ada@example..org", "ada(x)@example.org", "ada@[127.0.0.1]",
          "ada\u200B@example.org", "ad\u00ADa@example.org", "ada\u202E@example.org", "аda@example.org" /* Cyrillic */,
          "ａda@example.org" /* full width */, "ada@example。org", "nobody"})
        EXPECT_FALSE(is_plain_mail_address(bad)) << bad;
}

TEST(mail_address, has_a_domain_or_is_of_this_machine) {
    EXPECT_EQ(domain_part("ada@example.org"), "@example.org");
    EXPECT_EQ(domain_part("nobody"), "@localhost");
}

TEST(mail_address, is_the_same_mailbox_with_any_plus_tag) {
    EXPECT_EQ(without_plus_tag(" Ada+Shop@Example.org"), "ada@example.org");
    EXPECT_EQ(without_plus_tag("ada+a+b@example.org"), "ada@example.org");
    for (const char* plain : {"ada@example.org", "+ada@example.org", "ada@a+b.example", "no address", ""})
        EXPECT_EQ(without_plus_tag(plain), plain);
}

} // namespace
} // namespace switchboard

#include <switchboard/util/address.hpp>

#include <gtest/gtest.h>

namespace switchboard {
namespace {

TEST(address_prefix, is_the_address_of_ipv4_and_the_household_of_ipv6) {
    EXPECT_EQ(address_prefix("192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(address_prefix("::ffff:192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(address_prefix("2001:db8:1:2:3::4"), "2001:db8:1:2::/64");
    EXPECT_EQ(address_prefix("2001:db8:1:2:ffff::1"), "2001:db8:1:2::/64");
    EXPECT_EQ(address_prefix("fe80::1%1"), "fe80::/64");
    EXPECT_EQ(address_prefix("unix"), "unix");
    EXPECT_EQ(address_prefix(""), "");
}

TEST(networks, hold_addresses_and_ranges) {
    const auto n = networks::parse("127.0.0.1, 10.0.0.0/8 fd00::/8,::1");
    ASSERT_TRUE(n) << n.error();
    for (const auto* in : {"127.0.0.1", "10.1.2.3", "::ffff:10.9.9.9", "fd12::1", "::1"}) EXPECT_TRUE(n->contain(in));
    for (const auto* out : {"127.0.0.2", "11.0.0.1", "fe80::1", "::2", "unix", ""}) EXPECT_FALSE(n->contain(out));
    EXPECT_FALSE(n->empty());
}

TEST(networks, may_be_none_and_may_be_all) {
    EXPECT_TRUE(networks::parse(" , ")->empty());
    EXPECT_FALSE(networks{}.contain("127.0.0.1"));
    EXPECT_TRUE(networks::parse("0.0.0.0/0")->contain("203.0.113.9"));
    EXPECT_TRUE(networks::parse("10.1.2.3/8")->contain("10.200.0.1")); // host bits do not matter
}

TEST(networks, name_what_they_cannot_read) {
    for (const auto* bad : {"10.0.0.0/33", "proxy.example", "10.0.0", "10.0.0.0/", "1.2.3.4/x"}) {
        const auto n = networks::parse("127.0.0.1," + std::string{bad});
        ASSERT_FALSE(n) << bad;
        EXPECT_EQ(n.error(), "'" + std::string{bad} + "' is no address and no network");
    }
}

} // namespace
} // namespace switchboard

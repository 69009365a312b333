// Which addresses are the public internet, and which bytes are a picture.
#include <switchboard/outside/picture_fetcher.hpp>
#include <switchboard/outside/public_address.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <gtest/gtest.h>

namespace switchboard::outside {
namespace {

bool is_public_address(const char* text) {
    const boost::asio::ip::tcp::endpoint at{boost::asio::ip::make_address(text), 80};
    return is_public(*at.data());
}

TEST(a_public_address, is_one_that_everybody_can_reach) {
    for (const char* address :
         {"1.1.1.1", "93.184.216.34", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "192.167.1.1",
          "198.20.0.1", "223.255.255.255", "2606:4700::1111", "2a00:1450:4001::200e", "2001:4860:4860::8888"})
        EXPECT_TRUE(is_public_address(address)) << address;
}

TEST(a_public_address, is_none_of_our_own_network_in_any_spelling) {
    for (const char* address : {"0.0.0.0",
                                "10.0.0.1",
                                "127.0.0.1",
                                "127.255.255.254",
                                "169.254.169.254",
                                "172.16.0.1",
                                "172.31.255.255",
                                "192.168.1.1",
                                "100.64.0.1",
                                "192.0.0.1",
                                "198.18.0.1",
                                "198.19.255.255",
                                "203.0.113.7",
                                "224.0.0.1",
                                "255.255.255.255",
                                "::",
                                "::1",
                                "fe80::1",
                                "fc00::1",
                                "fd12:3456::1",
                                "fec0::1",
                                "ff02::1",
                                "2001:db8::1",
                                "::ffff:127.0.0.1",
                                "::ffff:8.8.8.8",
                                "::127.0.0.1",
                                "64:ff9b::7f00:1",
                                "2002:7f00:1::1",
                                "2001:0:7f00::1",
                                "3fff::1"})
        EXPECT_FALSE(is_public_address(address)) << address;
}

TEST(a_picture, is_known_by_its_bytes) {
    using namespace std::string_view_literals;
    EXPECT_EQ(picture_type("\x89PNG\r\n\x1A\n\0\0"sv), "image/png");
    EXPECT_EQ(picture_type("\xFF\xD8\xFF\xE0"sv), "image/jpeg");
    EXPECT_EQ(picture_type("GIF89a\x01"sv), "image/gif");
    EXPECT_EQ(picture_type("RIFF\x10\0\0\0WEBPVP8 "sv), "image/webp");
    for (const auto other : {""sv, "GIF"sv, "<svg onload=alert(1)>"sv, "<!doctype html>"sv, "RIFF\x10\0\0\0WAVEfmt "sv,
                             "%PDF-1.7"sv, "BM\x3A\0\0\0"sv, "\0\0\x01\0"sv})
        EXPECT_EQ(picture_type(other), "") << other;
}

} // namespace
} // namespace switchboard::outside

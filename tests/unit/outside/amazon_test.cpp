// Where an object of S3 is asked for.
#include <switchboard/outside/amazon.hpp>

#include <gtest/gtest.h>

namespace switchboard::outside {
namespace {

TEST(an_object_of_s3, lies_at_amazon_in_its_region_unless_another_place_is_set) {
    EXPECT_EQ(object_url({}, "mails", "in/1", "eu-west-1"), "https://s3.eu-west-1.amazonaws.com/mails/in/1");
    EXPECT_EQ(object_url({}, "mails", "1", "cn-north-1"), "https://s3.cn-north-1.amazonaws.com.cn/mails/1");
    EXPECT_EQ(object_url({.region = "us-east-1"}, "mails", "1", "eu-west-1"),
              "https://s3.us-east-1.amazonaws.com/mails/1");
    EXPECT_EQ(object_url({.endpoint = "http://127.0.0.1:9000/"}, "mails", "1", "eu-west-1"),
              "http://127.0.0.1:9000/mails/1");
}

TEST(an_object_of_s3, has_a_key_of_any_bytes) {
    EXPECT_EQ(object_url({}, "mails", "a b/ü+=&?#%../.~_-", "eu-west-1"),
              "https://s3.eu-west-1.amazonaws.com/mails/a%20b/%C3%BC%2B%3D%26%3F%23%25../.~_-");
}

TEST(an_object_of_s3, is_nowhere_when_its_bucket_or_region_is_no_name) {
    for (const char* bucket : {"", "a/b", "a@evil.example", "A", "a?b", "a b"})
        EXPECT_EQ(object_url({}, bucket, "1", "eu-west-1"), "") << bucket;
    for (const char* region : {"", "evil.example/", "eu.west", "x@y"})
        EXPECT_EQ(object_url({}, "mails", "1", region), "") << region;
}

} // namespace
} // namespace switchboard::outside

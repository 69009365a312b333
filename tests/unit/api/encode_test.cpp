#include "api/wire/encode.hpp"

#include "api/wire/answers.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace switchboard::api {
namespace {

TEST(encode, writes_every_field_and_null_for_what_is_not_there) {
    queue_state s;
    s.queue = {7, "Billing"};
    s.waiting = 3;
    EXPECT_EQ(
        to_wire(s),
        R"({"queue":{"id":7,"name":"Billing"},"waiting":3,"oldest_wait_s":null,"offered":0,"active":0,)"
        R"("agents_ready":0,"agents_busy":0,"agents_not_ready":0,"solved_today":0,"late_waiting":0,"late_in_hand":0})");
}

TEST(encode, escapes_what_json_must_escape) {
    const named tricky{1, "a\"b\\c\nd\x01/\xc3\xa4"};
    EXPECT_EQ(to_wire(tricky), R"({"id":1,"name":"a\"b\\c\nd\u0001/)"
                               "\xc3\xa4\"}");
    EXPECT_EQ(nlohmann::json::parse(to_wire(tricky))["name"], tricky.name);
}

TEST(encode, keeps_json_as_json_and_renames_fields) {
    gateway_record g;
    g.settings = from_own_json(R"({"own_numbers":["+4930"]})");
    EXPECT_EQ(nlohmann::json::parse(to_wire(g))["settings"]["own_numbers"][0], "+4930");
    EXPECT_TRUE(nlohmann::json::parse(to_wire(attachment_record{})).contains("inline"));
}

TEST(encode, puts_the_fields_of_a_base_first) {
    ticket t;
    t.id = 10482;
    t.number = "10482";
    const auto json = nlohmann::json::parse(to_wire(t));
    EXPECT_EQ(json["number"], "10482");
    EXPECT_EQ(json["reply"]["kind"], "none");
    EXPECT_TRUE(json["offer"].is_null());
}

TEST(encode, writes_pages) {
    EXPECT_EQ(to_wire(page<named>{{{1, "a"}}, "1"}), R"({"items":[{"id":1,"name":"a"}],"next":"1"})");
    EXPECT_EQ(to_wire(page<named>{}), R"({"items":[],"next":null})");
}

} // namespace
} // namespace switchboard::api

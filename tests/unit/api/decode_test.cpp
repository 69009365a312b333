#include "api/wire/decode.hpp"

#include "api/wire/requests.hpp"
#include "api/wire/ticket_requests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::api {
namespace {

struct inner {
    integer<1, 10> level;
};
BOOST_DESCRIBE_STRUCT(inner, (), (level))

struct sample {
    label<5> name;
    std::optional<text<0, 3>> note;
    std::optional<nullable<integer<0, 9>>> grade;
    std::optional<one_of<"red", "green">> colour;
    std::optional<list<inner, 2>> items;
    std::optional<bool> on;
    std::optional<timestamp> at;
    std::optional<object<20>> extra;
};
BOOST_DESCRIBE_STRUCT(sample, (), (name, note, grade, colour, items, on, at, extra))

/// The errors of decoding a T from this JSON, as "field: message".
template <class T>
std::vector<std::string> errors_of(const std::string& json) {
    const auto document = json_document::parse(json);
    if (!document) return {"not parsed: " + document.error()};
    decoder d;
    T value{};
    decode(d, document->root(), value);
    std::vector<std::string> out;
    for (const auto& e : d.errors) out.push_back(e.field + ": " + e.message);
    return out;
}

struct bad_input {
    const char* json;
    const char* error;
};

class decode_refuses : public testing::TestWithParam<bad_input> {};

TEST_P(decode_refuses, and_names_the_field) {
    EXPECT_THAT(errors_of<sample>(GetParam().json), testing::ElementsAre(GetParam().error));
}

INSTANTIATE_TEST_SUITE_P(
    table, decode_refuses,
    testing::Values(
        bad_input{R"([])", ": must be an object"}, bad_input{R"({})", "name: is required"},
        bad_input{R"({"name":null})", "name: must be a text"}, bad_input{R"({"name":7})", "name: must be a text"},
        bad_input{R"({"name":"   "})", "name: must not be empty"},
        bad_input{R"({"name":"abcdef"})", "name: must have at most 5 characters"},
        bad_input{R"({"name":"a","note":null})", "note: must be a text"},
        bad_input{R"({"name":"a","note":"abcd"})", "note: must have at most 3 characters"},
        bad_input{R"({"name":"a","grade":10})", "grade: must be between 0 and 9"},
        bad_input{R"({"name":"a","grade":-1})", "grade: must be between 0 and 9"},
        bad_input{R"({"name":"a","grade":1.5})", "grade: must be a whole number"},
        bad_input{R"({"name":"a","grade":"1"})", "grade: must be a whole number"},
        bad_input{R"({"name":"a","grade":18446744073709551615})", "grade: is too large"},
        bad_input{R"({"name":"a","colour":"blue"})", "colour: must be one of red, green"},
        bad_input{R"({"name":"a","on":1})", "on: must be true or false"},
        bad_input{R"({"name":"a","at":"tomorrow"})", "at: must be a time like 2026-11-21T18:40:18Z"},
        bad_input{R"({"name":"a","at":"9999-01-01T00:00:00Z"})", "at: must be a time like 2026-11-21T18:40:18Z"},
        bad_input{R"({"name":"a","extra":[]})", "extra: must be an object"},
        bad_input{R"({"name":"a","extra":{"long":"0123456789abcdef"}})", "extra: must have at most 20 bytes"},
        bad_input{R"({"name":"a","items":{}})", "items: must be a list"},
        bad_input{R"({"name":"a","items":[{"level":1},{"level":1},{"level":1}]})", "items: must have at most 2 items"},
        bad_input{R"({"name":"a","items":[{"level":1},{"level":11}]})", "items[1].level: must be between 1 and 10"},
        bad_input{R"({"name":"a","items":[{"level":1,"max":2}]})", "items[0].max: is not known here"},
        bad_input{R"({"name":"a","nam":"b"})", "nam: is not known here"}));

TEST(decode, collects_every_error) {
    EXPECT_THAT(errors_of<sample>(R"({"note":"long","colour":"blue","items":[{},{"level":0}],"x":1})"),
                testing::UnorderedElementsAre("name: is required", "note: must have at most 3 characters",
                                              "colour: must be one of red, green", "items[0].level: is required",
                                              "items[1].level: must be between 1 and 10", "x: is not known here"));
}

TEST(decode, counts_characters_not_bytes) {
    EXPECT_THAT(errors_of<sample>(R"({"name":"äöüßé"})"), testing::IsEmpty());
}

TEST(decode, tells_absent_from_null) {
    const auto read = [](const char* json) {
        const auto document = json_document::parse(json);
        decoder d;
        sample value;
        decode(d, document->root(), value);
        return value.grade;
    };
    EXPECT_FALSE(read(R"({"name":"a"})").has_value());
    ASSERT_TRUE(read(R"({"name":"a","grade":null})").has_value());
    EXPECT_FALSE(read(R"({"name":"a","grade":null})")->value.has_value());
    EXPECT_EQ(read(R"({"name":"a","grade":4})")->value->value, 4);
}

TEST(decode, trims_labels_and_keeps_texts) {
    const auto document = json_document::parse(R"({"name":"  a b ","note":" x "})");
    decoder d;
    sample value;
    decode(d, document->root(), value);
    EXPECT_EQ(value.name.value, "a b");
    EXPECT_EQ(value.note->value, " x ");
}

TEST(json, refuses_what_is_not_json) {
    for (const auto* text : {"", "{", "{\"a\":}", "nul", "{\"a\":1}x", "\"\xff\"", "{\"a\":1e999}"})
        EXPECT_FALSE(json_document::parse(text)) << text;
}

TEST(json, refuses_nul_in_texts_and_names) {
    EXPECT_FALSE(json_document::parse(R"({"a":["x\u0000y"]})"));
    EXPECT_FALSE(json_document::parse(R"({"a\u0000":1})"));
    EXPECT_TRUE(json_document::parse(R"({"a":"\\u0000"})"));
}

TEST(decode, tells_no_more_errors_than_somebody_reads) {
    std::string members = "{";
    for (int i = 0; i < 5000; ++i) members += "\"x" + std::to_string(i) + "\":1,";
    EXPECT_EQ(errors_of<sample>(members + "\"name\":\"a\"}").size(), decoder::most_errors);
}

} // namespace
} // namespace switchboard::api

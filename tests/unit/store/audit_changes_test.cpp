#include "store/audit_changes.hpp"

#include <switchboard/util/form.hpp>

#include <gtest/gtest.h>

/// What the audit keeps of a change: the fields that differ, and nothing of a secret.
namespace switchboard::store {
namespace {

datum read(const char* json) {
    return from_own_json(json);
}

TEST(audit_changes, are_the_fields_that_differ_each_by_its_path) {
    EXPECT_EQ(to_json(audit_changes(read(R"({"name": "a", "imap": {"host": "x", "port": 1}, "same": [1]})"),
                                    read(R"({"name": "b", "imap": {"host": "x", "port": 2}, "same": [1]})"))),
              R"({"imap.port":{"before":1,"after":2},"name":{"before":"a","after":"b"}})");
}

TEST(audit_changes, of_what_was_made_or_removed_have_one_side) {
    EXPECT_EQ(to_json(audit_changes({}, read(R"({"name": "a", "none": null, "in": {"it": 1}})"))),
              R"({"in.it":{"after":1},"name":{"after":"a"}})");
    EXPECT_EQ(to_json(audit_changes(read(R"({"name": "a"})"), {})), R"({"name":{"before":"a"}})");
}

TEST(audit_changes, tell_of_a_secret_that_it_changed) {
    auto before = datum::object({{"token", datum::secret("one")}}), after = before;
    after.set("token", datum::secret("two"));
    EXPECT_EQ(to_json(audit_changes(before, after)), R"({"token":"changed"})");
    EXPECT_EQ(to_json(audit_changes({}, after)), R"({"token":"changed"})");
    EXPECT_EQ(to_json(audit_changes(read(R"({"settings": {"secret": "one"}})"), read(R"({"settings": {"a": 1}})"), {},
                                    {"settings.secret"})),
              R"({"settings.secret":"changed","settings.a":{"after":1}})");
    const auto schema = read(R"({"properties": {"pin": {"anyOf": [{"type": "string", "writeOnly": true}]},
                                                "version": {"readOnly": true}}})");
    EXPECT_EQ(
        to_json(audit_changes(read(R"({"pin": "1", "version": 1})"), read(R"({"pin": "2", "version": 2})"), schema)),
        R"({"pin":"changed"})");
}

TEST(audit_changes, are_cut_where_they_are_long) {
    const auto out = audit_changes(datum::object({{"text", ""}}), datum::object({{"text", std::string(5000, 'x')}}));
    const auto& after = out["text"]["after"].text;
    EXPECT_LT(after.size(), audited_bytes + 50);
    EXPECT_TRUE(after.ends_with("… (cut: 5002 bytes in all)")) << after;
}

TEST(audit_changes, of_a_long_list_are_the_items_that_differ_however_many_stand_before_them) {
    auto before = datum::list();
    for (int i = 0; i < 60; ++i)
        before.items.push_back(datum::object({{"name", std::string(90, 'x') + std::to_string(i)}}));
    before.items.push_back(datum::object({{"name", "iban"}, {"sensitive", true}}));
    auto after = before;
    after.items.back().set("sensitive", false);
    const auto out = audit_changes(datum::object({{"fields", before}}), datum::object({{"fields", after}}));
    EXPECT_EQ(
        to_json(out),
        R"({"fields":{"before":[{"name":"iban","sensitive":true}],"after":[{"name":"iban","sensitive":false}]}})");

    for (auto& item : after.items) item.set("sensitive", false); // all at once, so that one is lost among them
    const auto all = to_json(audit_changes(datum::object({{"fields", before}}), datum::object({{"fields", after}})));
    EXPECT_NE(all.find(R"({"name":"iban","sensitive":true})"), std::string::npos);
    EXPECT_NE(all.find(R"({"name":"iban","sensitive":false})"), std::string::npos);
}

TEST(audit_changes, of_a_value_that_becomes_another_kind_are_whole) {
    EXPECT_EQ(to_json(audit_changes(read(R"({"a": {"b": 1}})"), read(R"({"a": "text"})"))),
              R"({"a":{"before":{"b":1},"after":"text"}})");
    EXPECT_EQ(to_json(audit_changes(read(R"({"a": "text"})"), read(R"({"a": {"b": 1}})"))),
              R"({"a":{"before":"text","after":{"b":1}}})");
}

} // namespace
} // namespace switchboard::store

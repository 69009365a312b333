#include <switchboard/util/secret_box.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <ostream>
#include <set>
#include <type_traits>

namespace switchboard {
namespace {

// What a person could write by accident, and which would tell a secret, does not compile.
template <class T>
concept streamable = requires(std::ostream& out, const T& value) { out << value; };
static_assert(!streamable<secret_text>);
static_assert(!fmt::is_formattable<secret_text>::value);
static_assert(!std::is_convertible_v<secret_text, std::string>);
static_assert(!std::is_convertible_v<secret_text, std::string_view>);
static_assert(!std::is_constructible_v<nlohmann::json, secret_text>);

const std::string one(64, '1'), two(64, '2');
const std::string three_in_base64 = "MzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzM=";

secret_box box_of(const std::string& keys) {
    return secret_box::with_keys(keys).value();
}

/// Why it does not open; nothing when it does.
std::optional<unreadable_secret::reason> failure(const secret_box& box, const std::string& place,
                                                 const sealed_secret& sealed) {
    try {
        box.open(place, sealed);
        return std::nullopt;
    } catch (const unreadable_secret& e) {
        return e.why;
    }
}

TEST(a_secret_box, gives_back_what_was_put_in) {
    const auto box = box_of(one);
    for (const std::string& words :
         {std::string{"hush"}, std::string{}, std::string(60'000, 'x'), std::string{"\0ä", 3}})
        EXPECT_EQ(box.open("gateway/7/secret", box.seal("gateway/7/secret", words)).reveal(), words);
}

TEST(a_secret_box, seals_the_same_words_differently_each_time_and_shows_none_of_them) {
    const auto box = box_of(one);
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) {
        const auto sealed = box.seal("p", "the same words");
        EXPECT_EQ(sealed.bytes.find("same"), std::string::npos);
        EXPECT_TRUE(seen.insert(sealed.bytes.substr(0, 24)).second) << "a nonce is used once";
        EXPECT_TRUE(seen.insert(sealed.bytes.substr(24)).second);
    }
}

TEST(a_secret_box, opens_nothing_that_was_changed_in_any_bit_or_cut) {
    const auto box = box_of(one);
    const auto sealed = box.seal("p", "hush");
    for (std::size_t bit = 0; bit < sealed.bytes.size() * 8; ++bit) {
        auto changed = sealed;
        changed.bytes[bit / 8] = static_cast<char>(changed.bytes[bit / 8] ^ (1 << bit % 8));
        EXPECT_EQ(failure(box, "p", changed), unreadable_secret::reason::damaged) << bit;
    }
    for (std::size_t size = 0; size < sealed.bytes.size(); ++size)
        EXPECT_EQ(failure(box, "p", {sealed.key_id, sealed.bytes.substr(0, size)}), unreadable_secret::reason::damaged);
    EXPECT_EQ(failure(box, "p", {sealed.key_id, sealed.bytes + 'x'}), unreadable_secret::reason::damaged);
}

TEST(a_secret_box, opens_nothing_at_another_place) {
    const auto box = box_of(one);
    const auto sealed = box.seal("gateway/7/secret", "hush");
    for (const auto* place : {"gateway/8/secret", "gateway/7/verify_token", "gateway/7/secret ", ""})
        EXPECT_EQ(failure(box, place, sealed), unreadable_secret::reason::damaged) << place;
    EXPECT_FALSE(failure(box, "gateway/7/secret", sealed));
}

TEST(a_secret_box, says_that_a_key_is_missing_and_opens_nothing_under_another_keys_name) {
    const auto sealed = box_of(one).seal("p", "hush");
    EXPECT_EQ(failure(box_of(two), "p", sealed), unreadable_secret::reason::unknown_key);
    EXPECT_EQ(failure(secret_box{}, "p", sealed), unreadable_secret::reason::unknown_key);
    EXPECT_EQ(failure(box_of(two), "p", {box_of(two).key_ids()[0], sealed.bytes}), unreadable_secret::reason::damaged);
}

TEST(a_secret_box, seals_with_its_newest_key_and_opens_with_all) {
    const auto old = box_of(one).seal("p", "hush");
    const auto both = box_of(two + ",\n " + one + '\n');
    EXPECT_EQ(both.open("p", old).reveal(), "hush");
    EXPECT_EQ(both.seal("p", "x").key_id, box_of(two).key_ids()[0]);
    EXPECT_EQ(both.key_ids(), (std::vector{box_of(two).key_ids()[0], box_of(one).key_ids()[0]}));
    EXPECT_TRUE(both.knows(old.key_id));
    EXPECT_FALSE(box_of(two).knows(old.key_id));
}

TEST(a_secret_box, reads_keys_in_both_notations_and_names_them_without_telling_them) {
    EXPECT_EQ(box_of(three_in_base64).key_ids(),
              box_of("3333333333333333333333333333333333333333333333333333333333333333").key_ids());
    for (const auto& id : box_of(one).key_ids()) {
        EXPECT_EQ(id.size(), 16);
        EXPECT_EQ(one.find(id), std::string::npos);
    }
    EXPECT_FALSE(box_of("").has_key());
    EXPECT_FALSE(box_of(" \n").has_key());
    EXPECT_TRUE(box_of(secret_box::new_key().reveal()).has_key());
    EXPECT_NE(secret_box::new_key().reveal(), secret_box::new_key().reveal());
}

TEST(a_secret_box, refuses_wrong_keys_by_number_and_never_repeats_them) {
    const auto refused = [](const std::string& keys) {
        const auto made = secret_box::with_keys(keys);
        EXPECT_FALSE(made) << keys;
        return made ? std::string{} : made.error();
    };
    EXPECT_EQ(refused("hunter2"), "key 1 is not 32 bytes in base64 or hexadecimal");
    EXPECT_EQ(refused(one + " hunter2"), "key 2 is not 32 bytes in base64 or hexadecimal");
    EXPECT_EQ(refused(one.substr(1)), "key 1 is not 32 bytes in base64 or hexadecimal");
    EXPECT_EQ(refused(one + "1"), "key 1 is not 32 bytes in base64 or hexadecimal");
    EXPECT_EQ(refused(one + "," + one), "key 2 is there twice");
    std::string many;
    for (int i = 0; i < 17; ++i) many += secret_box::new_key().reveal() + ' ';
    EXPECT_EQ(refused(many), "more than 16 keys");
}

TEST(a_secret_box, without_a_key_seals_nothing) {
    EXPECT_THROW(secret_box{}.seal("p", "hush"), std::logic_error);
}

} // namespace
} // namespace switchboard

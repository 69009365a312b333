#include <switchboard/util/login.hpp>
#include <switchboard/util/password_rules.hpp>

#include <gtest/gtest.h>

namespace switchboard {
namespace {

TEST(normal_logins, are_folded_and_composed) {
    EXPECT_EQ(normal_login("\xE2\x84\xAA"
                           "avya"),
              "kavya"); // KELVIN SIGN
    EXPECT_EQ(normal_login(" Ada.Lovelace "), "ada.lovelace");
    EXPECT_EQ(normal_login("STRA\xC3\x9F"
                           "E"),
              "strasse");
    EXPECT_EQ(normal_login("A\xCC\x8A"), "\xC3\xA5");              // A with a ring, in two characters and in one
    EXPECT_EQ(normal_login("\xE2\x80\x8B"), "");                   // nothing that can be seen
    EXPECT_EQ(normal_login("\xFF"), normal_login("\xEF\xBF\xBD")); // not UTF-8
    EXPECT_EQ(normal_login(normal_login("\xEF\xAC\x81ona")), "fiona");
}

TEST(passwords, are_long_and_not_guessed_first) {
    const auto is_fine = [](const char* text, const char* login = "ada") { return !password_fault(text, login); };
    EXPECT_TRUE(is_fine("correct horse"));
    EXPECT_TRUE(is_fine("twelve chars"));
    EXPECT_FALSE(is_fine("eleven char"));
    EXPECT_FALSE(is_fine("\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xB6")) << "twelve bytes, six characters";
    EXPECT_FALSE(is_fine("1qaz2wsx3edc"));
    EXPECT_FALSE(is_fine("QWERTY123456"));
    EXPECT_FALSE(is_fine("Ada.Lovelace", "ada.lovelace"));
    EXPECT_FALSE(is_fine("aaaaaaaaaaaa"));
    EXPECT_FALSE(is_fine("\xE2\x80\x8B\xE2\x80\x8B\xE2\x80\x8B\xE2\x80\x8B\xE2\x80\x8B\xE2\x80\x8B\xE2\x80\x8B\xE2\x80"
                         "\x8B\xE2\x80\x8B\xE2\x80\x8B\xE2\x80\x8B\xE2\x80\x8B"));
    EXPECT_FALSE(is_fine("eleven char\xE2\x80\x8B")) << "one of the twelve cannot be seen";
    EXPECT_FALSE(is_fine("switchboard switchboard"));
    EXPECT_FALSE(is_fine("abcabcabcabc"));
    EXPECT_TRUE(is_fine("switchboard operator"));
    EXPECT_FALSE(is_fine("P@ssw0rdP@ssw0rd"));
    EXPECT_FALSE(is_fine(std::string(201, 'x').append("yz").c_str()));
}

} // namespace
} // namespace switchboard

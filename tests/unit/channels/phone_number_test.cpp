#include <switchboard/channels/phone_number.hpp>

#include <gtest/gtest.h>

namespace switchboard::channels {
namespace {

struct dialed_number {
    const char* dialed;
    const char* country;
    const char* e164; // "" = not a number
};

void PrintTo(const dialed_number& it, std::ostream* out) {
    *out << '"' << it.dialed << "\" in \"" << it.country << '"';
}

class phone_numbers : public testing::TestWithParam<dialed_number> {};

TEST_P(phone_numbers, become_e164_or_nothing) {
    const auto& [dialed, country, e164] = GetParam();
    EXPECT_EQ(to_e164(dialed, country).value_or(""), e164);
}

INSTANTIATE_TEST_SUITE_P(written_by_people, phone_numbers,
                         testing::Values(dialed_number{"030 / 123 45 67", "DE", "+49301234567"},
                                         dialed_number{"(030) 1234-567", "DE", "+49301234567"},
                                         dialed_number{"+49 (0)30 1234567", "DE", "+49301234567"},
                                         dialed_number{"(212) 555-0123", "US", "+12125550123"},
                                         dialed_number{"020 7946 0958", "GB", "+442079460958"},
                                         dialed_number{"0550 1234 56", "IT", "+390550123456"}, // Italy keeps its zero
                                         dialed_number{"+44 20 7946 0958", "", "+442079460958"}));

INSTANTIATE_TEST_SUITE_P(with_international_prefix, phone_numbers,
                         testing::Values(dialed_number{"0049301234567", "DE", "+49301234567"},
                                         dialed_number{"0049301234567", "US", "+49301234567"},
                                         dialed_number{"0049301234567", "", "+49301234567"},
                                         dialed_number{"01149301234567", "US", "+49301234567"},
                                         dialed_number{"01149301234567", "", "+49301234567"},
                                         dialed_number{"4986517174963", "DE", "+4986517174963"},
                                         dialed_number{"4986517174963", "US", "+4986517174963"},
                                         dialed_number{"+15555550136", "DE", "+15555550136"}));

INSTANTIATE_TEST_SUITE_P(as_uri, phone_numbers,
                         testing::Values(dialed_number{"sip:+49301234567@10.0.0.1:5060;transport=udp", "",
                                                       "+49301234567"},
                                         dialed_number{"sip:%2B49301234567@pbx.example", "", "+49301234567"},
                                         dialed_number{"tel:+49-30-1234567;ext=12", "", "+49301234567"},
                                         dialed_number{"sips:0301234567@pbx.example", "DE", "+49301234567"},
                                         dialed_number{"sip:alice@pbx.example", "DE", ""}));

INSTANTIATE_TEST_SUITE_P(nobody, phone_numbers,
                         testing::Values(dialed_number{"", "DE", ""}, dialed_number{"   ", "DE", ""},
                                         dialed_number{"anonymous", "DE", ""}, dialed_number{"Restricted", "US", ""},
                                         dialed_number{"+266696687", "DE", ""}, dialed_number{"withheld", "GB", ""},
                                         dialed_number{"sip:anonymous@anonymous.invalid", "DE", ""}));

INSTANTIATE_TEST_SUITE_P(not_numbers, phone_numbers,
                         testing::Values(dialed_number{"1001", "DE", ""}, dialed_number{"60019", "DE", ""},
                                         dialed_number{"112", "DE", ""}, dialed_number{"*97", "DE", ""},
                                         dialed_number{"s", "DE", ""}, dialed_number{"queue-sales", "DE", ""},
                                         dialed_number{"030 1234567", "", ""}, // no country, no guess
                                         dialed_number{"2125550123", "", ""}, dialed_number{"+0", "DE", ""},
                                         dialed_number{"+1", "US", ""}, dialed_number{"00", "DE", ""},
                                         dialed_number{"\xff\xfe", "DE", ""}, dialed_number{"0301234567", "ZZ", ""}));

INSTANTIATE_TEST_SUITE_P(short_countries, phone_numbers,
                         testing::Values(dialed_number{"22158", "SH", "+29022158"}, // Saint Helena has five digits
                                         dialed_number{"321000", "GL", "+299321000"}));

TEST(phone_number, of_absurd_length_is_none) {
    EXPECT_EQ(to_e164("+" + std::string(100'000, '1'), "DE"), std::nullopt);
    EXPECT_EQ(to_e164(std::string(60, '9'), "DE"), std::nullopt);
}

TEST(phone_number, knows_its_countries) {
    EXPECT_TRUE(is_phone_country("DE"));
    EXPECT_FALSE(is_phone_country("de"));
    EXPECT_FALSE(is_phone_country("XX"));
    EXPECT_FALSE(is_phone_country(""));
}

} // namespace
} // namespace switchboard::channels

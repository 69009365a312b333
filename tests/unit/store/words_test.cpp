#include "store/words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> first_spellings(const wanted_words& wanted) {
    std::vector<std::string> out;
    for (const auto& part : wanted.parts) out.push_back(part.front());
    return out;
}

TEST(wanted_words, are_looked_for_one_by_one) {
    EXPECT_THAT(first_spellings(read_words("  Osei \t Martin ")), ElementsAre("%Osei%", "%Martin%"));
    EXPECT_THAT(first_spellings(read_words("1 2 x 4 5 6 7 8 9")), testing::SizeIs(8)) << "the rest is not asked for";
    EXPECT_THAT(read_words(" ").parts, IsEmpty());
}

TEST(wanted_words, mean_themselves_where_the_database_has_a_meaning_of_its_own) {
    EXPECT_THAT(first_spellings(read_words(R"(100% a_b c\d)")), ElementsAre(R"(%100\%%)", R"(%a\_b%)", R"(%c\\d%)"));
}

TEST(wanted_words, name_a_ticket_by_its_number) {
    for (const auto* typed : {"10131", "#10131", "[#10131]", " Ticket #10131 ", "ticket [#10131]"})
        EXPECT_THAT(read_words(typed).numbers, ElementsAre(10131)) << typed;
    for (const auto* typed : {"#10131", "Ticket #10131"}) EXPECT_THAT(read_words(typed).parts, IsEmpty()) << typed;
    const auto subject = read_words("Re: Late parcel [#10131]");
    EXPECT_THAT(subject.numbers, ElementsAre(10131));
    EXPECT_THAT(first_spellings(subject), ElementsAre("%Re:%", "%Late%", "%parcel%", "%[#10131]%"));
    EXPECT_THAT(read_words("10131").parts, testing::SizeIs(1)) << "it may stand in a subject as well";
    EXPECT_THAT(read_words("#1234567890123456789").numbers, IsEmpty());
}

TEST(wanted_words, of_a_telephone_number_are_its_digits_however_it_is_written) {
    for (const auto* typed : {"+44 20 7946 0999", "+44 (0)20 7946 0999", "0044 20 7946 0999", "+44-20-7946-0999",
                              "tel:+442079460999", "+44.20.7946.0999"}) {
        const auto wanted = read_words(typed);
        ASSERT_THAT(wanted.parts, testing::SizeIs(1)) << typed;
        EXPECT_THAT(wanted.parts.front(), testing::Contains("%442079460999%")) << typed;
    }
    EXPECT_THAT(read_words("020 7946 0999").parts.front(), ElementsAre("%020 7946 0999%", "%2079460999%"));
    EXPECT_THAT(read_words("(212) 555-0888").parts.front(), testing::Contains("%2125550888%"));
    EXPECT_THAT(read_words("70325").parts.front(), ElementsAre("%70325%"));
    EXPECT_THAT(first_spellings(read_words("0000")), ElementsAre("%0000%")) << "zeros are no number";
}

TEST(wanted_words, are_in_an_index_if_each_spelling_has_three_letters_in_a_row) {
    EXPECT_TRUE(can_be_looked_up({"%abc%"}));
    EXPECT_FALSE(can_be_looked_up({"%ab%"}));
    EXPECT_FALSE(can_be_looked_up({"%abc%", "%a b%"}));
}

} // namespace
} // namespace switchboard::store

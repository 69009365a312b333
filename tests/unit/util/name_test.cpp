#include <switchboard/util/name.hpp>

#include <gtest/gtest.h>

using switchboard::same_name_form;

TEST(same_name_form, sees_through_case_width_and_blanks) {
    for (const auto* name :
         {"billing eu", "BILLING EU", " Billing  EU ", "Billing\tEU", "Billing\u00A0EU", "Ｂilling EU"})
        EXPECT_EQ(same_name_form(name), same_name_form("Billing EU")) << name;
}

TEST(same_name_form, tells_other_names_apart) {
    for (const auto* name : {"BillingEU", "Billing-EU", "Billing E", ""})
        EXPECT_NE(same_name_form(name), same_name_form("Billing EU")) << name;
}

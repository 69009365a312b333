#pragma once

#include "channels/email/email.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace switchboard::channels {

/// Normalises one mail.
inline inbound_contact read_mail(std::string_view mail, const gateway_settings& settings = {},
                                 std::vector<std::pair<std::string, std::string>> query = {}, const limits& bounds = {}) {
    const auto records = normalize_email(settings, raw_input{.body = mail, .content_type = "message/rfc822", .headers = {}, .query = std::move(query)}, bounds);
    EXPECT_EQ(records.size(), 1u);
    return std::get<inbound_contact>(records.at(0));
}

inline bool has_flag(const inbound_contact& contact, std::string_view flag) { return std::ranges::find(contact.flags, flag) != contact.flags.end(); }

} // namespace switchboard::channels

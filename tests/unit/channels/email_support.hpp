#pragma once

#include "channels/email/email.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <string>
#include <string_view>

namespace switchboard::channels {

/// Normalises one mail.
inline inbound_contact read_mail(std::string_view mail, const gateway_settings& settings = {},
                                 std::vector<std::pair<std::string, std::string>> query = {},
                                 const limits& bounds = {}) {
    const auto records = normalize_email(
        settings, raw_input{.body = mail, .content_type = "message/rfc822", .headers = {}, .query = std::move(query)},
        bounds);
    EXPECT_EQ(records.size(), 1u);
    return std::get<inbound_contact>(records.at(0));
}

/// The event that a report is.
inline contact_event read_event(std::string_view mail, const gateway_settings& settings = {}) {
    const auto records = normalize_email(
        settings, raw_input{.body = mail, .content_type = "message/rfc822", .headers = {}, .query = {}}, {});
    EXPECT_EQ(records.size(), 1u);
    return std::get<contact_event>(records.at(0));
}

/// Processor seconds that this process has used: other work on the machine does not count.
inline double cpu_seconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SWITCHBOARD_SANITIZED
#endif
#endif
#ifdef SWITCHBOARD_SANITIZED
inline constexpr bool slowed_by_sanitizers = true;
#else
inline constexpr bool slowed_by_sanitizers = false;
#endif

/// What linear work on a megabyte may take at most; quadratic work takes minutes.
inline constexpr double linear_seconds = slowed_by_sanitizers ? 15 : 2;

inline bool has_flag(const inbound_contact& contact, std::string_view flag) {
    return std::ranges::find(contact.flags, flag) != contact.flags.end();
}

} // namespace switchboard::channels

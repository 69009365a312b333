#pragma once

#include <switchboard/channels/normalize.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace switchboard::channels {

using pairs = std::vector<std::pair<std::string, std::string>>;

/// One request to a gateway of a kind.
struct request {
    std::string kind;
    std::string body;
    gateway_settings settings = {};
    std::string content_type = "";
    pairs query = {};

    std::vector<normalized_record> records(const limits& bounds = {}) const {
        return normalize(kind, settings, {.body = body, .content_type = content_type, .headers = {}, .query = query},
                         bounds);
    }

    /// The only record, which must be of this type.
    template <typename T>
    T only(const limits& bounds = {}) const {
        const auto all = records(bounds);
        EXPECT_EQ(all.size(), 1u);
        if (all.size() != 1 || !std::holds_alternative<T>(all.front())) {
            ADD_FAILURE() << "another record than expected: " << (all.empty() ? "none" : to_json(all.front()));
            return {};
        }
        return std::get<T>(all.front());
    }

    inbound_contact contact() const {
        auto found = only<inbound_contact>();
        EXPECT_EQ(found.quarantine, "");
        return found;
    }

    inbound_contact quarantine() const {
        auto found = only<inbound_contact>();
        EXPECT_NE(found.quarantine, "");
        return found;
    }
};

inline nlohmann::json details(const inbound_contact& contact) {
    return nlohmann::json::parse(contact.details);
}
inline nlohmann::json details(const contact_event& event) {
    return nlohmann::json::parse(event.details);
}

inline bool has_flag(const inbound_contact& contact, std::string_view flag) {
    return std::ranges::find(contact.flags, flag) != contact.flags.end();
}

inline gateway_settings german() {
    gateway_settings settings;
    settings.default_country = "DE";
    settings.own_numbers = {"+49 30 5550100"};
    settings.extensions = {"1001", "1002"};
    settings.timezone = "Europe/Berlin";
    return settings;
}

} // namespace switchboard::channels

#pragma once

#include <switchboard/model/contact.hpp>

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace switchboard::channels::mail_webhooks {

/// One word of a provider about one recipient of a mail of ours.
struct delivery_word {
    std::string type; // bounce delivered complaint read sent failed …
    std::string of;   // Message-ID, with or without brackets, or the provider's id
    std::string address;
    std::string action;   // failed delayed delivered
    std::string status;   // enhanced status, where it is given apart
    std::string reason;   // what the other server said
    std::string severity; // what the provider makes of it; empty = judge by the reason
    std::optional<timestamp> at;
};

/// The event, judged as bounces that come by mail are. `more` is added to its details.
contact_event event_of(const delivery_word& word, const nlohmann::json& more);

/// A moment as providers write it: RFC 3339, seconds with or without fraction, RFC 5322.
std::optional<timestamp> read_moment(const nlohmann::json& value);

/// A member of an object as text, "" where it is none; numbers as they are written.
std::string text_of(const nlohmann::json& object, const char* name);

} // namespace switchboard::channels::mail_webhooks

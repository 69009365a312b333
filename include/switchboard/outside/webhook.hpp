#pragma once

#include <switchboard/model/secret_text.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace switchboard::outside {

/// The value of webhook-signature by the Standard Webhooks scheme (standardwebhooks.com): of "id.timestamp.body" under
/// the secret, which is base64 behind "whsec_", or else taken as it is.
std::string sign_webhook(std::string_view secret, std::string_view id, std::int64_t timestamp, std::string_view body);

struct webhook {
    std::string url;
    secret_text secret;
    std::string id;   // the same for each try
    std::string body; // JSON
    std::chrono::seconds timeout{10};
};

struct webhook_result {
    int status = 0;    // of the answer; 0 = there was none
    std::string error; // for people; empty = 2xx
};

/// POSTs it, signed with the time of now. Follows no redirects. Blocks: call it off the io thread.
webhook_result post_webhook(const webhook& w);

} // namespace switchboard::outside

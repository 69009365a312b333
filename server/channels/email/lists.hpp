#pragma once

#include "channels/email/headers.hpp"

#include <switchboard/model/gateway_settings.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace switchboard::channels::email {

/// Whether an address is one of the gateway's own, also with a tag ("support+t.17.…@"). `address` is canonical.
bool is_own(const gateway_settings& settings, std::string_view address);
/// Whether an address, or a List-Id, stands in a list of settings.
bool is_among(const std::vector<std::string>& list, std::string_view address);

/// The mailing list or group that a mail came by.
struct mailing_list {
    bool any = false;                   // it came by one
    bool ours = false;                  // which is our own address, or a group of ours
    std::vector<std::string> addresses; // where one posts to it
};
mailing_list read_list(const mail_headers& headers, const gateway_settings& settings);

} // namespace switchboard::channels::email

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace switchboard::channels {

/// The address on which answers about a ticket arrive: `local+t.<ticket>.<hmac16>@domain` for the mailbox
/// `local@domain` (a plus tag that it already has is kept in front). The HMAC keeps strangers from guessing a way into
/// other people's tickets. Empty if `mailbox` is no address.
std::string reply_address(std::string_view mailbox, std::int64_t ticket, std::string_view secret);

/// The ticket that such an address names; empty if it names none or the signature is wrong. Letters may have changed
/// case on the way. Constant-time comparison.
std::optional<std::int64_t> ticket_of_reply_address(std::string_view address, std::string_view secret);

} // namespace switchboard::channels

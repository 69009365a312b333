#pragma once

#include <string_view>

namespace switchboard {

/// Whether this can stand as the bare address of one mailbox: something on either side of an @, without white space,
/// control characters and what separates addresses (of RFC 5321 we leave out quoted local parts).
bool is_mail_address(std::string_view text);

} // namespace switchboard

#pragma once

#include <string>
#include <string_view>

namespace switchboard {

/// Whether this can stand as the bare address of one mailbox: something on either side of an @, without white space,
/// control characters and what separates addresses (of RFC 5321 we leave out quoted local parts).
bool is_mail_address(std::string_view text);

/// The mailbox behind "ada+shop@example.org": most providers deliver it to ada@example.org (RFC 5233 calls it a
/// detail). In lower case; what is no address stays as it is.
std::string without_plus_tag(std::string_view address);

} // namespace switchboard

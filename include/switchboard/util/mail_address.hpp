#pragma once

#include <string>
#include <string_view>

namespace switchboard {

/// Whether this can stand as the bare address of one mailbox: something on either side of an @, without white space,
/// control characters and what separates addresses (of RFC 5321 we leave out quoted local parts).
bool is_mail_address(std::string_view text);

/// The same of what a stranger types: nor can it be taken for another. All of it can be seen and is in its own plain
/// form (no invisible and no full-width characters), its words are of one script each (Unicode TR 39, "highly
/// restrictive"), and its domain has no empty part, comment or literal.
bool is_plain_mail_address(std::string_view text);

/// "@example.org" of an address; "@localhost" of what is none.
std::string_view domain_part(std::string_view address);

/// The mailbox behind "ada+shop@example.org": most providers deliver it to ada@example.org (RFC 5233 calls it a
/// detail). In lower case; what is no address stays as it is.
std::string without_plus_tag(std::string_view address);

} // namespace switchboard

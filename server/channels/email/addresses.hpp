#pragma once

#include <switchboard/model/contact.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace switchboard::channels::email {

/// The mailboxes of a raw address header, groups flattened. `value` is lower-cased and keeps the plus tag; what is not
/// an address ("MAILER-DAEMON") comes back with an empty kind.
std::vector<party> parse_addresses(std::string_view raw, std::string_view charset = {});

/// An address as it is compared and stored: trimmed, without angle brackets, lower-cased.
std::string canonical_address(std::string_view address);

} // namespace switchboard::channels::email

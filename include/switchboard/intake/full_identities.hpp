#pragma once

#include <switchboard/intake/config.hpp>
#include <switchboard/model/contact.hpp>

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::intake {

/// Whom somebody means who writes a whole e-mail address, or a whole phone number in any spelling: the identities as
/// intake keeps them. A number without its country code is tried with the country of each gateway. Empty for parts and
/// for names.
std::vector<party> full_identities(std::string_view written, const intake_config& config);

/// An address that somebody writes down for a customer, as intake would keep it; or what is wrong with it. Fax numbers
/// are numbers. A number without its country code is read as of the country of the gateways, if they have one.
std::expected<party, std::string> written_identity(std::string_view kind, std::string_view written,
                                                   const intake_config& config);

} // namespace switchboard::intake

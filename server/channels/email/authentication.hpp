#pragma once

#include "channels/email/headers.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace switchboard::channels::email {

/// What the hosts that we trust say of a claimed sender (RFC 8601). `none`: nothing, or nobody is trusted.
enum class verdict { none, pass, fail };

/// Of each trusted host the topmost field counts alone: those below it may have come with the mail. A pass is one of
/// DMARC, or where that says nothing, of DKIM or SPF for the sender's own domain.
verdict read_verdict(const mail_headers& headers, const std::vector<std::string>& trusted, std::string_view sender);

} // namespace switchboard::channels::email

#pragma once

#include "channels/email/delivery_report.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace switchboard::channels::email {

/// Reads a bounce (RFC 3464, 6533, or the free text of the servers that have their own way), a complaint (RFC 5965) or
/// a read receipt (RFC 8098); nothing if the mail is none of them. Linear time.
std::optional<delivery_report> read_report(const report_source& mail);

/// The recipients of a message/delivery-status part (RFC 3464, 6533), in its order. `context` is the prose beside it,
/// which tells at which command of the dialogue a server refused.
std::vector<failed_recipient> read_delivery_status(std::string_view part, std::string_view context = {});

} // namespace switchboard::channels::email

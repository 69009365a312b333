#pragma once

#include "channels/email/delivery_report.hpp"

#include <optional>

namespace switchboard::channels::email {

/// A complaint (ARF, RFC 5965; Outlook.com's own form) or a read receipt (MDN, RFC 8098); nothing if it is neither.
std::optional<delivery_report> read_feedback(const report_source& mail);

} // namespace switchboard::channels::email

#pragma once

#include <string>
#include <string_view>

namespace switchboard::channels {

/// The field by which our own mail is known when it comes back (docs/gateways-mail.md "The sender").
inline constexpr std::string_view loop_field = "X-Switchboard-Loop";

/// Its value for the mail with this Message-ID (without brackets). A stranger cannot make one, so that nothing of his
/// passes for ours.
std::string loop_mark(std::string_view message_id, std::string_view secret);

/// Constant-time comparison.
bool is_loop_mark(std::string_view mark, std::string_view message_id, std::string_view secret);

} // namespace switchboard::channels

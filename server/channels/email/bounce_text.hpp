#pragma once

#include "channels/email/delivery_report.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace switchboard::channels::email {

/// Of one report, whatever its form.
inline constexpr std::size_t most_recipients = 1000;
inline constexpr std::size_t longest_reason = 1000; // bytes

/// A free-text bounce taken apart: what the server says, and the header of the mail that it gives back.
std::pair<std::string_view, std::string_view> split_report(std::string_view text);

/// The recipients that a report names in its own words, each with what is said about it. `own` are addresses that
/// belong to the sender of what bounced, `listed` those that a header field names (X-Failed-Recipients).
std::vector<failed_recipient> recipients_in_text(std::string_view report, std::string_view subject,
                                                 const std::vector<std::string>& own,
                                                 const std::vector<std::string>& listed);

/// Whether a server says that it is still trying.
bool says_delayed(std::string_view report, std::string_view subject);

/// Whether these are the words of a mail server that gives a mail back.
bool sounds_like_bounce(std::string_view report);
bool is_bounce_subject(std::string_view subject);

/// All e-mail addresses in a text, canonical, in their order, each once.
std::vector<std::string> addresses_in_text(std::string_view text);

} // namespace switchboard::channels::email

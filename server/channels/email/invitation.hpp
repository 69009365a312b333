#pragma once

#include <string>
#include <string_view>

namespace switchboard::channels::email {

/// What a calendar file (iCalendar, RFC 5545) says, in words: "Invitation: what", when with its zone, where, who, and
/// the description. Answers and cancellations (RFC 5546) say what they are. Empty when it cannot be read.
std::string invitation_words(std::string_view calendar);

} // namespace switchboard::channels::email

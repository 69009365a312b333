#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace switchboard::channels {

/// E.164 ("+493012345678") from a number as a person or a switch writes it: national or international, with spaces and
/// brackets, with 00 or 011 for +, as a "tel:" or "sip:" URI. `default_country` is ISO 3166 alpha-2; without one only
/// international numbers are understood. Empty for withheld callers, extensions, feature codes and names.
std::optional<std::string> to_e164(std::string_view dialed, std::string_view default_country);

/// Whether a numbering plan has given out numbers like this one: to_e164 also takes what only could be dialled.
bool is_assigned_number(std::string_view e164);

/// Whether the text is what switches write for a caller who hides the number: "anonymous", "restricted", "", in other
/// languages, numbers that spell such a word on a telephone's keys (+266696687), numbers of zeros. It is nobody: two
/// callers of whom the same is written need not be one.
bool is_withheld_number(std::string_view dialed);

/// Whether numbers of this ISO 3166 alpha-2 region can be read.
bool is_phone_country(std::string_view country);

} // namespace switchboard::channels

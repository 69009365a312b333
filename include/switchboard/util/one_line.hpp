#pragma once

#include <string>
#include <string_view>

namespace switchboard {

/// Text for a place of one line, such as a subject or a name: valid UTF-8 in which control characters (C0, DEL, C1) and
/// the line and paragraph separators U+2028 and U+2029 have become spaces, a run of them a single one; without white
/// space at its ends.
std::string one_line(std::string_view text);

/// A name that a stranger gave: one line without the invisible controls that turn the direction of writing (Unicode
/// UAX #9: U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069), behind which "exe.gpj" reads "jpg.exe".
std::string plain_name(std::string_view text);

/// The same of a file, with runs of blanks as one and at most so many bytes: what is cut is not its ending.
std::string plain_file_name(std::string_view text, std::size_t max_bytes);

} // namespace switchboard

#pragma once

#include <string>
#include <string_view>

namespace switchboard {

/// Text for a place of one line, such as a subject or a name: valid UTF-8 in which control characters (C0, DEL, C1) and
/// the line and paragraph separators U+2028 and U+2029 have become spaces, a run of them a single one; without white
/// space at its ends.
std::string one_line(std::string_view text);

} // namespace switchboard

#pragma once

#include <string>
#include <string_view>

namespace switchboard {

/// The form in which two names are the same that people take for the same: case, width and runs of blanks do not count.
std::string same_name_form(std::string_view name);

} // namespace switchboard

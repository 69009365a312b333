#pragma once

#include <string>
#include <string_view>

namespace switchboard {

/// The one form of a login, in which it is kept, looked up and counted: NFKC with case folding, so that "Kavya" with a
/// KELVIN SIGN is "kavya". Surrounding white space does not count. Empty when nothing that can be seen is left.
std::string normal_login(std::string_view text);

} // namespace switchboard

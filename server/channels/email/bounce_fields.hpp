#pragma once

#include <functional>
#include <string_view>

namespace switchboard::channels::email {

/// Calls `field(name, value)` for each unfolded field of a header-like text, names in lower case, and `field("", "")`
/// between its blocks.
void each_field(std::string_view text, const std::function<void(std::string_view, std::string_view)>& field);

/// "rfc822; someone@example.com" -> what stands behind the type.
std::string_view after_type(std::string_view value);

/// One address in a field value: without its type, brackets, quotes and comments; empty if there is none.
std::string address_in(std::string_view value);

} // namespace switchboard::channels::email

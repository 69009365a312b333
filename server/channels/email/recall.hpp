#pragma once

#include <string_view>

namespace switchboard::channels::email {

/// Whether Outlook wrote this when somebody recalled a mail ("… would like to recall the message, …"), in the languages
/// in which it is written.
bool is_recall(std::string_view subject, std::string_view text);

} // namespace switchboard::channels::email

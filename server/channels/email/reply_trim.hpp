#pragma once

#include <string>
#include <string_view>

namespace switchboard::channels::email {

/// The new words of a reply: without the quoted history, its attribution line, signature and "Sent from my …". Where it
/// is not clear that words are old they stay: forwarded mail, quotes between which somebody answers, a text that would
/// otherwise be empty. `subject` tells forwards from replies. Linear time.
std::string trim_reply(std::string_view text, std::string_view subject = {});

} // namespace switchboard::channels::email

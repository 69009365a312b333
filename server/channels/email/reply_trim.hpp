#pragma once

#include <string>
#include <string_view>

namespace switchboard::channels::email {

/// The new words of a reply: without the quoted history, its attribution line, signature and "Sent from my …". Where it
/// is not clear that words are old they stay: forwarded mail, quotes between which somebody answers, a text that would
/// otherwise be empty. `subject` tells forwards from replies. Linear time.
std::string trim_reply(std::string_view text, std::string_view subject = {});

/// A text without the signature at its end: for one that goes on in another part of the mail.
std::string without_signature(std::string_view text);

} // namespace switchboard::channels::email

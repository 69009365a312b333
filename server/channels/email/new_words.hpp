#pragma once

#include "channels/email/body.hpp"

#include <string>

namespace switchboard::channels::email {

/// The new words of a mail, without the history that it quotes. A page whose program marks its quotes tells where they
/// begin when no line of the text does.
std::string new_words(const mail_body& body, const std::string& subject);

} // namespace switchboard::channels::email

#pragma once

#include <string_view>

namespace switchboard::channels::email {

/// "Automatic reply: …", "Out of Office: …" and their translations, as mail programs begin an absence's subject.
bool is_away_subject(std::string_view subject);

/// Whether these are the words of a desk that tells that a mail came, and nothing else.
bool is_acknowledgement(std::string_view words);

} // namespace switchboard::channels::email

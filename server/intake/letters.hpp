#pragma once

#include <switchboard/store/intake.hpp>

namespace switchboard::intake {

/// What is known of a mail that has just come.
store::known_letter letter_of(const inbound_contact& contact);

/// Whether two mails with one Message-ID are one letter: the same bytes, or written at one moment with the words of the
/// one in the other, since lists and relays add theirs. A file that only the later one brings makes it another letter,
/// or the file would be lost.
bool is_one_letter(const store::known_letter& earlier, const store::known_letter& later);

} // namespace switchboard::intake

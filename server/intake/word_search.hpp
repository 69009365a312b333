#pragma once

#include <string>
#include <string_view>

/// Words as rules look for them.
namespace switchboard::intake {

/// For comparing without regard to case: Unicode NFKC with case folding.
std::string fold(std::string_view text);

/// Whether `word` stands in `text` as a whole word. Both are folded.
bool has_word(std::string_view text, std::string_view word);

} // namespace switchboard::intake

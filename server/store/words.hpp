#pragma once

#include <string>
#include <string_view>

/// Words that somebody looks for, as parts of texts.
namespace switchboard::store {

/// For ILIKE: the words wherever they stand.
std::string like_pattern(std::string_view words);

/// For LIKE: the words at the beginning.
std::string like_beginning(std::string_view words);

/// Three letters or digits in a row: less is in no index of words (pg_trgm), and stands nearly everywhere.
bool can_be_looked_up(std::string_view words);

} // namespace switchboard::store

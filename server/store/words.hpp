#pragma once

#include "store/sql.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Words that somebody looks for, as parts of texts.
namespace switchboard::store {

/// For ILIKE: the words wherever they stand.
std::string like_pattern(std::string_view words);

/// For LIKE: the words at the beginning.
std::string like_beginning(std::string_view words);

/// Three letters or digits in a row: less is in no index of words (pg_trgm), and stands nearly everywhere.
bool can_be_looked_up(std::string_view words);

/// The ids that a statement finds by an index of words; nothing if they are so many that a list in any order soon meets
/// them. It is planned without a limit and read with one: with it the planner would count on meeting that many soon,
/// wherever it looks.
template <class... A>
std::optional<std::vector<std::int64_t>> all_if_few(pqxx::transaction_base& tx, std::string_view ids,
                                                    const A&... args) {
    constexpr std::size_t few = 10'000;
    auto found = values_of<std::int64_t>(query(
        tx, fmt::format("WITH found (id) AS MATERIALIZED ({}) SELECT id FROM found LIMIT {}", ids, few), args...));
    if (found.size() == few) return std::nullopt;
    return found;
}

} // namespace switchboard::store

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

/// A part of a text that somebody wants, in each spelling in which it may stand there, for ILIKE ANY.
using wanted_part = std::vector<std::string>;

/// What somebody looks for: every part somewhere, in any order; or else one of the tickets that he names.
struct wanted_words {
    std::vector<wanted_part> parts;
    std::vector<std::int64_t> numbers; // of tickets: "10131", "#10131", "Ticket #10131", "Re: … [#10131]"
};

/// Of what is typed or pasted: words between blanks, the first eight of them; or one telephone number, whose digits are
/// looked for without what people write between them and before them.
wanted_words read_words(std::string_view typed);

/// For ILIKE: the words wherever they stand.
std::string like_pattern(std::string_view words);
/// For ILIKE: the words and nothing else, in whatever case.
std::string like_whole(std::string_view words);

/// Three letters or digits in a row in each spelling: less is in no index of words (pg_trgm), and stands nearly
/// everywhere.
bool can_be_looked_up(const wanted_part& part);

/// Of what has all parts so far, what has this one, too.
void keep_common(std::optional<std::vector<std::int64_t>>& so_far, std::vector<std::int64_t> more);

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

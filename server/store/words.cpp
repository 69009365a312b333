#include "store/words.hpp"

#include <switchboard/util/text.hpp>

#include <algorithm>

namespace switchboard::store {
namespace {

constexpr std::size_t most_parts = 8;
constexpr std::size_t least_phone = 5, most_phone = 20; // digits

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// A row of digits that can be a ticket's number.
bool is_number(std::string_view text) {
    return !text.empty() && text.size() < 18 && std::ranges::all_of(text, is_digit);
}

/// Of "#10131" or "[#10131]" the digits; empty: it is neither.
std::string_view number_behind_hash(std::string_view word) {
    if (word.starts_with('[') && word.ends_with(']')) word = word.substr(1, word.size() - 2);
    if (!word.starts_with('#')) return {};
    word.remove_prefix(1);
    return is_number(word) ? word : std::string_view{};
}

/// The digits of "+44 (0)20 7946-0999", "0044 20 …" or "tel:020 …", without what stands for a country's own calls or
/// for calls abroad; empty: it is no telephone number.
std::string phone_digits(std::string_view typed) {
    if (lower_ascii(typed.substr(0, 4)) == "tel:") typed.remove_prefix(4);
    std::string out;
    for (std::size_t i = 0; i < typed.size(); ++i) {
        if (typed.substr(i, 3) == "(0)")
            i += 2;
        else if (is_digit(typed[i]))
            out += typed[i];
        else if (std::string_view{" +-()/."}.find(typed[i]) == std::string_view::npos)
            return {};
    }
    out.erase(0, std::min(out.find_first_not_of('0'), out.size()));
    return out.size() >= least_phone && out.size() <= most_phone ? out : std::string{};
}

std::vector<std::string_view> split_words(std::string_view typed) {
    std::vector<std::string_view> out;
    while (!(typed = trim(typed)).empty() && out.size() < most_parts) {
        const auto end = std::min(typed.find_first_of(" \t\r\n"), typed.size());
        out.push_back(typed.substr(0, end));
        typed.remove_prefix(end);
    }
    return out;
}

bool can_be_looked_up(std::string_view words) {
    int row = 0;
    for (const char c : words) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0) == 0x80) continue; // the rest of a letter
        const bool counts =
            byte >= 0x80 || (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
        row = counts ? row + 1 : 0;
        if (row == 3) return true;
    }
    return false;
}

} // namespace

wanted_words read_words(std::string_view typed) {
    typed = trim(typed);
    wanted_words out;
    if (is_number(typed)) out.numbers.push_back(std::stoll(std::string{typed}));
    if (auto digits = phone_digits(typed); !digits.empty()) {
        auto& part = out.parts.emplace_back();
        if (digits == typed || can_be_looked_up(typed)) part.push_back(like_pattern(typed));
        if (digits != typed) part.push_back(like_pattern(digits));
        return out;
    }
    const auto words = split_words(typed);
    for (const auto word : words)
        if (const auto number = number_behind_hash(word); !number.empty())
            out.numbers.push_back(std::stoll(std::string{number}));
    for (const auto word : words) {
        const bool only_names_it = words.size() <= 2 && !out.numbers.empty() &&
                                   (!number_behind_hash(word).empty() || lower_ascii(word) == "ticket");
        if (!only_names_it) out.parts.push_back({like_pattern(word)});
    }
    return out;
}

std::string like_whole(std::string_view words) {
    std::string out;
    for (const char c : words) {
        if (c == '%' || c == '_' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

std::string like_pattern(std::string_view words) {
    return "%" + like_whole(words) + "%";
}

void keep_common(std::optional<std::vector<std::int64_t>>& so_far, std::vector<std::int64_t> more) {
    std::ranges::sort(more);
    if (!so_far)
        so_far = std::move(more);
    else
        std::erase_if(*so_far, [&](auto id) { return !std::ranges::binary_search(more, id); });
}

bool can_be_looked_up(const wanted_part& part) {
    return std::ranges::all_of(part, [](const auto& spelling) { return can_be_looked_up(std::string_view{spelling}); });
}

} // namespace switchboard::store

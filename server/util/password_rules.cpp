#include "util/common_passwords.hpp"

#include <switchboard/util/login.hpp>
#include <switchboard/util/password_rules.hpp>

#include <algorithm>
#include <iterator>
#include <string>

namespace switchboard {
namespace {

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(std::ranges::count_if(utf8, [](char c) { return (c & '\xC0') != '\x80'; }));
}

/// "switchboard switchboard", "abcabcabcabc": nothing but one short word again and again, blanks or not.
bool is_repetition(std::string_view folded) {
    std::string words;
    std::ranges::copy_if(folded, std::back_inserter(words), [](char c) { return c != ' ' && c != '-' && c != '_'; });
    return words.empty() || (words + words).find(words, 1) < words.size();
}

/// "p@ssw0rdp@ssw0rd": the letters that digits and signs stand for.
std::string unmasked(std::string text) {
    constexpr std::string_view masks = "0134578@$!", letters = "oieastbasi";
    for (auto& c : text)
        if (const auto at = masks.find(c); at != masks.npos) c = letters[at];
    return text;
}

} // namespace

std::optional<std::string> password_fault(std::string_view password, std::string_view login) {
    const auto length = characters(password);
    if (length > longest_password) return "must have at most " + std::to_string(longest_password) + " characters";
    const auto folded = normal_login(password); // in whatever case: guessers try these too
    if (folded.empty()) return "must have characters that can be seen";
    // Folding drops what cannot be seen, and writes some letters as several.
    if (std::min(length, characters(folded)) < shortest_password)
        return "must have at least " + std::to_string(shortest_password) + " characters";
    if (folded == normal_login(login)) return "must not be the login";
    if (is_common_password(folded) || is_common_password(unmasked(folded)))
        return "is one of the first that are guessed: take another";
    if (is_repetition(folded)) return "must not be one word or character repeated";
    return std::nullopt;
}

} // namespace switchboard

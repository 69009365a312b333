#include "util/common_passwords.hpp"

#include <switchboard/util/login.hpp>
#include <switchboard/util/password_rules.hpp>

#include <algorithm>

namespace switchboard {
namespace {

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(std::ranges::count_if(utf8, [](char c) { return (c & '\xC0') != '\x80'; }));
}

} // namespace

std::optional<std::string> password_fault(std::string_view password, std::string_view login) {
    const auto length = characters(password);
    if (length < shortest_password) return "must have at least " + std::to_string(shortest_password) + " characters";
    if (length > longest_password) return "must have at most " + std::to_string(longest_password) + " characters";
    const auto folded = normal_login(password); // in whatever case: guessers try these too
    if (folded.empty()) return "must have characters that can be seen";
    if (folded == normal_login(login)) return "must not be the login";
    if (is_common_password(folded)) return "is one of the first that are guessed: take another";
    if (std::ranges::count(folded, folded.front()) == std::ssize(folded)) return "must not be one character repeated";
    return std::nullopt;
}

} // namespace switchboard

#include "web/mail_address.hpp"

#include <switchboard/util/text.hpp>

#include <algorithm>
#include <cctype>

namespace switchboard::web {
namespace {

constexpr std::size_t longest_path = 512; // RFC 5321 4.5.3.1.3 says 256; letters of SMTPUTF8 take more than one byte

bool has_control(std::string_view text) {
    return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

std::string upper(std::string_view text) {
    std::string out{text};
    for (auto& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return out;
}

/// Where the path ends: behind the bracket that closes it, which a quoted local part may hold too.
std::size_t end_of_brackets(std::string_view text) {
    bool quoted = false;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (quoted && text[i] == '\\')
            ++i;
        else if (text[i] == '"')
            quoted = !quoted;
        else if (text[i] == '>' && !quoted)
            return i + 1;
    }
    return std::string_view::npos;
}

/// "@relay,@other:somebody@here" is somebody@here: routes are history (RFC 5321 appendix C).
std::string_view without_route(std::string_view address) {
    if (!address.starts_with('@')) return address;
    const auto colon = address.find(':');
    return colon == address.npos ? address : address.substr(colon + 1);
}

} // namespace

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](unsigned char c) { return c < 0x80; });
}

std::optional<mail_path> read_path(std::string_view text) {
    text = trim(text);
    if (text.empty() || has_control(text)) return std::nullopt;
    mail_path out;
    std::size_t end = 0;
    if (text.front() == '<') {
        end = end_of_brackets(text);
        if (end == text.npos) return std::nullopt;
        out.address = without_route(trim(text.substr(1, end - 2)));
    } else {
        end = std::min(text.find(' '), text.size());
        out.address = without_route(text.substr(0, end));
        if (out.address.empty() || out.address.find_first_of("<>") != std::string::npos) return std::nullopt;
    }
    if (out.address.size() > longest_path || out.address.starts_with('@')) return std::nullopt;
    if (out.address.contains(' ') && !out.address.contains('"')) return std::nullopt;
    auto rest = text.substr(end);
    if (!rest.empty() && rest.front() != ' ') return std::nullopt;
    while (!(rest = trim(rest)).empty()) {
        const auto word = rest.substr(0, rest.find(' '));
        const auto equals = std::min(word.find('='), word.size());
        out.parameters.emplace_back(upper(word.substr(0, equals)), word.substr(std::min(equals + 1, word.size())));
        rest.remove_prefix(word.size());
    }
    return out;
}

} // namespace switchboard::web

#include <switchboard/util/one_line.hpp>

#include <switchboard/util/text.hpp>

#include <algorithm>

namespace switchboard {
namespace {

/// How many bytes of valid UTF-8 are a control character or a separator of lines there; 0 = another character.
std::size_t control_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    const auto first = byte(at);
    if (first < 0x20 || first == 0x7F) return 1;
    if (first == 0xC2 && byte(at + 1) >= 0x80 && byte(at + 1) < 0xA0) return 2;
    if (first == 0xE2 && byte(at + 1) == 0x80 && (byte(at + 2) == 0xA8 || byte(at + 2) == 0xA9)) return 3;
    return 0;
}

/// The same for a control of the direction of writing.
std::size_t direction_control_at(std::string_view text, std::size_t at) {
    const auto rest = text.substr(at);
    if (rest.starts_with("\u061C")) return 2;
    if (rest.size() < 3 || !rest.starts_with('\xE2')) return 0;
    const auto second = static_cast<unsigned char>(rest[1]), third = static_cast<unsigned char>(rest[2]);
    const bool marks = second == 0x80 && (third == 0x8E || third == 0x8F || (third >= 0xAA && third <= 0xAE));
    const bool isolates = second == 0x81 && third >= 0xA6 && third <= 0xA9;
    return marks || isolates ? 3 : 0;
}

} // namespace

std::string one_line(std::string_view text) {
    const std::string clean = clean_utf8(text);
    std::string out;
    out.reserve(clean.size());
    for (std::size_t at = 0; at < clean.size();) {
        const auto control = control_at(clean, at);
        if (control == 0) {
            out += clean[at++];
            continue;
        }
        if (!out.ends_with(' ')) out += ' ';
        at += control;
        while (at < clean.size() && clean[at] == ' ') ++at; // a folded line goes on behind blanks
    }
    return std::string{trim(out)};
}

std::string plain_name(std::string_view text) {
    const auto line = one_line(text);
    std::string out;
    out.reserve(line.size());
    for (std::size_t at = 0; at < line.size();) {
        if (const auto control = direction_control_at(line, at); control > 0)
            at += control;
        else
            out += line[at++];
    }
    return std::string{trim(out)};
}

std::string plain_file_name(std::string_view text, std::size_t max_bytes) {
    constexpr std::size_t longest_ending = 20;
    auto name = plain_name(text);
    const auto [first, last] = std::ranges::unique(name, [](char a, char b) { return a == ' ' && b == ' '; });
    name.erase(first, last);
    if (name.size() <= max_bytes) return name;
    const auto dot = name.rfind('.');
    const auto ending =
        dot != std::string::npos && name.size() - dot <= longest_ending ? name.substr(dot) : std::string{};
    return std::string{truncate_utf8(name, max_bytes - ending.size())} + ending;
}

} // namespace switchboard

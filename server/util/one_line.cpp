#include <switchboard/util/one_line.hpp>

#include <switchboard/util/text.hpp>

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

} // namespace switchboard

#include <switchboard/util/text.hpp>

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace switchboard {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD"; // U+FFFD

unsigned byte_at(std::string_view s, std::size_t i) {
    return static_cast<unsigned char>(s[i]);
}

/// How many bytes from `from` on are ASCII without NUL; eight at a time, since almost all text is.
std::size_t plain_run(std::string_view s, std::size_t from) {
    constexpr std::uint64_t ones = 0x0101010101010101U, highs = 0x8080808080808080U;
    auto i = from;
    for (; i + 8 <= s.size(); i += 8) {
        std::uint64_t word;
        std::memcpy(&word, s.data() + i, 8);
        if (((word | (word - ones)) & highs) != 0) break; // a high bit, or a zero byte that borrows one
    }
    while (i < s.size() && byte_at(s, i) - 1U < 0x7FU) ++i;
    return i - from;
}

struct sequence {
    std::size_t length; // bytes to consume, at least 1
    enum { good, broken, surrogate } kind;
};

/// The sequence that begins with a byte of 0x80 or more. A broken one ends before the first byte that cannot
/// continue it (Unicode 15, table 3-7), so that what follows is not swallowed.
sequence read_sequence(std::string_view s, std::size_t i) {
    const auto first = byte_at(s, i);
    unsigned low = 0x80, high = 0xBF;
    std::size_t length = 0;
    if (first >= 0xC2 && first <= 0xDF)
        length = 2;
    else if (first >= 0xE0 && first <= 0xEF)
        length = 3;
    else if (first >= 0xF0 && first <= 0xF4)
        length = 4;
    else
        return {1, sequence::broken};

    if (first == 0xE0) low = 0xA0;
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;
    for (std::size_t k = 1; k < length; ++k, low = 0x80, high = 0xBF)
        if (i + k >= s.size() || byte_at(s, i + k) < low || byte_at(s, i + k) > high) return {k, sequence::broken};

    if (first == 0xED && byte_at(s, i + 1) >= 0xA0) return {3, sequence::surrogate};
    return {length, sequence::good};
}

bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

} // namespace

std::string clean_utf8(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    std::size_t copied = 0, i = 0;
    const auto flush = [&] { out.append(bytes.substr(copied, i - copied)); };
    while ((i += plain_run(bytes, i)) < bytes.size()) {
        if (bytes[i] == '\0') {
            flush();
            copied = ++i;
            continue;
        }
        const auto [length, kind] = read_sequence(bytes, i);
        if (kind != sequence::good) {
            flush();
            if (kind == sequence::broken) out += replacement;
            copied = i + length;
        }
        i += length;
    }
    flush();
    return out;
}

std::string_view truncate_utf8(std::string_view text, std::size_t max_bytes) {
    if (text.size() <= max_bytes) return text;
    auto end = max_bytes;
    while (end > 0 && (byte_at(text, end) & 0xC0U) == 0x80U) --end;
    return text.substr(0, end);
}

std::string lower_ascii(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

std::string_view take_line(std::string_view& rest) {
    const auto end = rest.find('\n');
    auto line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

std::string lower_utf8(std::string_view text) {
    std::string out;
    icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())})
        .toLower(icu::Locale::getRoot())
        .toUTF8String(out);
    return out;
}

} // namespace switchboard

#include "intake/word_search.hpp"

#include <switchboard/util/text.hpp>

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>

namespace switchboard::intake {
namespace {

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

UChar32 before(std::string_view text, std::size_t at) {
    if (at == 0) return U' ';
    auto i = static_cast<std::int32_t>(at);
    UChar32 c = 0;
    U8_PREV(text.data(), 0, i, c);
    return c;
}

UChar32 after(std::string_view text, std::size_t at) {
    if (at >= text.size()) return U' ';
    auto i = static_cast<std::int32_t>(at);
    const auto length = static_cast<std::int32_t>(text.size());
    UChar32 c = 0;
    U8_NEXT(text.data(), i, length, c);
    return c;
}

bool is_word_character(UChar32 c) {
    return c >= 0 && (u_isalnum(c) || c == '_' || u_charType(c) == U_NON_SPACING_MARK);
}

/// Scripts that put no spaces between words: there every place is an edge.
bool is_unspaced(UChar32 c) {
    UErrorCode error = U_ZERO_ERROR;
    switch (uscript_getScript(c, &error)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR:
        return true;
    default:
        return false;
    }
}

bool is_edge(UChar32 inside, UChar32 outside) {
    return !is_word_character(outside) || !is_word_character(inside) || is_unspaced(inside);
}

} // namespace

std::string fold(std::string_view text) {
    if (is_ascii(text)) return lower_ascii(text);
    UErrorCode error = U_ZERO_ERROR;
    static const icu::Normalizer2* const folding = [] {
        UErrorCode e = U_ZERO_ERROR;
        return icu::Normalizer2::getNFKCCasefoldInstance(e);
    }();
    if (folding == nullptr) throw std::runtime_error{"ICU lacks its case folding data"};
    std::string out;
    icu::StringByteSink<std::string> sink{&out, static_cast<std::int32_t>(text.size())};
    folding->normalizeUTF8(0, {text.data(), static_cast<std::int32_t>(text.size())}, sink, nullptr, error);
    if (U_FAILURE(error)) throw std::runtime_error{u_errorName(error)};
    return out;
}

bool has_word(std::string_view text, std::string_view word) {
    if (word.empty()) return false;
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        const auto end = at + word.size();
        if (is_edge(after(text, at), before(text, at)) && is_edge(before(text, end), after(text, end))) return true;
    }
    return false;
}

} // namespace switchboard::intake

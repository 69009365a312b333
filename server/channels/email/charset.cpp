#include "channels/email/charset.hpp"

#include <switchboard/util/text.hpp>

#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

namespace switchboard::channels::email {
namespace {

struct alias {
    std::string_view label;
    const char* converter;
};

// What senders mean by a label is often a superset of what it says (WHATWG Encoding, RFC 1842 practice).
constexpr std::array aliases{
    alias{"utf8", "UTF-8"},
    alias{"utf-8-sig", "UTF-8"},
    alias{"unicode-1-1-utf-8", "UTF-8"},
    alias{"gb2312", "gb18030"},
    alias{"gb_2312-80", "gb18030"},
    alias{"gbk", "gb18030"},
    alias{"x-gbk", "gb18030"},
    alias{"cp936", "gb18030"},
    alias{"euc-cn", "gb18030"},
    alias{"chinesebig5", "windows-950"},
    alias{"ks_c_5601-1987", "windows-949"},
    alias{"ks_c_5601", "windows-949"},
    alias{"ksc5601", "windows-949"},
    alias{"euc-kr", "windows-949"},
    alias{"cp949", "windows-949"},
    alias{"shift-jis", "Shift_JIS"},
    alias{"x-sjis", "Shift_JIS"},
    alias{"cp932", "Shift_JIS"},
    alias{"iso-8859-1", "windows-1252"},
    alias{"iso8859-1", "windows-1252"},
    alias{"iso_8859-1", "windows-1252"},
    alias{"latin1", "windows-1252"},
    alias{"latin-1", "windows-1252"},
    alias{"ansi", "windows-1252"},
    alias{"cp1252", "windows-1252"},
    alias{"windows1252", "windows-1252"},
    alias{"iso-8859-9", "windows-1254"},
    alias{"iso-8859-11", "windows-874"},
    alias{"iso-8859-8-i", "iso-8859-8"},
    alias{"unicode-1-1-utf-7", "UTF-7"},
    alias{"x-unicode-2-0-utf-7", "UTF-7"},
    alias{"macintosh", "macintosh"},
    alias{"x-mac-roman", "macintosh"},
};

// Labels that say nothing about the bytes.
constexpr std::array<std::string_view, 9> empty_labels{
    "", "us-ascii", "ascii", "unknown-8bit", "x-unknown", "unknown", "default", "x-user-defined", "ansi_x3.4-1968"};

struct converter_close {
    void operator()(UConverter* converter) const noexcept { ucnv_close(converter); }
};
using converter_ptr = std::unique_ptr<UConverter, converter_close>;

converter_ptr open_converter(const std::string& label) {
    if (label.size() > 60) return nullptr;
    const auto found = std::ranges::find(aliases, label, &alias::label);
    UErrorCode error = U_ZERO_ERROR;
    converter_ptr converter{ucnv_open(found == aliases.end() ? label.c_str() : found->converter, &error)};
    return U_FAILURE(error) ? nullptr : std::move(converter);
}

std::string convert(UConverter& converter, std::string_view bytes) {
    std::string out;
    const auto high = static_cast<std::size_t>(std::ranges::count_if(bytes, [](char c) { return (c & 0x80) != 0; }));
    out.reserve(bytes.size() + (ucnv_getMaxCharSize(&converter) == 1 ? high + high / 16 : bytes.size() / 2) + 16);
    const char* source = bytes.data();
    const char* const end = source + bytes.size();
    std::array<UChar, 4096> wide;
    std::array<char, 3 * 4096 + 4> narrow;
    std::size_t carried = 0; // a high surrogate at the end of one block waits for its other half
    for (bool more = true; more;) {
        UChar* target = wide.data() + carried;
        UErrorCode error = U_ZERO_ERROR;
        ucnv_toUnicode(&converter, &target, wide.data() + wide.size(), &source, end, nullptr, true, &error);
        more = error == U_BUFFER_OVERFLOW_ERROR;
        auto length = target - wide.data();
        carried = more && length > 1 && U16_IS_LEAD(wide[static_cast<std::size_t>(length - 1)]) ? 1 : 0;
        const UChar lead = carried ? wide[static_cast<std::size_t>(length - 1)] : UChar{0};
        length -= static_cast<std::ptrdiff_t>(carried);
        std::int32_t written = 0;
        error = U_ZERO_ERROR;
        u_strToUTF8WithSub(narrow.data(), static_cast<std::int32_t>(narrow.size()), &written, wide.data(),
                           static_cast<std::int32_t>(length), 0xFFFD, nullptr, &error);
        if (U_FAILURE(error)) break;
        out.append(narrow.data(), static_cast<std::size_t>(written));
        if (carried) wide[0] = lead;
    }
    // Valid by its making: only NUL may have to go.
    if (out.contains('\0')) return clean_utf8(out);
    return out;
}

struct utf8_census {
    std::size_t multibyte = 0;
    std::size_t broken = 0;
};

utf8_census count_utf8(std::string_view bytes) {
    utf8_census census;
    const auto length = static_cast<std::int64_t>(bytes.size());
    for (std::int64_t i = 0; i < length;) {
        if ((bytes[static_cast<std::size_t>(i)] & 0x80) == 0) {
            ++i;
            continue;
        }
        UChar32 c = 0;
        U8_NEXT(bytes.data(), i, length, c);
        ++(c < 0 ? census.broken : census.multibyte);
    }
    return census;
}

/// Eight bytes at a time: most text of most mail is.
bool is_ascii(std::string_view bytes) {
    constexpr std::uint64_t high_bits = 0x8080808080808080;
    std::size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, bytes.data() + at, 8);
        if (eight & high_bits) return false;
    }
    return std::ranges::none_of(bytes.substr(at), [](char c) { return (c & 0x80) != 0; });
}

// Charsets of seven bits; 8-bit bytes under such a label mean that the label is wrong.
bool is_seven_bit_charset(std::string_view label) {
    return label.contains("utf-7") || label.starts_with("iso-2022-") || label.starts_with("hz");
}

std::string detected_charset(std::string_view bytes) {
    // Few bytes say little: a lone accent must not become a Chinese character.
    const auto high = std::ranges::count_if(bytes.substr(0, 32768), [](char c) { return (c & 0x80) != 0; });
    const std::int32_t enough = high < 12 ? 60 : high < 40 ? 35 : 20;
    std::string name;
    UErrorCode error = U_ZERO_ERROR;
    if (UCharsetDetector* detector = ucsdet_open(&error); U_SUCCESS(error)) {
        const auto sample = bytes.substr(0, 32768);
        ucsdet_setText(detector, sample.data(), static_cast<std::int32_t>(sample.size()), &error);
        const UCharsetMatch* match = U_SUCCESS(error) ? ucsdet_detect(detector, &error) : nullptr;
        // UTF-16 and UTF-32 never come unlabelled in mail.
        if (U_SUCCESS(error) && match && ucsdet_getConfidence(match, &error) >= enough) {
            name = lower_ascii(ucsdet_getName(match, &error));
            if (name.starts_with("utf-16") || name.starts_with("utf-32")) name.clear();
        }
        ucsdet_close(detector);
    }
    return name;
}

/// Whether every byte means something in this charset.
bool is_valid_in(const char* label, std::string_view bytes) {
    UErrorCode error = U_ZERO_ERROR;
    const converter_ptr converter{ucnv_open(label, &error)};
    if (U_FAILURE(error)) return false;
    ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &error);
    std::array<UChar, 4096> wide;
    const char* source = bytes.data();
    const char* const end = source + bytes.size();
    do {
        UChar* target = wide.data();
        error = U_ZERO_ERROR;
        ucnv_toUnicode(converter.get(), &target, wide.data() + wide.size(), &source, end, nullptr, true, &error);
    } while (error == U_BUFFER_OVERFLOW_ERROR);
    return U_SUCCESS(error);
}

/// The charset of eight bits in which a language is written whose charset of seven bits a text is labelled with
/// wrongly.
const char* eight_bit_kin(std::string_view seven_bit_label, std::string_view bytes) {
    if (seven_bit_label.starts_with("iso-2022-jp")) {
        const bool sjis = is_valid_in("Shift_JIS", bytes), euc = is_valid_in("EUC-JP", bytes);
        if (sjis && euc) { // a run of half-width letters is what EUC looks like in Shift_JIS
            const auto half = std::ranges::count_if(bytes, [](char c) {
                return static_cast<unsigned char>(c) >= 0xA1 && static_cast<unsigned char>(c) <= 0xDF;
            });
            return half * 2 > static_cast<std::ptrdiff_t>(bytes.size()) ? "EUC-JP" : "Shift_JIS";
        }
        return sjis ? "Shift_JIS" : euc ? "EUC-JP" : nullptr;
    }
    if (seven_bit_label.starts_with("iso-2022-kr")) return is_valid_in("windows-949", bytes) ? "windows-949" : nullptr;
    if (seven_bit_label.starts_with("hz") || seven_bit_label.starts_with("iso-2022-cn"))
        return is_valid_in("gb18030", bytes) ? "gb18030" : nullptr;
    return nullptr;
}

std::string detected(std::string_view bytes) {
    const auto name = detected_charset(bytes);
    auto converter = open_converter(name.empty() ? "windows-1252" : name);
    return converter ? convert(*converter, bytes) : clean_utf8(bytes);
}

/// Text that is labelled Latin 1 and nearly all of whose letters are beyond ASCII is of another alphabet: the label is
/// what the program says of everything. Western words have few accents.
bool is_hardly_latin(std::string_view bytes) {
    const auto sample = bytes.substr(0, 8192);
    const auto high = std::ranges::count_if(sample, [](char c) { return static_cast<unsigned char>(c) >= 0xC0; });
    const auto plain =
        std::ranges::count_if(sample, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
    return high >= 12 && high > plain;
}

} // namespace

bool is_utf8(std::string_view bytes) {
    return is_ascii(bytes) || count_utf8(bytes).broken == 0;
}

bool is_charset(std::string_view label) {
    return open_converter(lower_ascii(trim(label))) != nullptr;
}

std::string to_utf8(std::string_view bytes, std::string_view label) {
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    std::string wanted = lower_ascii(trim(label));
    std::erase_if(wanted, [](char c) { return c == '"' || c == '\'' || c == ' '; });
    const bool seven_bit = is_ascii(bytes);
    const bool says_nothing = std::ranges::find(empty_labels, wanted) != empty_labels.end();

    // Plain ASCII is the same in nearly every charset, whatever the label.
    if (seven_bit && (says_nothing || wanted == "utf-8" || wanted == "utf8" || wanted.starts_with("iso-8859-") ||
                      wanted.starts_with("windows-125")))
        return clean_utf8(bytes);
    if (says_nothing) {
        if (is_utf8(bytes)) return clean_utf8(bytes);
        return detected(bytes);
    }
    auto converter = !seven_bit && is_seven_bit_charset(wanted) ? nullptr : open_converter(wanted);
    if (!converter && !is_utf8(bytes))
        if (const char* kin = eight_bit_kin(wanted, bytes)) converter = open_converter(kin);
    if (!converter) return is_utf8(bytes) ? clean_utf8(bytes) : detected(bytes);

    UErrorCode error = U_ZERO_ERROR;
    const UConverterType type = ucnv_getType(converter.get());
    const bool single_byte = ucnv_getMaxCharSize(converter.get()) == 1;
    if (type == UCNV_UTF8) {
        const auto census = count_utf8(bytes);
        return census.broken <= census.multibyte ? clean_utf8(bytes) : detected(bytes);
    }
    // Valid multibyte UTF-8 does not happen by chance in a single-byte charset: the label is wrong.
    if (single_byte && !seven_bit) {
        const auto census = count_utf8(bytes);
        if (census.broken == 0 && census.multibyte > 0) return clean_utf8(bytes);
        const bool western =
            wanted == "iso-8859-1" || wanted == "windows-1252" || wanted == "latin1" || wanted == "iso-8859-15";
        if (western && is_hardly_latin(bytes)) return detected(bytes);
    }
    ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_SUBSTITUTE, nullptr, nullptr, nullptr, &error);
    return convert(*converter, bytes);
}

std::string to_utf8(std::string&& bytes, std::string_view label) {
    const std::string wanted = lower_ascii(trim(label));
    const bool plain = wanted.empty() || wanted == "utf-8" || wanted == "utf8" || wanted == "us-ascii";
    const bool same = (plain && is_utf8(bytes)) ||
                      ((wanted.starts_with("iso-8859-") || wanted.starts_with("windows-125")) && is_ascii(bytes));
    if (same && !bytes.contains('\0') && !bytes.starts_with("\xEF\xBB\xBF")) return std::move(bytes);
    return to_utf8(std::string_view(bytes), label);
}

} // namespace switchboard::channels::email

#include "channels/email/language.hpp"

#include <switchboard/util/text.hpp>

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include <algorithm>
#include <array>

namespace switchboard::channels::email {

namespace {

constexpr std::size_t enough_text = 256; // more tells no more and costs as much as the rest of the mail
constexpr int clear_share = 60;          // of the text, in per cent
constexpr int fewest_bytes = 24;         // of words

/// "de-AT, en" -> "de-AT"
std::string tag_in(std::string_view field) {
    const auto tag = trim(field.substr(0, field.find_first_of(",;")));
    const bool valid =
        tag.size() >= 2 && tag.size() <= 35 && std::ranges::all_of(tag, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
        });
    return valid ? std::string(tag) : std::string();
}

std::string_view modern(std::string_view code) {
    if (code == "iw") return "he";
    if (code == "jw") return "jv";
    return code;
}

} // namespace

std::string language_of(std::string_view text, std::string_view hint) {
    const auto sample = truncate_utf8(text, enough_text);
    std::string claimed = tag_in(hint);
    const CLD2::CLDHints hints{claimed.empty() ? nullptr : claimed.c_str(), nullptr, CLD2::UNKNOWN_ENCODING,
                               CLD2::UNKNOWN_LANGUAGE};
    std::array<CLD2::Language, 3> languages{};
    std::array<int, 3> shares{};
    std::array<double, 3> scores{};
    int bytes = 0, checked = 0;
    bool reliable = false;
    CLD2::ExtDetectLanguageSummaryCheckUTF8(sample.data(), static_cast<int>(sample.size()), true, &hints, 0,
                                            languages.data(), shares.data(), scores.data(), nullptr, &bytes, &reliable,
                                            &checked);
    if (!reliable || languages[0] == CLD2::UNKNOWN_LANGUAGE || shares[0] < clear_share || bytes < fewest_bytes)
        return claimed;
    const std::string found(modern(CLD2::LanguageCode(languages[0])));
    // What the sender says may be finer: Austrian German is German.
    return claimed.starts_with(found + "-") ? claimed : found;
}

} // namespace switchboard::channels::email

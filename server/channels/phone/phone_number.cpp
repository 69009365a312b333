#include <switchboard/channels/phone_number.hpp>

#include <switchboard/util/text.hpp>

#include "channels/form.hpp"

#include <phonenumbers/phonenumberutil.h>

#include <algorithm>
#include <array>
#include <set>

namespace switchboard::channels {

namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

constexpr std::size_t longest_dialed = 64;
// A national number this short is far more often somebody's extension.
constexpr std::size_t shortest_national = 7;
// From this length on a number without any prefix may be E.164 that lost its plus on a trunk.
constexpr std::size_t shortest_bare_international = 11;

/// The user part of a tel: or sip: URI, with or without a name before it; other text as it is.
std::string user_part(std::string_view dialed) {
    if (const auto open = dialed.find('<'), close = dialed.find('>', open); close != std::string_view::npos)
        dialed = dialed.substr(open + 1, close - open - 1);
    std::string text(trim(dialed));
    const auto scheme_end = text.find(':');
    if (scheme_end != std::string::npos) {
        const auto scheme = lower_ascii(text.substr(0, scheme_end));
        if (scheme == "tel" || scheme == "sip" || scheme == "sips" || scheme == "fax") text.erase(0, scheme_end + 1);
    }
    text = text.substr(0, text.find_first_of("@;"));
    return url_decode(text, plus_sign::stays);
}

bool is_number_like(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return is_digit(c) || static_cast<unsigned char>(c) >= 0x80 || std::string_view("+ -.()/\t").contains(c);
    });
}

/// National numbers of this region can be shorter than an extension is long (Saint Helena, Greenland, …).
bool has_short_numbers(const std::string& region) {
    PhoneNumber example;
    const auto& util = *PhoneNumberUtil::GetInstance();
    if (!util.GetExampleNumber(region, &example)) return false;
    std::string national;
    util.GetNationalSignificantNumber(example, &national);
    return national.size() < shortest_national;
}

std::optional<std::string> international(const std::string& number) {
    const auto& util = *PhoneNumberUtil::GetInstance();
    PhoneNumber parsed;
    if (util.Parse(number, "ZZ", &parsed) != PhoneNumberUtil::NO_PARSING_ERROR) return std::nullopt;
    if (util.IsPossibleNumberWithReason(parsed) != PhoneNumberUtil::IS_POSSIBLE) return std::nullopt;
    std::string e164;
    util.Format(parsed, PhoneNumberUtil::E164, &e164);
    return e164;
}

std::optional<std::string> national(const std::string& number, const std::string& region, bool must_be_valid) {
    const auto& util = *PhoneNumberUtil::GetInstance();
    PhoneNumber parsed;
    if (util.Parse(number, region, &parsed) != PhoneNumberUtil::NO_PARSING_ERROR) return std::nullopt;
    const bool fits = must_be_valid ? util.IsValidNumber(parsed)
                                    : util.IsPossibleNumberWithReason(parsed) == PhoneNumberUtil::IS_POSSIBLE;
    if (!fits) return std::nullopt;
    std::string e164;
    util.Format(parsed, PhoneNumberUtil::E164, &e164);
    return e164;
}

/// What switches of many countries write instead of a number, folded.
constexpr std::array<std::string_view, 69> withheld_words{
    "anonymous",
    "anonymous.invalid",
    "anonymous caller",
    "anonym",
    "anonymer anrufer",
    "anonyme",
    "anonimo",
    "anônimo",
    "anónimo",
    "anoniem",
    "anonymní",
    "anonimowy",
    "asterisk",
    "blocked",
    "blocked number",
    "caller id blocked",
    "withheld",
    "number withheld",
    "withheld number",
    "no number",
    "no caller id",
    "no callerid",
    "unknown",
    "unknown number",
    "unknown caller",
    "unknown name",
    "unbekannt",
    "unbekannte nummer",
    "inconnu",
    "numéro inconnu",
    "desconocido",
    "número desconocido",
    "desconhecido",
    "sconosciuto",
    "onbekend",
    "ukendt",
    "okänt nummer",
    "private",
    "private number",
    "private caller",
    "private call",
    "privat",
    "private nummer",
    "privé",
    "numéro privé",
    "appel privé",
    "privado",
    "número privado",
    "privato",
    "numero privato",
    "restricted",
    "restricted number",
    "unavailable",
    "not available",
    "number unavailable",
    "out of area",
    "unassigned",
    "unterdrückt",
    "unterdrueckt",
    "rufnummer unterdrückt",
    "nummer unterdrückt",
    "masqué",
    "numéro masqué",
    "oculto",
    "número oculto",
    "nascosto",
    "afgeschermd",
    "skjult",
    "非通知",
};

/// Trimmed, without brackets and quotes around it, in lower case; "_" and "-" between words are spaces.
std::string folded(std::string_view text) {
    const auto is_frame = [](char c) { return std::string_view("<>()[]\"'").contains(c); };
    text = trim(text);
    while (!text.empty() && is_frame(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_frame(text.back())) text.remove_suffix(1);
    auto out = lower_utf8(text);
    if (!std::ranges::any_of(out, is_digit))
        std::ranges::replace_if(out, [](char c) { return c == '_' || c == '-'; }, ' ');
    return std::string(trim(out));
}

/// The digits with which a word is written on a telephone's keys; "" for one with other letters or spaces.
constexpr std::string keys_of(std::string_view word) {
    constexpr std::string_view keys = "22233344455566677778889999";
    std::string out;
    for (const char c : word) {
        if (c < 'a' || c > 'z') return "";
        out += keys[static_cast<std::size_t>(c - 'a')];
    }
    return out;
}

bool spells_withheld_word(std::string_view digits) {
    constexpr std::size_t shortest_word = 7; // "private", "unknown", "blocked"
    if (digits == "7378742883") return true; // "restricted", as carriers misspell it
    return digits.size() >= shortest_word &&
           std::ranges::any_of(withheld_words, [&](std::string_view word) { return keys_of(word) == digits; });
}

/// 0, 0000000000, +1 000 000 0000.
bool is_all_zero(const std::string& text, const std::string& digits) {
    if (digits.find_first_not_of('0') == std::string::npos) return true;
    if (!text.starts_with('+') || !digits.ends_with("0000000")) return false;
    PhoneNumber parsed;
    return PhoneNumberUtil::GetInstance()->Parse(text, "ZZ", &parsed) == PhoneNumberUtil::NO_PARSING_ERROR &&
           parsed.national_number() == 0;
}

} // namespace

bool is_withheld_number(std::string_view dialed) {
    const auto text = folded(user_part(dialed));
    if (text.empty() || std::ranges::find(withheld_words, text) != withheld_words.end()) return true;
    if (!is_number_like(text)) return false;
    std::string digits;
    std::ranges::copy_if(text, std::back_inserter(digits), is_digit);
    // Bare, those that are no number of any country; the others only as E.164, where they are none either.
    if (digits == "266696687" || digits == "86282452253") return true;
    if (text.starts_with('+') && spells_withheld_word(digits)) return true;
    return !digits.empty() && is_all_zero(text, digits);
}

bool is_assigned_number(std::string_view e164) {
    const auto& util = *PhoneNumberUtil::GetInstance();
    PhoneNumber parsed;
    return util.Parse(std::string{e164}, "ZZ", &parsed) == PhoneNumberUtil::NO_PARSING_ERROR &&
           util.IsValidNumber(parsed);
}

bool is_phone_country(std::string_view country) {
    static const auto regions = [] {
        std::set<std::string> all;
        PhoneNumberUtil::GetInstance()->GetSupportedRegions(&all);
        return all;
    }();
    return regions.contains(std::string(country));
}

std::optional<std::string> to_e164(std::string_view dialed, std::string_view default_country) {
    if (dialed.size() > longest_dialed || is_withheld_number(dialed)) return std::nullopt;
    const auto number = clean_utf8(trim(user_part(dialed)));
    if (!is_number_like(number)) return std::nullopt;
    std::string digits;
    std::ranges::copy_if(number, std::back_inserter(digits), is_digit);
    const bool wide = std::ranges::any_of(number, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    if (number.starts_with('+')) return international(number);

    const std::string region(default_country);
    if (is_phone_country(region) &&
        (wide || digits.size() >= shortest_national || (digits.size() > 3 && has_short_numbers(region)))) {
        if (auto e164 = national(number, region, true)) return e164;
    }
    if (digits.starts_with("00")) return international("+" + digits.substr(2));
    if (digits.starts_with("011")) {
        if (auto e164 = international("+" + digits.substr(3))) return e164;
    }
    if (!is_phone_country(region) || digits.size() < shortest_national) return std::nullopt;
    if (digits.size() >= shortest_bare_international && !digits.starts_with('0')) {
        if (auto e164 = national("+" + digits, "ZZ", true)) return e164;
    }
    // Not assigned by the numbering plan, and yet somebody called from it.
    return national(number, region, false);
}

} // namespace switchboard::channels

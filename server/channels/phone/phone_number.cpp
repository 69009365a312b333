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

/// The user part of a tel: or sip: URI; other text as it is.
std::string user_part(std::string_view dialed) {
    std::string text(trim(dialed));
    const auto scheme_end = text.find(':');
    if (scheme_end != std::string::npos) {
        const auto scheme = lower_ascii(text.substr(0, scheme_end));
        if (scheme == "tel" || scheme == "sip" || scheme == "sips" || scheme == "fax") text.erase(0, scheme_end + 1);
    }
    text = text.substr(0, text.find_first_of("@;"));
    return url_decode(text, plus_sign::stays);
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
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

} // namespace

bool is_withheld_number(std::string_view dialed) {
    static constexpr std::array words{"",           "anonymous",        "unknown",         "restricted",
                                      "withheld",   "private",          "blocked",         "unavailable",
                                      "asterisk",   "no number",        "number withheld", "266696687",
                                      "+266696687", "anonymous.invalid"}; // 266696687 spells "anonymous"
    const auto text = lower_ascii(trim(user_part(dialed)));
    return std::ranges::find(words, text) != words.end();
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

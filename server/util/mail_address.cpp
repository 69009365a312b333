#include <switchboard/util/mail_address.hpp>

#include <switchboard/util/text.hpp>

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>
#include <unicode/uspoof.h>

#include <algorithm>
#include <memory>

namespace switchboard {
namespace {

bool is_plain_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Whether folding away what cannot be seen or has a plainer form leaves it as it is.
bool is_plain_form(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    const auto* folding = icu::Normalizer2::getNFKCCasefoldInstance(status);
    const auto given = icu::UnicodeString::fromUTF8({text.data(), static_cast<int32_t>(text.size())});
    if (U_FAILURE(status) || given.indexOf(char16_t{0x3002}) >= 0) return false; // U+3002 counts as a dot in domains
    auto folded = folding->normalize(given, status);
    auto lower = given;
    return U_SUCCESS(status) && folded == lower.foldCase();
}

bool is_of_one_script(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<USpoofChecker, void (*)(USpoofChecker*)> checker{uspoof_open(&status), uspoof_close};
    if (U_FAILURE(status)) return false;
    uspoof_setRestrictionLevel(checker.get(), USPOOF_HIGHLY_RESTRICTIVE);
    uspoof_setChecks(checker.get(), USPOOF_RESTRICTION_LEVEL | USPOOF_INVISIBLE, &status);
    const auto found =
        uspoof_check2UTF8(checker.get(), text.data(), static_cast<int32_t>(text.size()), nullptr, &status);
    return U_SUCCESS(status) && found == 0;
}

} // namespace

bool is_mail_address(std::string_view text) {
    const auto at = text.find('@');
    if (at == text.npos || at == 0 || at + 1 == text.size() || text.find('@', at + 1) != text.npos) return false;
    return std::ranges::none_of(text, [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || std::string_view{"<>,;\"\x7f"}.contains(c);
    });
}

std::string_view domain_part(std::string_view address) {
    const auto at = address.rfind('@');
    return at == address.npos ? std::string_view{"@localhost"} : address.substr(at);
}

bool is_plain_mail_address(std::string_view text) {
    if (!is_mail_address(text)) return false;
    const auto domain = domain_part(text).substr(1);
    const bool has_gap = domain.starts_with('.') || domain.ends_with('.') || domain.contains("..");
    if (has_gap || text.find_first_of("()[]\\:") != text.npos) return false;
    return is_plain_ascii(text) || (is_plain_form(text) && is_of_one_script(text));
}

std::string without_plus_tag(std::string_view address) {
    auto out = lower_ascii(trim(address));
    const auto at = out.rfind('@');
    const auto plus = out.find('+');
    if (at == out.npos || plus == out.npos || plus == 0 || plus > at) return out;
    return out.erase(plus, at - plus);
}

} // namespace switchboard

#include <switchboard/util/login.hpp>
#include <switchboard/util/text.hpp>

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <stdexcept>

namespace switchboard {

std::string normal_login(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    const auto* folding = icu::Normalizer2::getNFKCCasefoldInstance(status);
    if (U_FAILURE(status)) throw std::runtime_error{"ICU has no NFKC_Casefold"};
    const auto clean = clean_utf8(text);
    const auto folded = folding->normalize(
        icu::UnicodeString::fromUTF8({clean.data(), static_cast<std::int32_t>(clean.size())}), status);
    if (U_FAILURE(status)) throw std::runtime_error{"a login could not be normalized"};
    std::string out;
    folded.toUTF8String(out);
    return std::string{trim(out)};
}

} // namespace switchboard

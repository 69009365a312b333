#include <switchboard/intake/full_identities.hpp>

#include <switchboard/channels/phone_number.hpp>
#include <switchboard/util/text.hpp>

#include <set>

namespace switchboard::intake {
namespace {

bool is_mail_address(std::string_view text) {
    const auto at = text.find('@');
    return at != text.npos && at > 0 && at + 1 < text.size() && text.find_first_of(" \t\r\n<>,;\"") == text.npos;
}

/// In each country of the gateways.
std::set<std::string> numbers_of(std::string_view text, const intake_config& config) {
    std::set<std::string> countries{""}, out;
    for (const auto& [id, gateway] : config.gateways) countries.insert(gateway.settings.default_country);
    for (const auto& country : countries)
        if (auto number = channels::to_e164(text, country)) out.insert(std::move(*number));
    return out;
}

} // namespace

std::vector<party> full_identities(std::string_view written, const intake_config& config) {
    const auto text = trim(written);
    if (is_mail_address(text)) return {{.kind = "email", .value = lower_ascii(text), .name = {}}};
    std::vector<party> out;
    for (const auto& number : numbers_of(text, config))
        for (const char* kind : {"tel", "whatsapp"}) out.push_back({.kind = kind, .value = number, .name = {}});
    return out;
}

std::expected<party, std::string> written_identity(std::string_view kind, std::string_view written,
                                                   const intake_config& config) {
    const auto text = trim(written);
    party out{.kind = std::string{kind}, .value = {}, .name = {}};
    if (kind == "email") {
        if (!is_mail_address(text)) return std::unexpected{"must be an e-mail address"};
        out.value = lower_ascii(text);
        return out;
    }
    auto numbers = numbers_of(text, config);
    // Without its country's code it is only guessed of which it is: none where it could not be given out.
    if (!text.starts_with('+') && !text.starts_with("00"))
        std::erase_if(numbers, [](const std::string& n) { return !channels::is_assigned_number(n); });
    if (numbers.empty()) return std::unexpected{"must be a number with its country code, as +49 30 123456"};
    if (numbers.size() > 1) return std::unexpected{"could be a number of several countries: add its country code"};
    out.value = *numbers.begin();
    return out;
}

} // namespace switchboard::intake

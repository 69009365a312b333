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

} // namespace

std::vector<party> full_identities(std::string_view written, const intake_config& config) {
    const auto text = trim(written);
    if (is_mail_address(text)) return {{.kind = "email", .value = lower_ascii(text), .name = {}}};
    std::set<std::string> countries{""}, numbers;
    for (const auto& [id, gateway] : config.gateways) countries.insert(gateway.settings.default_country);
    for (const auto& country : countries)
        if (auto number = channels::to_e164(text, country)) numbers.insert(std::move(*number));
    std::vector<party> out;
    for (const auto& number : numbers)
        for (const char* kind : {"tel", "whatsapp"}) out.push_back({.kind = kind, .value = number, .name = {}});
    return out;
}

} // namespace switchboard::intake

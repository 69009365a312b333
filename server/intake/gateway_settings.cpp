#include <switchboard/channels/normalize.hpp>
#include <switchboard/intake/gateway_settings.hpp>
#include <switchboard/util/json.hpp>

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace switchboard::intake {

bool is_gateway_kind(std::string_view kind) {
    return std::ranges::find(channels::kinds(), kind) != channels::kinds().end();
}

std::string gateway_kinds() {
    return fmt::format("{}", fmt::join(channels::kinds(), ", "));
}

std::optional<std::string> settings_error(std::string_view json) {
    const auto read = channels::settings_from_json(json);
    if (read) return std::nullopt;
    return read.error();
}

std::string without_secrets(std::string_view json) {
    auto settings = own_json(json);
    settings.erase("secret");
    settings.erase("verify_token");
    if (const auto imap = settings.find("imap"); imap != settings.end() && imap->is_object()) imap->erase("password");
    return settings.dump();
}

} // namespace switchboard::intake

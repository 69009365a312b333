#pragma once

#include <switchboard/model/gateway.hpp>
#include <switchboard/model/gateway_kind.hpp>
#include <switchboard/model/secret_text.hpp>

#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What configuration must know of gateways' settings; the channels know what is in them.
namespace switchboard::intake {

bool is_gateway_kind(std::string_view kind);

/// All kinds, for a message: "email, phone, …".
std::string gateway_kinds();

/// The kinds as they are shown, each with its own settings and a test contact of this id and time.
std::vector<gateway_kind> described_kinds(const std::string& id, timestamp at);

/// What a request says of settings.
struct parted_settings {
    std::string open; // JSON without the secrets
    /// Those that change, by path ("imap.password"); an empty one is removed. One that the request does not name, or
    /// names as it is shown, stays.
    std::map<std::string, secret_text> secrets;
};
/// The error names the field.
std::expected<parted_settings, std::string> part_secrets(std::string_view json);

/// What is wrong with settings of a gateway of this kind that are to replace those of `before`, naming the field;
/// empty = nothing.
std::optional<std::string> settings_error(const parted_settings& settings, std::string_view kind,
                                          const stored_gateway& before);

/// JSON of a gateway's settings as they are shown: of a secret that it is set, and since when.
std::string shown_settings(const stored_gateway& g);

/// JSON of settings with their secrets in it.
std::string with_secrets(std::string_view json, const std::map<std::string, secret_text>& secrets);

/// JSON Schema of the settings as they are written, and as they are shown.
std::string written_settings_schema();
std::string shown_settings_schema();

} // namespace switchboard::intake

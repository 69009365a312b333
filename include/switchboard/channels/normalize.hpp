#pragma once

#include <switchboard/channels/inputs.hpp>
#include <switchboard/model/gateway_kind.hpp>

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::channels {

/// Turns the bytes of one request into records, in the order in which they stand in it. Pure: no socket, no database,
/// no clock; the same input gives the same records. Never throws for bad input: what is not understood comes back as an
/// inbound_contact with `quarantine` set (kept, visible, replayable), what must be answered with an error as
/// refused_input. `kind` is a gateway kind (see kinds()).
std::vector<normalized_record> normalize(std::string_view kind, const gateway_settings& settings,
                                         const raw_input& input, const limits& bounds = {});

/// The gateway kinds that normalize() knows.
std::span<const std::string_view> kinds();

/// The channel on which a kind's contacts are ("freeswitch" -> "phone"); empty for an unknown kind.
std::string_view channel_of(std::string_view kind);

/// One record as docs/gateways.md shows it: {"record": "contact" | "event" | "quarantine" | "ignored" | "refused",
/// …}. Attachments are described (name, type, size, sha256, inline, content_id), not included.
std::string to_json(const normalized_record& record);

/// Reads gateway settings from JSON, refusing unknown fields. The error names the field.
std::expected<gateway_settings, std::string> settings_from_json(std::string_view json);

/// Every setting, in order of names; those of the object `imap` last, as "imap.host".
std::vector<gateway_setting> all_settings();

/// The kinds as they are shown, each with its own settings. `id` and `at` are those of the test contacts in them.
std::vector<gateway_kind> described_kinds(const std::string& id, timestamp at);

/// A setting in this JSON object that means nothing to a gateway of the kind: "topics: is no setting of the kind fax".
std::optional<std::string> foreign_setting(std::string_view kind, std::string_view json);

/// A test contact as the sender of a gateway would push it, with its content type first; none where nothing is pushed.
struct sample_input {
    std::string content_type, body;
};
std::optional<sample_input> sample_of(std::string_view kind, const gateway_settings& settings, const std::string& id,
                                      timestamp at);

} // namespace switchboard::channels

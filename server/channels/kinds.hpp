#pragma once

#include <switchboard/channels/inputs.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::channels {

/// What makes a test contact of a kind: its id is in it, so that no two are one contact. Times are RFC 3339.
using sampler = std::string (*)(const gateway_settings& settings, const std::string& id, const std::string& at);

/// A kind of gateway, whole: to add one is to add a row.
struct kind_row {
    std::string_view name;
    std::string_view channel;
    std::vector<normalized_record> (*normalize)(const gateway_settings&, const raw_input&, const limits&);
    std::string_view title;
    std::string_view about;
    std::span<const std::string_view> settings; // that mean something to it; "imap" is all of that object
    std::string_view content_type;              // of what its sender pushes
    sampler sample = nullptr;                   // none: its contacts are not pushed
    bool proves_itself = false;                 // by a secret, where one is set: a stranger's must not be kept unproved
};

std::span<const kind_row> all_kinds();
const kind_row* find_kind(std::string_view name);

} // namespace switchboard::channels

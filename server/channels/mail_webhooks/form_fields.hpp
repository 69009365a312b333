#pragma once

#include <switchboard/channels/inputs.hpp>

#include "channels/form.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace switchboard::channels::mail_webhooks {

/// The fields and files of a posted form, whichever way it was encoded.
struct form_fields {
    std::vector<std::pair<std::string, std::string>> fields;
    std::vector<form_part> files;

    /// "" where there is none.
    std::string_view text(std::string_view name) const;
    bool has(std::string_view name) const;
};

/// multipart/form-data, urlencoded, or a JSON object of texts; nothing if it is none of them. A body without a
/// Content-Type is told by how it begins.
std::optional<form_fields> read_form(const raw_input& input, const limits& bounds);

/// A header of the request, "" where there is none.
std::string header(const raw_input& input, std::string_view name);

/// The field's JSON {"content id": "name of a part"} as part -> content id; empty where it is none.
std::map<std::string, std::string, std::less<>> content_ids(std::string_view json, const limits& bounds);

} // namespace switchboard::channels::mail_webhooks

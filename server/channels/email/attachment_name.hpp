#pragma once

#include <string>
#include <string_view>

namespace switchboard::channels::email {

/// A file name that is safe to show and to save: one path component without control characters, at most 200 bytes. An
/// empty one gets a name by its media type ("attachment.pdf").
std::string attachment_name(std::string_view claimed, std::string_view media_type);

/// The media type that a name's extension stands for; application/octet-stream if it stands for none.
std::string media_type_of_name(std::string_view name);

} // namespace switchboard::channels::email

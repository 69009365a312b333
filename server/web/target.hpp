#pragma once

#include <switchboard/util/http_message.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace switchboard::web {

/// Undoes percent-encoding. Nothing if an escape is broken or gives NUL.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

/// Splits and decodes a request target in origin form ("/a?b=c"), absolute form ("http://host/a") or "*" into the
/// request's path, segments and query. False if it is none of these, if an escape is broken, or if the path is not
/// UTF-8.
bool split_target(std::string_view target, http::request& to);

} // namespace switchboard::web

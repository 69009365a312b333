#pragma once

#include <switchboard/web/http.hpp>

namespace switchboard::web {

/// A problem+json (RFC 9457) answer for errors found in this room. `detail` is our own text: it is not escaped.
response problem(int status, std::string_view detail);

/// The status line and headers of `r` up to and with the empty line. Headers that this room owns (length, connection,
/// date) are not taken from the response, and no header value can begin a new line.
/// `framing` is how its end is known: what is sent in pieces has no length.
enum class framing { length, chunks, closing };
std::string response_head(const response& r, std::string_view request_id, bool keep_alive,
                          framing end = framing::length);

inline std::string_view body_of(const response& r) {
    return r.shared_body ? std::string_view(*r.shared_body) : r.body;
}

/// 204 and 304 have no body and no length.
inline bool may_have_body(int status) {
    return status != 204 && status != 304;
}

} // namespace switchboard::web

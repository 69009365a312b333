#pragma once

#include <switchboard/model/time.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace switchboard {

timestamp now();

/// RFC 3339 in UTC with microseconds only where there are some: "2026-11-21T18:40:18Z", "…18.250000Z".
std::string to_rfc3339(timestamp t);

/// RFC 3339 with any offset. Empty if it is not one.
std::optional<timestamp> parse_rfc3339(std::string_view text);

/// A local time "YYYY-MM-DD HH:MM:SS" in an IANA zone; the earlier moment where the clock was set back.
/// Empty if either is not understood.
std::optional<timestamp> parse_local(std::string_view text, std::string_view iana_zone);

bool is_timezone(std::string_view iana_zone);

} // namespace switchboard

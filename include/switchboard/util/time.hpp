#pragma once

#include <switchboard/model/time.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace switchboard {

/// The one clock of this process. It runs by the monotonic clock, so that whoever sets the machine's clock moves
/// nothing here, and is set to the database's (app/clock_watch.hpp): until then it is what the machine's was at the
/// start.
timestamp now();

/// From now on it is `t`. Whoever keeps a time of before for longer looks for steps (more than a second or two).
void set_now(timestamp t);

/// The machine's own clock, which nothing but its difference to the other depends on.
timestamp machine_now();

/// RFC 3339 in UTC with microseconds only where there are some: "2026-11-21T18:40:18Z", "…18.250000Z".
std::string to_rfc3339(timestamp t);

/// RFC 3339 with any offset. Empty if it is not one.
std::optional<timestamp> parse_rfc3339(std::string_view text);

/// A local time "YYYY-MM-DD HH:MM:SS" in an IANA zone; the earlier moment where the clock was set back.
/// Empty if either is not understood.
std::optional<timestamp> parse_local(std::string_view text, std::string_view iana_zone);

bool is_timezone(std::string_view iana_zone);

} // namespace switchboard

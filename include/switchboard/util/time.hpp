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

/// A local time in an IANA zone. Of an hour that comes twice, when the clock is set back: the first moment that is not
/// before `not_before`; the later one if both are. `format` is strptime's ("%d.%m.%Y %H:%M:%S"); empty = "YYYY-MM-DD
/// HH:MM:SS", also with "/" in the date and "T" before the time. Empty if time or zone is not understood.
std::optional<timestamp> parse_local(std::string_view text, std::string_view iana_zone, const std::string& format = {},
                                     std::optional<timestamp> not_before = {});

/// The same time on the wall of this zone (of UTC where it is none) so many months and then days later. A day that the
/// month lacks is its last; a time that the clock leaves out is the moment at which it is set forward.
timestamp later_on_the_wall(timestamp t, int months, int days, std::string_view iana_zone);

/// Whether a day and a time written by this format can be read back, to the second.
bool is_time_format(const std::string& format);

bool is_timezone(std::string_view iana_zone);

} // namespace switchboard

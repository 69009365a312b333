#pragma once

#include <switchboard/planning/what_if.hpp>

namespace switchboard::routing {

inline constexpr double hour_s = 3600;

/// The kind of customers, with what the record knows of handling and patience; without arrivals. `notes` gets what had
/// to be assumed.
live_stream stream_of(const recorded_traffic& t, const recorded_stream& s, std::vector<std::string>& notes);

} // namespace switchboard::routing

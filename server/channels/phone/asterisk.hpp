#pragma once

#include <switchboard/channels/inputs.hpp>

namespace switchboard::channels {

/// Lines of an Asterisk Master.csv, each its own contact; a line that is not a CDR is quarantined alone.
std::vector<normalized_record> normalize_asterisk(const gateway_settings& settings, const raw_input& input,
                                                  const limits& bounds);

} // namespace switchboard::channels

#pragma once

#include <switchboard/channels/inputs.hpp>

namespace switchboard::channels {

/// Our own JSON: one finished call, or one moment of a call that is still going on ({event, call_id, at}).
std::vector<normalized_record> normalize_phone(const gateway_settings& settings, const raw_input& input,
                                               const limits& bounds);

} // namespace switchboard::channels

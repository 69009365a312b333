#pragma once

#include <switchboard/model/time.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>

namespace switchboard::channels {

struct talk {
    std::optional<timestamp> answered_at; // the first time
    std::int64_t seconds = 0;
};

/// The time in which somebody talked, on however many legs at once (`details.legs`, calls.hpp). A customer who is put
/// through talks to nobody while the next telephone rings, though his own leg goes on.
talk talk_of(const nlohmann::json& legs);

} // namespace switchboard::channels

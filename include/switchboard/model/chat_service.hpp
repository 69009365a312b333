#pragma once

#include <switchboard/model/time.hpp>

#include <cstdint>
#include <optional>

namespace switchboard {

/// What the house offers the visitors of a website who wait in one queue.
struct chat_service {
    bool open = true;                         // by the queue's calendar
    std::optional<timestamp> changes_at;      // when it opens or closes next; empty = never
    std::optional<std::int64_t> mail_gateway; // that answers by mail from that queue

    bool operator==(const chat_service&) const = default;
};

} // namespace switchboard

#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace switchboard::channels {

/// What can be said about a fax image without decoding it.
struct image_facts {
    std::string type;                  // image/tiff, application/pdf; "" = neither
    std::optional<std::int64_t> pages; // empty = not known (a PDF that hides its page tree)
    bool damaged = false;              // something is missing or contradicts itself
};

} // namespace switchboard::channels

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace switchboard::channels {

/// What can be said about a fax image without decoding it.
struct image_facts {
    std::string type;                  // image/tiff, application/pdf; "" = neither
    std::optional<std::int64_t> pages; // empty = not known (a PDF that hides its page tree)
    bool damaged = false;              // something is missing or contradicts itself
};

/// Looks at the first bytes only: "image/tiff", "application/pdf" or "".
std::string sniff_image(std::string_view bytes);

/// TIFF: walks the directories with libtiff, at most 5,000, and checks that each strip lies inside the file.
/// PDF: counts the page objects, also those in compressed object streams; where there are none, takes the largest
/// /Count of a page tree. A PDF without its end mark counts as damaged.
image_facts look_at_image(std::string_view bytes);

} // namespace switchboard::channels

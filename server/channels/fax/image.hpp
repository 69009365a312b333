#pragma once

#include "channels/fax/image_facts.hpp"

#include <string>
#include <string_view>

namespace switchboard::channels {

/// Looks at the first bytes only: "image/tiff", "application/pdf" or "".
std::string sniff_image(std::string_view bytes);

/// TIFF: walks the directories with libtiff, at most 5,000, and checks that each strip lies inside the file.
/// PDF: counts the page objects, also those in compressed object streams; where there are none, takes the largest
/// /Count of a page tree. A PDF without its end mark counts as damaged.
image_facts look_at_image(std::string_view bytes);

} // namespace switchboard::channels

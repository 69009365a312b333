#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace switchboard::channels {

/// Page `page` (from 1) of a fax or scan as a PNG for a screen; nothing if there is no such page or it cannot be drawn.
/// TIFF by libtiff, with the pixels of a fax (204 by 98 or 196 to the inch) made square; PDF by the program pdftoppm,
/// as a child under limits of time, memory and file size. Takes up to seconds: call it on the offload pool.
std::optional<std::string> page_picture(std::string_view file, int page);

} // namespace switchboard::channels

#pragma once

#include "channels/fax/image.hpp"

namespace switchboard::channels {

image_facts look_at_tiff(std::string_view bytes);

} // namespace switchboard::channels

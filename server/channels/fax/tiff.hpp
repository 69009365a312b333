#pragma once

#include "channels/fax/image_facts.hpp"

#include <string_view>

namespace switchboard::channels {

image_facts look_at_tiff(std::string_view bytes);

} // namespace switchboard::channels

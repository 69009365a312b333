#pragma once

#include <switchboard/channels/inputs.hpp>

#include "channels/json_fields.hpp"

#include <string>
#include <vector>

namespace switchboard::channels {

/// Files of a chat message: {name, type, content (base64) | url}.
struct chat_files {
    std::vector<attachment> content;
    std::vector<json_fields> links; // files that the sender only points to
};

/// Errors are remembered in `in`. The decoded files together stay below the message limit.
chat_files read_files(json_fields& in, const limits& bounds);

} // namespace switchboard::channels

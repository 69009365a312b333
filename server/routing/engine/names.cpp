#include <switchboard/routing/types.hpp>

#include <algorithm>

namespace switchboard::routing {

std::string_view to_string(channel c) {
    return channel_names[static_cast<std::size_t>(c)];
}

std::optional<channel> parse_channel(std::string_view name) {
    const auto it = std::ranges::find(channel_names, name);
    if (it == channel_names.end()) return {};
    return static_cast<channel>(it - channel_names.begin());
}

} // namespace switchboard::routing

#include <switchboard/routing/types.hpp>

#include <algorithm>

namespace switchboard::routing {

namespace {

constexpr std::array<std::string_view, channel_count> names{"phone", "chat",   "email", "fax",
                                                            "post",  "walkin", "social"};

} // namespace

std::string_view to_string(channel c) {
    return names[static_cast<std::size_t>(c)];
}

std::optional<channel> parse_channel(std::string_view name) {
    const auto it = std::ranges::find(names, name);
    if (it == names.end()) return {};
    return static_cast<channel>(it - names.begin());
}

} // namespace switchboard::routing

#include <switchboard/live/hub.hpp>

#include <switchboard/util/time.hpp>

#include <fmt/format.h>

namespace switchboard::live {

std::string to_frame(const event& e) {
    // The type is ours and the data is JSON already, so nothing here needs escaping.
    const std::string at = to_rfc3339(e.at);
    if (e.place == cursor{}) return fmt::format(R"({{"type":"{}","at":"{}","data":{}}})", e.type, at, e.data);
    return fmt::format(R"({{"cursor":"{}","type":"{}","at":"{}","data":{}}})", to_string(e.place), e.type, at, e.data);
}

} // namespace switchboard::live

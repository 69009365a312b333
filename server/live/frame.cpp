#include <switchboard/live/hub.hpp>

#include <switchboard/util/time.hpp>

#include <fmt/format.h>

namespace switchboard::live {

std::string to_frame(const event& e) {
    // The type is ours and the data is JSON already, so nothing here needs escaping.
    std::string out = "{";
    if (e.cursor != cursor{}) out += fmt::format(R"("cursor":"{}",)", to_string(e.cursor));
    out += fmt::format(R"("type":"{}","at":"{}",)", e.type, to_rfc3339(e.at));
    if (e.ticket_id) out += fmt::format(R"("ticket_id":{},)", *e.ticket_id);
    return out + R"("data":)" + e.data + "}";
}

} // namespace switchboard::live

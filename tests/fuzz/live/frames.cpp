// Any bytes on a socket: what is taken for a frame has kept its bounds, and what is not is answered with words.
#include "live/frames.hpp"

#include <switchboard/util/json.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <cstdlib>

namespace {

using namespace switchboard::live;

void insist(bool is_so) {
    if (!is_so) std::abort();
}

template <class Frame>
void check_refusal(const std::expected<Frame, bad_frame>& read) {
    if (read) return;
    insist(!read.error().detail.empty());
    const auto told =
        switchboard::outside_json(error_frame(read.error())); // what we say is JSON, whatever was said to us
    insist(told && told->at("type") == "error" && told->at("detail") == read.error().detail);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const auto visitor = read_visitor_frame(text);
    check_refusal(visitor);
    if (visitor)
        if (const auto* hello = std::get_if<visitor_hello>(&*visitor))
            insist(hello->last_seq >= 0 && hello->session.size() <= 200 && hello->token.size() <= 200);
    const auto agent = read_agent_frame(text);
    check_refusal(agent);
    if (agent)
        if (const auto* typing = std::get_if<agent_typing>(&*agent)) insist(typing->ticket_id >= 0);
    return 0;
}

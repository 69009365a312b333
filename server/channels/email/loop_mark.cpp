#include <switchboard/channels/loop_mark.hpp>

#include <switchboard/util/hash.hpp>
#include <switchboard/util/text.hpp>

#include <fmt/format.h>

namespace switchboard::channels {

std::string loop_mark(std::string_view message_id, std::string_view secret) {
    return hmac_sha256_hex(secret, fmt::format("loop-mark\n{}", message_id)).substr(0, 32);
}

bool is_loop_mark(std::string_view mark, std::string_view message_id, std::string_view secret) {
    return !secret.empty() && !message_id.empty() && equal_secret(trim(mark), loop_mark(message_id, secret));
}

} // namespace switchboard::channels

#include "channels/email/thread_index.hpp"

#include <switchboard/util/hash.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>

namespace switchboard::channels::email {
namespace {

constexpr std::size_t header_bytes = 22, level_bytes = 5, most_levels = 200;

std::optional<std::string> decoded(std::string_view field) {
    constexpr std::size_t longest = 2 * (header_bytes + level_bytes * most_levels); // in base64, folded
    std::string bytes;
    if (field.empty() || field.size() > longest || !base64_decode(field, bytes)) return std::nullopt;
    if (bytes.size() < header_bytes || (bytes.size() - header_bytes) % level_bytes != 0 || bytes[0] != 1)
        return std::nullopt;
    return bytes;
}

std::uint64_t big_endian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char c : bytes) value = value << 8U | static_cast<unsigned char>(c);
    return value;
}

/// The time of a header as a FILETIME (100 ns since 1601). Exchange writes its five upper bytes behind the one; Outlook
/// leaves out the first, which is a one until 2057 as well.
std::uint64_t time_of(std::string_view header) {
    return header[1] == 1 ? big_endian(header.substr(1, 5)) << 24U : big_endian(header.substr(0, 6)) << 16U;
}

std::uint64_t filetime(timestamp at) {
    using namespace std::chrono;
    constexpr auto first = sys_days{year{1601} / 1 / 1};
    using ticks = duration<std::int64_t, std::ratio<1, 10'000'000>>;
    return static_cast<std::uint64_t>(floor<ticks>(at - first).count());
}

} // namespace

std::string conversation_of(std::string_view field) {
    const auto bytes = decoded(field);
    return bytes ? base64(std::string_view{*bytes}.substr(0, header_bytes)) : std::string();
}

bool is_answering_index(std::string_view field) {
    const auto bytes = decoded(field);
    return bytes && bytes->size() > header_bytes;
}

std::string answering_index(std::string_view field, timestamp written_at, std::string_view message_id) {
    auto bytes = decoded(field);
    if (!bytes || bytes->size() >= header_bytes + level_bytes * most_levels) return {};
    const auto now = filetime(written_at);
    const auto since = now - std::min(now, time_of(*bytes));
    // Below 1.7 years the difference is told in steps of 2^18, else in steps of 2^23.
    const bool near = (since >> 49U & 0x7FU) == 0;
    const auto steps = (near ? since >> 18U : since >> 23U) & 0x7FFF'FFFFU;
    const auto level = static_cast<std::uint32_t>((near ? 0U : 0x8000'0000U) | steps);
    for (const unsigned shift : {24U, 16U, 8U, 0U}) *bytes += static_cast<char>(level >> shift & 0xFFU);
    *bytes += static_cast<char>(std::stoi(sha256_hex(message_id).substr(0, 2), nullptr, 16));
    return base64(*bytes);
}

} // namespace switchboard::channels::email

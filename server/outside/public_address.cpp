#include <switchboard/outside/public_address.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include <netinet/in.h>
#include <sys/socket.h>

namespace switchboard::outside {
namespace {

struct block {
    std::uint32_t first;
    int bits;
};

// RFC 6890, RFC 6598 and what is multicast or reserved.
constexpr std::array<block, 15> not_public{{{0x00000000, 8},
                                            {0x0A000000, 8},
                                            {0x64400000, 10},
                                            {0x7F000000, 8},
                                            {0xA9FE0000, 16},
                                            {0xAC100000, 12},
                                            {0xC0000000, 24},
                                            {0xC0000200, 24},
                                            {0xC0586300, 24},
                                            {0xC0A80000, 16},
                                            {0xC6120000, 15},
                                            {0xC6336400, 24},
                                            {0xCB007100, 24},
                                            {0xE0000000, 4},
                                            {0xF0000000, 4}}};

bool is_public_v4(std::uint32_t address) {
    return std::ranges::none_of(not_public, [&](const block& b) { return (address ^ b.first) >> (32 - b.bits) == 0; });
}

// 2000::/3 is what is given out; within it some wrap an IPv4 address or stand for none.
bool is_public_v6(const std::array<std::uint8_t, 16>& a) {
    if ((a[0] & 0xE0) != 0x20) return false;
    const auto first = (std::uint32_t{a[0]} << 24) | (std::uint32_t{a[1]} << 16) | (std::uint32_t{a[2]} << 8) | a[3];
    const bool special = first >> 9 == 0x20010000u >> 9;     // 2001::/23: Teredo, ORCHID, benchmarks
    const bool documentation = first == 0x20010DB8;          // 2001:db8::/32
    const bool more_documentation = first >> 12 == 0x3FFF0u; // 3fff::/20
    const bool six_to_four = first >> 16 == 0x2002;          // 2002::/16 holds an IPv4 address
    return !special && !documentation && !more_documentation && !six_to_four;
}

} // namespace

bool is_public(const sockaddr& address) {
    if (address.sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address, sizeof v4);
        return is_public_v4(ntohl(v4.sin_addr.s_addr));
    }
    if (address.sa_family != AF_INET6) return false;
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return is_public_v6(bytes);
}

} // namespace switchboard::outside

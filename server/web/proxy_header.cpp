#include "web/proxy_header.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>

namespace switchboard::web {
namespace {

namespace ip = boost::asio::ip;
using namespace std::string_view_literals;

constexpr auto signature = "\r\n\r\n\0\r\nQUIT\n"sv;
constexpr std::size_t fixed = 16; // signature, version and command, family, length
constexpr std::size_t v4_addresses = 12, v6_addresses = 36;
constexpr unsigned ssl_field = 0x20, client_speaks_ssl = 0x01;

unsigned byte_at(std::string_view s, std::size_t i) {
    return static_cast<unsigned char>(s[i]);
}
unsigned number_at(std::string_view s, std::size_t i) {
    return byte_at(s, i) << 8 | byte_at(s, i + 1);
}

template <class Address>
std::string address_at(std::string_view s) {
    typename Address::bytes_type bytes;
    std::copy_n(s.begin(), bytes.size(), bytes.begin());
    return Address{bytes}.to_string();
}

bool says_ssl(std::string_view fields) {
    while (fields.size() >= 3) {
        const auto size = number_at(fields, 1);
        if (size > fields.size() - 3) return false;
        if (byte_at(fields, 0) == ssl_field) return size > 0 && (byte_at(fields, 3) & client_speaks_ssl) != 0;
        fields.remove_prefix(3 + size);
    }
    return false;
}

} // namespace

proxy_header read_proxy_header(std::string_view bytes) {
    using enum proxy_header::kind;
    if (!signature.starts_with(bytes.substr(0, signature.size()))) return {.is = absent};
    if (bytes.size() < fixed) return {.is = partial};
    const auto command = byte_at(bytes, 12), family = byte_at(bytes, 13);
    const std::size_t length = fixed + number_at(bytes, 14);
    if ((command != 0x20 && command != 0x21) || length > proxy_header::most_bytes) return {.is = broken};
    if (bytes.size() < length) return {.is = partial};
    proxy_header out{.is = whole, .length = length};
    if (command == 0x20) return out;
    auto rest = bytes.substr(fixed, length - fixed);
    const bool is_v4 = family == 0x11, is_v6 = family == 0x21;
    const auto addresses = is_v4 ? v4_addresses : is_v6 ? v6_addresses : 0;
    if (rest.size() < addresses) return {.is = broken};
    if (is_v4) out.source = address_at<ip::address_v4>(rest);
    if (is_v6) out.source = address_at<ip::address_v6>(rest);
    if (addresses > 0) out.secure = says_ssl(rest.substr(addresses));
    return out;
}

} // namespace switchboard::web

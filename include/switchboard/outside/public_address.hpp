#pragma once

struct sockaddr;

namespace switchboard::outside {

/// Whether an address belongs to the public internet: not loopback, private, link-local, shared, multicast or reserved
/// (RFC 6890), nor an IPv6 form that holds such an IPv4 address.
bool is_public(const sockaddr& address);

} // namespace switchboard::outside

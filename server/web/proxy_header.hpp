#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace switchboard::web {

/// The first bytes of a connection, read as the PROXY protocol, version 2 (proxy-protocol.txt of HAProxy, 2.2).
struct proxy_header {
    enum class kind { absent, partial, broken, whole };

    kind is = kind::absent;
    std::size_t length = 0; // of a whole one
    std::string source{};   // the client's address; empty: the proxy speaks for itself
    bool secure = false;    // the client speaks TLS with the proxy

    static constexpr std::size_t most_bytes = 4096; // a longer one is broken: addresses and certificates fit
};

proxy_header read_proxy_header(std::string_view bytes);

} // namespace switchboard::web

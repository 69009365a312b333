#pragma once

#include "web/net.hpp"

#include <boost/beast/ssl/ssl_stream.hpp>

#include <type_traits>

namespace switchboard::web {

using tls_stream = beast::ssl_stream<plain_stream>;

template <class Stream>
inline constexpr bool is_tls = std::is_same_v<Stream, tls_stream>;

inline plain_stream& socket_of(plain_stream& s) {
    return s;
}
inline plain_stream& socket_of(tls_stream& s) {
    return s.next_layer();
}

} // namespace switchboard::web

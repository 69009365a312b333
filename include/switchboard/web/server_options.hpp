#pragma once

#include <switchboard/util/address.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace switchboard::web {

/// What strangers, of whom we do not know yet who they are, may hold: those of one address, and all together. Past it
/// the socket that has been silent longest is closed for a new one, and a body is answered 503.
struct stranger_limits {
    std::size_t sockets_each = 256, sockets = 10'000;
    std::size_t body_bytes_each = 64u << 20, body_bytes = 128u << 20; // of bodies over 16 KB
};

struct server_options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;            // 0 = any free port
    std::string tls_certificate, tls_key; // PEM files; both empty = plain HTTP
    std::size_t max_connections = 20'000;
    std::size_t header_bytes = 64u << 10;
    std::chrono::milliseconds header_timeout{15'000};  // to read a whole header: a slow sender is answered 408
    std::chrono::milliseconds body_timeout{60'000};    // to read a whole body, likewise; and to write an answer
    std::chrono::milliseconds idle_timeout{75'000};    // between requests
    std::chrono::milliseconds websocket_idle{60'000};  // silence of a peer: a ping at half of it, the end at all of it
    std::chrono::milliseconds websocket_close{10'000}; // for what is queued and the peer's answer to our close frame
    std::size_t websocket_outbox = 1024;               // frames; full = the peer is cut
    std::size_t websocket_outbox_bytes = 16u << 20;    // of them; a single frame may be longer
    std::size_t websocket_message_bytes = 256u << 10;
    std::size_t buffered_bytes = 512u << 20; // of all request bodies together; past it 503 with Retry-After
    stranger_limits strangers{};
    networks trusted_proxies{};   // whose word is taken for where a request comes from
    bool public_is_https = false; // whatever a request came by: a proxy speaks TLS for us
};

/// What is open now, and how often a bound was hit since the start.
struct server_counts {
    std::size_t connections = 0, strangers = 0;
    std::uint64_t refused = 0;                    // new sockets: all of them taken by those who are known
    std::uint64_t gave_way = 0;                   // strangers' sockets, for newer ones
    std::uint64_t bodies_refused = 0;             // strangers' and known ones'
    std::string last_gave_way, last_body_refused; // whose it was last, as util/address has it; empty = nobody's yet
};

} // namespace switchboard::web

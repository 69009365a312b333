#pragma once

#include "web/server_state.hpp"
#include "web/tls_stream.hpp"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>

namespace switchboard::web {

struct websocket_start {
    beast_http::request<beast_http::empty_body> handshake;
    std::string request_id;
    std::function<void(std::shared_ptr<websocket>)> accepted;
};

/// Answers 101 and runs the socket from then on.
void start_websocket(std::shared_ptr<server_state> state, plain_stream stream, websocket_start start);
void start_websocket(std::shared_ptr<server_state> state, tls_stream stream, websocket_start start);

} // namespace switchboard::web

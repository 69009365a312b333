#pragma once

#include "web/server_state.hpp"

namespace switchboard::web {

/// Serves a freshly accepted socket, with TLS if the server has a certificate, until it is closed.
void start_http_session(std::shared_ptr<server_state> state, plain_stream socket, std::string remote);

/// Tries to write a 503 without waiting, before the socket is closed for others' sake.
void say_at_once(plain_stream& socket, server_state& state, std::string_view why);

} // namespace switchboard::web

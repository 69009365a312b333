#pragma once

#include "web/net.hpp"

#include <boost/asio/ssl/context.hpp>

#include <string>

namespace switchboard::web {

/// TLS 1.2 and later with this certificate. Throws std::system_error that names the file which cannot be used.
asio::ssl::context make_tls(const std::string& certificate, const std::string& key);

} // namespace switchboard::web

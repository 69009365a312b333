#include "web/tls_context.hpp"

#include <system_error>

namespace switchboard::web {

asio::ssl::context make_tls(const std::string& certificate, const std::string& key) {
    asio::ssl::context tls(asio::ssl::context::tls_server);
    tls.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                    asio::ssl::context::no_tlsv1_1 | asio::ssl::context::no_compression);
    SSL_CTX_set_mode(tls.native_handle(), SSL_MODE_RELEASE_BUFFERS); // idle sockets then keep no 32 KB each
    error_code ec;
    tls.use_certificate_chain_file(certificate, ec);
    check(ec, "TLS certificate " + certificate);
    tls.use_private_key_file(key, asio::ssl::context::pem, ec);
    check(ec, "TLS key " + key);
    return tls;
}

} // namespace switchboard::web

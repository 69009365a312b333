#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <string>
#include <system_error>

namespace boost::beast::http {}

namespace switchboard::web {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace beast_http = boost::beast::http;

using boost::system::error_code;
using tcp = asio::ip::tcp;
using steady = std::chrono::steady_clock;

/// The concrete executor spares a virtual call and an allocation on each operation; there is only one io thread.
using plain_stream = asio::basic_stream_socket<tcp, asio::io_context::executor_type>;

/// Errors of a socket are values: `auto [ec, n] = co_await s.async_read_some(b, tok);`
inline constexpr auto tok = asio::as_tuple(asio::use_awaitable);

/// For what must succeed when a server starts.
inline void check(const error_code& ec, const std::string& what) {
    if (ec) throw std::system_error(ec, what);
}

} // namespace switchboard::web

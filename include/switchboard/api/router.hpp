#pragma once

#include <switchboard/api/router_options.hpp>
#include <switchboard/api/services.hpp>
#include <switchboard/model/principal.hpp>
#include <switchboard/util/http_message.hpp>
#include <switchboard/util/websocket.hpp>

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace switchboard::api {

/// What a request comes to by its header alone.
struct admission {
    std::optional<http::response> refusal{};
    bool known = false;         // its session or token is valid
    std::size_t body_bytes = 0; // the largest body that it may have
};

/// Everything below /api: one table of routes, with permission, CSRF, idempotency and errors in one place. Lives on the
/// io thread.
class router {
public:
    router(const services& s, router_options o);
    ~router();
    router(const router&) = delete;
    router& operator=(const router&) = delete;

    /// Finds out who asks, notes it in the request, and refuses what its header can be refused for: no such route, not
    /// signed in, not allowed. The request must stay until this is done.
    boost::asio::awaitable<admission> admit(http::request& head);

    /// Throws only what is our own fault; a database that is away is answered 503.
    boost::asio::awaitable<http::response> handle(http::request r);

    /// The same of a request for a WebSocket.
    boost::asio::awaitable<http::upgrade> upgrade(http::request r);

    /// Finds out who a request comes from, by session cookie or bearer token, and notes it there. False: nobody known,
    /// or the database is away. The request must stay until this is done.
    boost::asio::awaitable<bool> recognise(http::request& r);

    /// What identify() remembers is forgotten: roles, memberships or tokens have changed.
    void forget_principals();
    /// The sessions and tokens of those who are remembered, each once.
    std::vector<authority> authorities() const;
    /// A session or token has ended, here or on another node.
    void forget(const authority& by);

private:
    struct state;
    std::unique_ptr<state> state_;
};

/// The description of every route (OpenAPI 3.1), the same text every time.
std::string openapi_document();

} // namespace switchboard::api

#pragma once

#include <switchboard/api/services.hpp>
#include <switchboard/model/principal.hpp>
#include <switchboard/util/http_message.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace switchboard::api {

struct router_options {
    std::size_t intake_bytes = 50u << 20; // the largest body of a contact
    std::chrono::hours session{12};       // from the last request
};

/// What a request comes to by its header alone.
struct admission {
    std::optional<http::response> refusal{};
    bool known = false;         // it has shown whose it is
    std::size_t body_bytes = 0; // the largest body that it may have
};

/// Everything below /api: one table of routes, with permission, CSRF, idempotency and errors in one place. Lives on the
/// io thread.
class router {
public:
    router(services s, router_options o = {});
    ~router();
    router(const router&) = delete;
    router& operator=(const router&) = delete;

    /// Finds out who asks, notes it in the request, and refuses what its header can be refused for: no such route, not
    /// signed in, not allowed. The request must stay until this is done.
    boost::asio::awaitable<admission> admit(http::request& head);

    /// Throws only what is our own fault; a database that is away is answered 503.
    boost::asio::awaitable<http::response> handle(http::request r);

    /// Finds out who a request comes from, by session cookie or bearer token, and notes it there. False: nobody known,
    /// or the database is away. The request must stay until this is done.
    boost::asio::awaitable<bool> recognise(http::request& r);

    /// What identify() remembers is forgotten: roles, memberships or tokens have changed.
    void forget_principals();

private:
    struct state;
    std::unique_ptr<state> state_;
};

/// The description of every route (OpenAPI 3.1), the same text every time.
std::string openapi_document();

} // namespace switchboard::api

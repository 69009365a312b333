#pragma once

#include <switchboard/api/services.hpp>
#include <switchboard/model/principal.hpp>
#include <switchboard/store/sessions.hpp>
#include <switchboard/util/http_message.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::api {

/// What a sign-in may cost us (sign_in_guard).
struct sign_in_limits {
    std::int64_t wrong_by_address = 20, wrong_by_account = 10, wrong_in_total = 300; // in each `window`
    std::chrono::seconds window{300};
    std::size_t at_once_by_address = 16, at_once = 32; // under way, from places that are not known
    std::chrono::seconds place_remembered{std::chrono::days{90}};
};

struct router_options {
    std::size_t intake_bytes = 50u << 20; // the largest body of a contact
    store::session_life session;
    sign_in_limits sign_in;
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
    /// What is remembered stands on these, each once.
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

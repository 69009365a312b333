#pragma once

#include "api/route.hpp"

#include <switchboard/api/services.hpp>

#include <boost/asio/awaitable.hpp>

#include <functional>

namespace switchboard::api {

/// Requests with an Idempotency-Key: the work is done once, a repeat gets the first answer (promise 3).
class repeats {
public:
    explicit repeats(const services& s) : services_{s} {}

    static bool apply_to(const route& r, const http::request& request);

    using work = std::function<boost::asio::awaitable<http::response>()>;
    boost::asio::awaitable<http::response> once(const route& r, const http::request& request, const principal& asker,
                                                work first_time) const;

private:
    const services& services_;
};

} // namespace switchboard::api

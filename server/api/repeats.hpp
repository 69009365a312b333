#pragma once

#include "api/route.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>

namespace switchboard::store {
class idempotency;
}

namespace switchboard::api {

/// Requests with an Idempotency-Key: the work is done once, a repeat gets the first answer (promise 3). The transaction
/// that does the work keeps its answer (store/keep.hpp); here a repeat is recognised before the work and by it.
class repeats {
public:
    explicit repeats(store::idempotency& rows) : rows_{rows} {}

    static bool apply_to(const route& r, const http::request& request);

    using work = std::function<boost::asio::awaitable<http::response>(std::shared_ptr<const store::request_key>)>;
    boost::asio::awaitable<http::response> once(const route& r, const http::request& request, const principal& asker,
                                                work first_time) const;

private:
    store::idempotency& rows_;
};

} // namespace switchboard::api

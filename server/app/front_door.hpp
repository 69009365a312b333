#pragma once

#include "app/metrics.hpp"

#include <switchboard/api/router.hpp>
#include <switchboard/util/http_message.hpp>
#include <switchboard/web/static_files.hpp>

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string>

namespace switchboard::app {

/// What /readyz says.
struct readiness {
    bool ready = false;
    std::string database, migrations, routing; // "ok", or what is wrong
};

/// The first look at every request: the API, the health routes, the console's files.
class front_door {
public:
    front_door(api::router& router, metrics& counted, const web::static_files* console)
        : router_{router}, counted_{counted}, console_{console} {}

    boost::asio::awaitable<http::response> answer(http::request r);

    std::function<boost::asio::awaitable<readiness>()> ready;
    std::function<boost::asio::awaitable<figures>()> measure;

private:
    boost::asio::awaitable<http::response> dispatch(http::request r);
    boost::asio::awaitable<http::response> answer_any_page(http::request r);
    http::response page(const http::request& r) const;

    api::router& router_;
    metrics& counted_;
    const web::static_files* console_;
};

} // namespace switchboard::app

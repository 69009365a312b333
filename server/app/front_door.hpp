#pragma once

#include "app/health.hpp"
#include "app/metrics.hpp"

#include <switchboard/api/router.hpp>
#include <switchboard/util/http_message.hpp>
#include <switchboard/web/http.hpp>
#include <switchboard/web/static_files.hpp>

#include <boost/asio/awaitable.hpp>

#include <filesystem>
#include <optional>

namespace switchboard::app {

/// The first look at every request: the API, the health routes, the console's files.
class front_door {
public:
    /// `console`: the folder of its files, if it is built.
    front_door(api::router& router, metrics& counted, health& state, const std::filesystem::path& console);

    /// Who asks and whether he may, by the header alone. The request must stay until this is done.
    boost::asio::awaitable<web::admission> admit(http::request& head);

    boost::asio::awaitable<http::response> answer(http::request r);

private:
    boost::asio::awaitable<http::response> dispatch(http::request r);
    http::response page(const http::request& r) const;

    api::router& router_;
    metrics& counted_;
    health& health_;
    std::optional<web::static_files> console_;
};

} // namespace switchboard::app

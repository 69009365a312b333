#pragma once

#include <switchboard/api/services.hpp>
#include <switchboard/outside/picture_fetcher.hpp>

#include <boost/asio/awaitable.hpp>

#include <expected>
#include <string>
#include <string_view>

/// What a reader is shown of a mail, as the API hands it out.
namespace switchboard::app {

api::safe_html safe_html_of(std::string_view html);

boost::asio::awaitable<std::expected<api::remote_picture, std::string>> fetch_picture(outside::picture_fetcher& by,
                                                                                      std::string url);

} // namespace switchboard::app

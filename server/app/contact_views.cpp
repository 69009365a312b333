#include "app/contact_views.hpp"

#include <switchboard/channels/html.hpp>

#include <cstdint>
#include <utility>

namespace switchboard::app {

api::safe_html safe_html_of(std::string_view html) {
    auto safe = channels::sanitize_html(html);
    return {std::move(safe.html), static_cast<std::int64_t>(safe.blocked_remote_count),
            std::move(safe.remote_pictures)};
}

boost::asio::awaitable<std::expected<api::remote_picture, std::string>> fetch_picture(outside::picture_fetcher& by,
                                                                                      std::string url) {
    auto found = co_await by.fetch(std::move(url));
    if (!found) co_return std::unexpected{std::move(found.error())};
    co_return api::remote_picture{std::move(found->type), std::move(found->bytes)};
}

} // namespace switchboard::app

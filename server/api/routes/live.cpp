#include "api/all_routes.hpp"

#include <switchboard/live/feeds.hpp>
#include <switchboard/util/text.hpp>

namespace switchboard::api {
namespace {

/// Whether a browser's request comes from our own pages: those of `public_url`, or of the host that it asks. Machines
/// send no Origin.
bool is_own_origin(const http::request& r, std::string_view public_url) {
    const auto origin = r.header("origin");
    if (origin.empty() || (!public_url.empty() && lower_ascii(origin) == lower_ascii(public_url))) return true;
    const auto at = origin.find("://");
    return at != origin.npos && origin.substr(at + 3) == r.header("host");
}

} // namespace

void add_live_route(route_table& table, const router_options& o) {
    table.websocket("/api/v1/live", who::known, "Every event that the asker may see, from a place in the log on",
                    [url = o.public_url](call c) -> answer<opened> {
                        if (!is_own_origin(c.request, url))
                            co_return std::unexpected{
                                problem{.status = 403, .detail = "this page may not open the live feed"}};
                        co_return [&feeds = c.with.feeds, who = c.asker](std::shared_ptr<http::websocket> socket) {
                            feeds.join(who, std::move(socket));
                        };
                    });
}

} // namespace switchboard::api

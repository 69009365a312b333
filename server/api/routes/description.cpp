#include "api/all_routes.hpp"

#include <switchboard/api/router.hpp>

namespace switchboard::api {

void add_description_route(route_table& table) {
    table.get("/api/v1/openapi.json", who::anyone, "This description", [](call) -> answer<http::response> {
        static const auto document = std::make_shared<const std::string>(openapi_document());
        co_return http::response{.shared_body = document};
    });
}

} // namespace switchboard::api

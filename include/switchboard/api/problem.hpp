#pragma once

#include <switchboard/model/refusal.hpp>
#include <switchboard/util/http_message.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::api {

/// An answer that says what is wrong (RFC 9457).
struct problem {
    int status = 400;
    std::string detail{};
    std::vector<field_error> errors{};
    std::optional<int> retry_after{}; // seconds
    std::string current{};            // of a 412: the resource as it is now, as JSON
};

std::string_view status_title(int status);

/// The problem as application/problem+json.
http::response to_response(const problem& p, const http::request& r);

} // namespace switchboard::api

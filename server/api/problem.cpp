#include "api/wire/json_writer.hpp"

#include <switchboard/api/problem.hpp>
#include <switchboard/util/text.hpp>

namespace switchboard::api {

std::string_view status_title(int status) {
    switch (status) {
    case 400:
        return "Bad request";
    case 401:
        return "Not signed in";
    case 403:
        return "Not allowed";
    case 404:
        return "Not found";
    case 405:
        return "Method not allowed";
    case 409:
        return "Conflict";
    case 412:
        return "Changed in the meantime";
    case 413:
        return "Too large";
    case 415:
        return "Unsupported media type";
    case 422:
        return "Invalid";
    case 426:
        return "Upgrade required";
    case 429:
        return "Too many requests";
    case 502:
        return "Another server failed";
    case 503:
        return "Unavailable";
    default:
        return "Error";
    }
}

http::response to_response(const problem& p, const http::request& r) {
    json_writer w;
    w.begin_object();
    w.key("type");
    w.string("about:blank");
    w.key("title");
    w.string(status_title(p.status));
    w.key("status");
    w.integer(p.status);
    w.key("detail");
    w.string(clean_utf8(p.detail));
    w.key("request_id");
    w.string(clean_utf8(r.header("x-request-id")));
    w.key("errors");
    w.begin_array();
    for (const auto& e : p.errors) {
        w.begin_object();
        w.key("field");
        w.string(clean_utf8(e.field));
        w.key("message");
        w.string(e.message);
        w.end_object();
    }
    w.end_array();
    if (!p.current.empty()) {
        w.key("current");
        w.raw(p.current);
    }
    w.end_object();

    http::response out{.status = p.status, .content_type = "application/problem+json", .body = w.take()};
    if (p.retry_after) out.headers.emplace_back("Retry-After", std::to_string(*p.retry_after));
    if (p.status == 401) out.headers.emplace_back("WWW-Authenticate", "Bearer");
    return out;
}

} // namespace switchboard::api

#include "web/response_head.hpp"

#include "web/net.hpp"

#include <switchboard/util/text.hpp>

#include <boost/beast/http/status.hpp>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace switchboard::web {
namespace {

std::string_view reason(int status) {
    return beast_http::obsolete_reason(beast_http::int_to_status(static_cast<unsigned>(status)));
}

/// IMF-fixdate, made once a second: formatting a date costs more than the rest of the header.
std::string_view date() {
    thread_local std::time_t made_at = 0;
    thread_local std::string text;
    if (const auto now = std::time(nullptr); now != made_at) {
        text = fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(now));
        made_at = now;
    }
    return text;
}

bool is_ours(std::string_view name) {
    constexpr std::array<std::string_view, 7> ours{"content-length", "connection",   "transfer-encoding",     "date",
                                                   "content-type",   "x-request-id", "x-content-type-options"};
    return std::ranges::any_of(
        ours, [&](std::string_view own) { return own.size() == name.size() && lower_ascii(name) == own; });
}

void append_value(std::string& out, std::string_view value) {
    for (const char c : value) out.push_back(c == '\r' || c == '\n' || c == '\0' ? ' ' : c);
}

} // namespace

response problem(int status, std::string_view detail) {
    response r;
    r.status = status;
    r.content_type = "application/problem+json";
    r.body = fmt::format(R"({{"type":"about:blank","title":"{}","status":{},"detail":"{}"}})", reason(status), status,
                         detail);
    if (status == 503) r.headers.emplace_back("Retry-After", "2");
    return r;
}

std::string response_head(const response& r, std::string_view request_id, bool keep_alive, framing end) {
    std::string head;
    head.reserve(512);
    fmt::format_to(std::back_inserter(head), "HTTP/1.1 {} {}\r\nDate: {}\r\n", r.status, reason(r.status), date());
    if (may_have_body(r.status)) {
        if (!r.content_type.empty()) {
            head += "Content-Type: ";
            append_value(head, r.content_type);
            head += "\r\n";
        }
        if (end == framing::length)
            fmt::format_to(std::back_inserter(head), "Content-Length: {}\r\n", body_of(r).size());
        else if (end == framing::chunks)
            head += "Transfer-Encoding: chunked\r\n";
    }
    fmt::format_to(std::back_inserter(head),
                   "X-Request-Id: {}\r\nX-Content-Type-Options: nosniff\r\nConnection: {}\r\n", request_id,
                   keep_alive ? "keep-alive" : "close");
    for (const auto& [name, value] : r.headers) {
        if (is_ours(name)) continue;
        append_value(head, name);
        head += ": ";
        append_value(head, value);
        head += "\r\n";
    }
    head += "\r\n";
    return head;
}

} // namespace switchboard::web

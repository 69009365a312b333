#include "web/request_parser.hpp"

#include "web/target.hpp"

#include <switchboard/util/text.hpp>

#include <boost/beast/http/error.hpp>

#include <algorithm>

namespace switchboard::web {
namespace {

constexpr std::size_t max_fields = 200;
constexpr request_parser::refusal too_large{413, "the body is larger than this address takes"};

} // namespace

request_parser::request_parser() {
    // The base must know its limit before the first byte; ours depends on the request, so allow_body checks it.
    basic_parser::body_limit(boost::none);
}

void request_parser::allow_body(std::size_t limit, std::size_t reserve) {
    body_limit_ = limit;
    reserve_ = reserve;
    if (const auto length = content_length(); length && *length > limit) refused_ = too_large;
}

void request_parser::refuse(int status, std::string_view detail, error_code& ec) {
    refused_ = refusal{status, detail};
    ec = beast_http::error::bad_value;
}

void request_parser::on_request_impl(beast_http::verb, beast::string_view method, beast::string_view target,
                                     int version, error_code& ec) {
    http_11_ = version == 11;
    request_.method = method;
    if (method == "CONNECT") return refuse(501, "CONNECT is not supported", ec);
    if (!split_target(target, request_)) refuse(400, "the request target is not a valid path", ec);
}

void request_parser::on_field_impl(beast_http::field field, beast::string_view name, beast::string_view value,
                                   error_code& ec) {
    if (header_done_) return;
    if (request_.headers.size() == max_fields) return refuse(431, "too many header fields", ec);
    if (field == beast_http::field::host) ++hosts_;
    if (field == beast_http::field::expect) {
        if (lower_ascii(value) != "100-continue") return refuse(417, "only 100-continue can be expected", ec);
        expects_continue_ = true;
    }
    if (field == beast_http::field::transfer_encoding && lower_ascii(value) != "chunked") foreign_coding_ = true;
    auto key = lower_ascii(name);
    if (key == "x-request-id") return; // ours comes later; a stranger's would confuse the log
    request_.headers.emplace_back(std::move(key), value);
}

void request_parser::on_header_impl(error_code& ec) {
    header_done_ = true;
    if (foreign_coding_) return refuse(501, "the only transfer coding is chunked", ec);
    if (hosts_ > 1 || (hosts_ == 0 && http_11_)) return refuse(400, "exactly one Host header is needed", ec);
}

void request_parser::on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) {
    if (length) request_.body.reserve(std::min<std::uint64_t>(*length, reserve_));
}

std::size_t request_parser::on_body_impl(beast::string_view bytes, error_code&) {
    request_.body.append(bytes.data(), bytes.size());
    return bytes.size();
}

void request_parser::on_chunk_header_impl(std::uint64_t size, beast::string_view, error_code& ec) {
    if (size > body_limit_ - request_.body.size()) refuse(too_large.status, too_large.detail, ec);
}

std::size_t request_parser::on_chunk_body_impl(std::uint64_t, beast::string_view bytes, error_code&) {
    request_.body.append(bytes.data(), bytes.size());
    return bytes.size();
}

} // namespace switchboard::web

#pragma once

#include "web/net.hpp"

#include <switchboard/web/http.hpp>

#include <boost/beast/http/basic_parser.hpp>

#include <optional>

namespace switchboard::web {

/// Parses straight into our plain request: no field container in between, no second copy of the body.
class request_parser final : public beast_http::basic_parser<true> {
public:
    struct refusal {
        int status;
        std::string_view detail;
    };

    request_parser();

    web::request& request() { return request_; }

    /// Why the request is refused, once the parser has seen enough. Set before the body is read where possible.
    const std::optional<refusal>& refused() const { return refused_; }

    /// Once the header is there: how large its body may be. A length that it names is judged at once; `reserve` is the
    /// memory that is given for a mere promise of it.
    void allow_body(std::size_t limit, std::size_t reserve);

    /// Older clients understand no chunks.
    bool is_http_11() const { return http_11_; }

    /// The client waits for "100 Continue" before it sends the body.
    bool expects_continue() const { return expects_continue_; }

private:
    void on_request_impl(beast_http::verb, beast::string_view method, beast::string_view target, int version,
                         error_code& ec) override;
    void on_response_impl(int, beast::string_view, int, error_code&) override {}
    void on_field_impl(beast_http::field field, beast::string_view name, beast::string_view value,
                       error_code& ec) override;
    void on_header_impl(error_code& ec) override;
    void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override;
    std::size_t on_body_impl(beast::string_view bytes, error_code& ec) override;
    void on_chunk_header_impl(std::uint64_t size, beast::string_view, error_code& ec) override;
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes, error_code& ec) override;
    void on_finish_impl(error_code&) override {}

    void refuse(int status, std::string_view detail, error_code& ec);

    web::request request_;
    std::optional<refusal> refused_;
    std::size_t body_limit_ = 0, reserve_ = 0;
    int hosts_ = 0;
    bool header_done_ = false; // what follows are trailers, which we ignore
    bool http_11_ = false;
    bool expects_continue_ = false;
    bool foreign_coding_ = false;
};

} // namespace switchboard::web

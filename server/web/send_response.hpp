#pragma once

#include "web/net.hpp"
#include "web/response_head.hpp"

#include <switchboard/util/log.hpp>

#include <boost/asio/write.hpp>

#include <fmt/format.h>

#include <array>
#include <exception>
#include <string>
#include <string_view>

namespace switchboard::web {

/// How an answer is sent, beside what it is.
struct sending {
    std::string_view request_id;
    bool keep_alive = false, head_only = false;
    framing end = framing::length;
};

/// Whether all of it went out. `before(bytes)` is called before so many are written.
template <class Stream, class Before>
asio::awaitable<bool> send_whole(Stream& stream, const response& r, sending how, Before before) {
    const auto head = response_head(r, how.request_id, how.keep_alive, how.end);
    const auto body = how.head_only || !may_have_body(r.status) ? std::string_view{} : body_of(r);
    const std::array<asio::const_buffer, 2> parts{asio::buffer(head), asio::buffer(body)};
    before(body.size());
    auto [ec, n] = co_await asio::async_write(stream, parts, tok);
    co_return !ec;
}

/// One piece is held at a time: the next is asked for when the client has taken the one before.
template <class Stream, class Before>
asio::awaitable<bool> send_pieces(Stream& stream, const response& r, sending how, Before before) {
    auto out = response_head(r, how.request_id, how.keep_alive, how.end);
    for (bool more = true; more;) {
        std::string piece;
        try {
            piece = co_await r.next_piece();
        } catch (const std::exception& e) {
            log::error("request_failed", {{"request", how.request_id}, {"reason", e.what()}});
            co_return false;
        }
        more = !piece.empty();
        if (how.end == framing::chunks)
            out += fmt::format("{:x}\r\n{}\r\n", piece.size(), piece); // the last is empty
        else
            out += piece;
        before(out.size());
        auto [ec, n] = co_await asio::async_write(stream, asio::buffer(out), tok);
        if (ec) co_return false;
        out.clear();
    }
    co_return true;
}

} // namespace switchboard::web

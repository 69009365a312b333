#include "web/http_session.hpp"

#include "web/request_parser.hpp"
#include "web/response_head.hpp"
#include "web/tls_stream.hpp"
#include "web/websocket_session.hpp"

#include <switchboard/util/log.hpp>
#include <switchboard/util/text.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include <fmt/format.h>

#include <array>

namespace switchboard::web {
namespace {

constexpr std::size_t first_read = 4u << 10;
constexpr std::size_t body_read = 64u << 10;
constexpr std::size_t slowest_reader = 16u << 10; // bytes per second; a slower one is cut
constexpr auto linger_time = std::chrono::seconds(2);
constexpr std::size_t linger_bytes = 1u << 20;

bool has_token(std::string_view list, std::string_view token) {
    for (const auto& item : beast_http::token_list{beast::string_view(list)})
        if (lower_ascii(item) == token) return true;
    return false;
}

bool wants_websocket(const request& r) {
    return r.method == "GET" && has_token(r.header("upgrade"), "websocket") &&
           has_token(r.header("connection"), "upgrade");
}

beast_http::request<beast_http::empty_body> handshake_of(const request& r) {
    beast_http::request<beast_http::empty_body> out{beast_http::verb::get, "/", 11};
    for (const auto* name : {"host", "connection", "upgrade", "sec-websocket-key", "sec-websocket-version"})
        out.set(name, r.header(name));
    return out;
}

template <class Stream>
class http_session final : public connection, public std::enable_shared_from_this<http_session<Stream>> {
public:
    http_session(std::shared_ptr<server_state> state, Stream stream, std::string remote)
        : connection(std::move(state)), stream_(std::move(stream)), remote_(std::move(remote)) {}
    ~http_session() override { release_body(); }

    asio::awaitable<void> run();

    void on_deadline() override {
        // Cancelled, not closed: a slow sender is still to be told 408.
        timed_out_ = true;
        error_code ignored;
        socket_of(stream_).cancel(ignored);
    }
    void stop() override {
        if (idle_) cut();
    }
    void cut() override {
        error_code ignored;
        socket_of(stream_).close(ignored);
    }

private:
    enum class received { request, refused, nothing };

    asio::awaitable<received> receive(request_parser& parser, response& refusal);
    asio::awaitable<response> answer(request r, std::string_view request_id);
    asio::awaitable<std::optional<response>> offer_upgrade(request r, std::string_view request_id);
    asio::awaitable<bool> send(const response& r, std::string_view request_id, bool keep_alive, bool head_only);
    asio::awaitable<void> close_gently(bool body_may_follow);

    std::optional<response> admit(const request_parser& parser) const;
    response fault(std::string_view request_id, std::string_view what) const;
    bool charge_body(std::size_t size);
    void release_body();
    void expire_in(steady::duration d) {
        timed_out_ = false;
        deadline = steady::now() + d;
    }

    Stream stream_;
    std::string remote_;
    beast::flat_buffer buffer_;
    std::size_t charged_ = 0; // of server_state::buffered
    bool idle_ = true;        // between requests
    bool timed_out_ = false;
};

template <class Stream>
bool http_session<Stream>::charge_body(std::size_t size) {
    state_->buffered += size - charged_;
    charged_ = size;
    return state_->buffered <= state_->options.buffered_bytes;
}

template <class Stream>
void http_session<Stream>::release_body() {
    state_->buffered -= charged_;
    charged_ = 0;
}

/// What the header alone can be refused for.
template <class Stream>
std::optional<response> http_session<Stream>::admit(const request_parser& parser) const {
    const auto length = parser.content_length().value_or(0);
    if (state_->buffered + length > state_->options.buffered_bytes)
        return problem(503, "the server holds as many request bodies as it may; try again soon");
    return std::nullopt;
}

template <class Stream>
asio::awaitable<typename http_session<Stream>::received> http_session<Stream>::receive(request_parser& parser,
                                                                                       response& refusal) {
    const auto& limits = state_->options;
    bool header_seen = false;
    for (;;) {
        while (!parser.got_some() && buffer_.size() > 0) { // RFC 9112 2.2: empty lines before a request are ignored
            const char c = *static_cast<const char*>(buffer_.data().data());
            if (c != '\r' && c != '\n') break;
            buffer_.consume(1);
        }
        if (buffer_.size() > 0) {
            if (idle_) {
                idle_ = false;
                expire_in(limits.header_timeout);
            }
            error_code ec;
            buffer_.consume(parser.put(buffer_.data(), ec));
            if (const auto& why = parser.refused()) {
                refusal = problem(why->status, why->detail);
                co_return received::refused;
            }
            if (ec && ec != beast_http::error::need_more) {
                refusal = ec == beast_http::error::header_limit ? problem(431, "the header is too large")
                                                                : problem(400, "this is not a valid HTTP request");
                co_return received::refused;
            }
            if (parser.is_header_done() && !header_seen) {
                header_seen = true;
                if (auto no = admit(parser)) {
                    refusal = std::move(*no);
                    co_return received::refused;
                }
                if (!parser.is_done()) {
                    expire_in(limits.body_timeout);
                    parser.eager(true);
                    if (buffer_.size() > 0) continue;
                    if (parser.expects_continue()) {
                        static constexpr std::string_view go = "HTTP/1.1 100 Continue\r\n\r\n";
                        if (auto [failed, n] = co_await asio::async_write(stream_, asio::buffer(go), tok); failed)
                            co_return received::nothing;
                    }
                }
            }
            if (!charge_body(parser.request().body.size())) {
                refusal = problem(503, "the server holds as many request bodies as it may; try again soon");
                co_return received::refused;
            }
            if (parser.is_done()) co_return received::request;
            if (buffer_.size() >= limits.header_bytes + body_read) { // an endless chunk header or trailer
                refusal = problem(400, "this is not a valid HTTP request");
                co_return received::refused;
            }
        }
        const auto room = header_seen ? body_read : first_read;
        auto [ec, n] = co_await stream_.async_read_some(buffer_.prepare(room), tok);
        buffer_.commit(n);
        if (!ec) continue;
        if (!timed_out_ || !parser.got_some()) co_return received::nothing;
        refusal = problem(408, header_seen ? "the body took too long" : "the header took too long");
        co_return received::refused;
    }
}

template <class Stream>
response http_session<Stream>::fault(std::string_view request_id, std::string_view what) const {
    log::error("request_failed", {{"request", request_id}, {"reason", what}});
    return problem(500, fmt::format("an internal error; its request id is {}", request_id));
}

template <class Stream>
asio::awaitable<response> http_session<Stream>::answer(request r, std::string_view request_id) {
    const auto what = r.method + ' ' + r.path;
    try {
        co_return co_await state_->on_request(std::move(r));
    } catch (const std::exception& e) {
        co_return fault(request_id, what + ": " + e.what());
    }
}

/// Nothing when the stream has been handed over to a WebSocket; else the answer of the refusal.
template <class Stream>
asio::awaitable<std::optional<response>> http_session<Stream>::offer_upgrade(request r, std::string_view request_id) {
    if (r.header("sec-websocket-version") != "13") {
        auto no = problem(426, "only WebSocket version 13 is spoken");
        no.headers.emplace_back("Sec-WebSocket-Version", "13");
        no.headers.emplace_back("Upgrade", "websocket");
        co_return no;
    }
    if (r.header("sec-websocket-key").size() != 24 || buffer_.size() > 0)
        co_return problem(400, "this is not a valid WebSocket handshake");
    websocket_start start{handshake_of(r), std::string(request_id), {}};
    const auto what = r.path;
    upgrade decision;
    try {
        decision = co_await state_->on_upgrade(std::move(r));
    } catch (const std::exception& e) {
        co_return fault(request_id, what + ": " + e.what());
    }
    if (decision.refusal) co_return std::move(*decision.refusal);
    if (state_->stopping) co_return problem(503, "the server is stopping");
    start.accepted = std::move(decision.accepted);
    start_websocket(state_, std::move(stream_), std::move(start));
    co_return std::nullopt;
}

template <class Stream>
asio::awaitable<bool> http_session<Stream>::send(const response& r, std::string_view request_id, bool keep_alive,
                                                 bool head_only) {
    auto head = response_head(r, request_id, keep_alive);
    const auto body = head_only || !may_have_body(r.status) ? std::string_view{} : body_of(r);
    expire_in(state_->options.body_timeout + std::chrono::seconds(body.size() / slowest_reader));
    const std::array<asio::const_buffer, 2> parts{asio::buffer(head), asio::buffer(body)};
    auto [ec, n] = co_await asio::async_write(stream_, parts, tok);
    deadline = steady::time_point::max();
    co_return !ec;
}

/// Closing with unread bytes makes the kernel send a reset, which can destroy our answer before the peer has read it.
template <class Stream>
asio::awaitable<void> http_session<Stream>::close_gently(bool body_may_follow) {
    expire_in(linger_time);
    if constexpr (is_tls<Stream>) {
        if (!body_may_follow) co_await stream_.async_shutdown(tok);
    }
    error_code ec;
    auto& socket = socket_of(stream_);
    socket.shutdown(tcp::socket::shutdown_send, ec);
    for (std::size_t thrown_away = 0; !ec && !timed_out_ && thrown_away < linger_bytes;) {
        buffer_.clear();
        auto [failed, n] = co_await socket.async_read_some(buffer_.prepare(first_read), tok);
        thrown_away += n;
        ec = failed;
    }
    cut();
}

template <class Stream>
asio::awaitable<void> http_session<Stream>::run() {
    if constexpr (is_tls<Stream>) {
        expire_in(state_->options.header_timeout);
        if (auto [ec] = co_await stream_.async_handshake(asio::ssl::stream_base::server, tok); ec) co_return;
    }
    expire_in(state_->options.header_timeout);
    for (;;) {
        if (state_->stopping && buffer_.size() == 0) co_return;
        response reply;
        request_parser parser(state_->limit);
        parser.header_limit(static_cast<std::uint32_t>(state_->options.header_bytes));
        const auto outcome = co_await receive(parser, reply);
        if (outcome == received::nothing) co_return;
        deadline = steady::time_point::max();
        const auto request_id = state_->next_request_id();
        if (outcome == received::refused) {
            release_body();
            if (co_await send(reply, request_id, false, parser.request().method == "HEAD")) co_await close_gently(true);
            co_return;
        }
        auto& r = parser.request();
        r.remote = remote_;
        r.secure = is_tls<Stream>;
        r.headers.emplace_back("x-request-id", request_id);
        const bool head_only = r.method == "HEAD";
        if (r.body.empty() && wants_websocket(r)) {
            auto refusal = co_await offer_upgrade(std::move(r), request_id);
            if (!refusal) co_return;
            reply = std::move(*refusal);
        } else {
            reply = co_await answer(std::move(r), request_id);
        }
        release_body();
        const bool keep_alive = parser.keep_alive() && !state_->stopping;
        if (!co_await send(reply, request_id, keep_alive, head_only)) co_return;
        if (!keep_alive) {
            co_await close_gently(false);
            co_return;
        }
        if (buffer_.size() == 0 && buffer_.capacity() > first_read) buffer_.shrink_to_fit();
        idle_ = true;
        expire_in(state_->options.idle_timeout);
    }
}

template <class Stream>
void start(std::shared_ptr<server_state> state, Stream stream, std::string remote) {
    auto& io = state->io;
    auto session = std::make_shared<http_session<Stream>>(std::move(state), std::move(stream), std::move(remote));
    asio::co_spawn(io, session->run(),
                   [session, log = log_exception("http_session")](std::exception_ptr e) { log(e); });
}

} // namespace

void start_http_session(std::shared_ptr<server_state> state, plain_stream socket, std::string remote) {
    if (state->tls) {
        auto& tls = *state->tls;
        start(std::move(state), tls_stream(std::move(socket), tls), std::move(remote));
    } else {
        start(std::move(state), std::move(socket), std::move(remote));
    }
}

} // namespace switchboard::web

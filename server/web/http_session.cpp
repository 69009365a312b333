#include "web/http_session.hpp"

#include "web/forwarded.hpp"
#include "web/held_body.hpp"
#include "web/proxy_header.hpp"
#include "web/request_parser.hpp"
#include "web/response_head.hpp"
#include "web/send_response.hpp"
#include "web/tls_stream.hpp"
#include "web/websocket_session.hpp"

#include <switchboard/util/log.hpp>
#include <switchboard/util/text.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include <fmt/format.h>

namespace switchboard::web {
namespace {

constexpr std::size_t first_read = 4u << 10;
constexpr std::size_t body_read = 64u << 10;
constexpr std::size_t slowest_reader = 16u << 10; // bytes per second; a slower one is cut
constexpr std::size_t trusted_reserve = 1u << 20; // memory given for a mere promise of Content-Length
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
        : connection(std::move(state)), stream_(std::move(stream)), remote_(std::move(remote)), body_(state_),
          shared_(state_->options.trusted_proxies.contain(remote_)), secure_(is_tls<Stream>) {
        if (!shared_) state_->welcome_stranger(*this, remote_);
    }
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
    void give_way() override;

private:
    enum class received { request, answered, refused, nothing };

    asio::awaitable<bool> begin();
    asio::awaitable<bool> hear_proxy();
    asio::awaitable<received> receive(request_parser& parser, response& refusal);
    asio::awaitable<bool> admit(request_parser& parser, response& refusal);
    asio::awaitable<response> answer(request r, std::string_view request_id);
    asio::awaitable<std::optional<response>> offer_upgrade(request r, std::string_view request_id);
    asio::awaitable<bool> send(const response& r, sending how);
    asio::awaitable<void> close_gently(bool body_may_follow);

    response fault(std::string_view request_id, std::string_view what) const;
    void expire_in(steady::duration d) {
        timed_out_ = false;
        deadline = steady::now() + d;
    }

    Stream stream_;
    std::string remote_; // who speaks on this socket: the peer, or whom its PROXY header names
    held_body body_;
    bool shared_; // by the clients of a trusted proxy: each request has its own
    bool secure_;
    beast::flat_buffer buffer_;
    bool known_ = false;     // a request on this socket has shown whose it is
    bool idle_ = true;       // between requests
    bool answering_ = false; // a request is being decided about or answered
    bool timed_out_ = false;
};

template <class Stream>
void http_session<Stream>::give_way() {
    if constexpr (!is_tls<Stream>) {
        if (!answering_) say_at_once(stream_, *state_, "there are too many connections of strangers; try again soon");
    }
    cut();
}

/// Asks who this is and what he may send, when his header is there. False: refused.
template <class Stream>
asio::awaitable<bool> http_session<Stream>::admit(request_parser& parser, response& refusal) {
    auto& r = parser.request();
    auto from = origin_of(r, remote_, secure_, state_->options.trusted_proxies);
    r.remote = std::move(from.remote);
    r.secure = from.secure || state_->options.public_is_https;
    r.headers.emplace_back("x-request-id", state_->next_request_id());
    deadline = steady::time_point::max();
    answering_ = true;
    state_->strangers.leave(this); // nobody's place is taken while his name is looked up
    admission found;
    try {
        found = co_await state_->on.admit(r);
    } catch (const std::exception& e) {
        found.refusal = fault(r.header("x-request-id"), r.method + ' ' + r.path + ": " + e.what());
    }
    answering_ = false;
    if (!shared_) {
        known_ = known_ || found.known;
        if (!known_) state_->welcome_stranger(*this, remote_);
    }
    if (found.refusal) {
        refusal = std::move(*found.refusal);
        co_return false;
    }
    const bool known = known_ || found.known;
    if (!known) body_.of_stranger(r.remote);
    parser.allow_body(found.body_bytes, known ? trusted_reserve : small_body);
    if (parser.refused()) {
        refusal = problem(parser.refused()->status, parser.refused()->detail);
        co_return false;
    }
    if (body_.is_room_for(parser.content_length().value_or(0))) co_return true;
    refusal = no_room(*state_, remote_);
    co_return false;
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
                // Where no body was to be spared the connection can be used on.
                if (!co_await admit(parser, refusal))
                    co_return parser.is_done() ? received::answered : received::refused;
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
            if (!body_.charge(parser.request().body.size())) {
                refusal = no_room(*state_, remote_);
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
        co_return co_await state_->on.answer(std::move(r));
    } catch (const std::exception& e) {
        co_return fault(request_id, what + ": " + e.what());
    }
}

/// Nothing when the stream has been handed over to a WebSocket; else the answer of the refusal.
template <class Stream>
asio::awaitable<std::optional<response>> http_session<Stream>::offer_upgrade(request r, std::string_view request_id) {
    if (!state_->on.upgrade) co_return problem(404, "no WebSocket is spoken here");
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
        decision = co_await state_->on.upgrade(std::move(r));
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
asio::awaitable<bool> http_session<Stream>::send(const response& r, sending how) {
    const auto timed = [this](std::size_t bytes) {
        expire_in(state_->options.body_timeout + std::chrono::seconds(bytes / slowest_reader));
    };
    const bool in_pieces = how.end != framing::length && !how.head_only;
    const bool sent =
        in_pieces ? co_await send_pieces(stream_, r, how, timed) : co_await send_whole(stream_, r, how, timed);
    deadline = steady::time_point::max();
    co_return sent;
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

/// What a trusted proxy may say before anything else: whose connection this is. False when it cannot be understood.
template <class Stream>
asio::awaitable<bool> http_session<Stream>::hear_proxy() {
    for (;;) {
        auto [ec, n] = co_await socket_of(stream_).async_read_some(buffer_.prepare(first_read), tok);
        if (ec) co_return false;
        buffer_.commit(n);
        const auto said = read_proxy_header({static_cast<const char*>(buffer_.data().data()), buffer_.size()});
        if (said.is == proxy_header::kind::partial) continue;
        if (said.is != proxy_header::kind::whole) co_return said.is == proxy_header::kind::absent;
        buffer_.consume(said.length);
        secure_ = secure_ || said.secure;
        if (said.source.empty()) co_return true;
        remote_ = said.source;
        shared_ = state_->options.trusted_proxies.contain(remote_);
        if (!shared_) state_->welcome_stranger(*this, remote_);
        co_return true;
    }
}

template <class Stream>
asio::awaitable<bool> http_session<Stream>::begin() {
    expire_in(state_->options.header_timeout);
    if (shared_ && !co_await hear_proxy()) co_return false;
    if constexpr (is_tls<Stream>) {
        // What came with the PROXY header is the beginning of the handshake.
        auto [ec, n] = co_await stream_.async_handshake(asio::ssl::stream_base::server, buffer_.data(), tok);
        if (ec || n != buffer_.size()) co_return false;
        buffer_.consume(n);
    }
    expire_in(state_->options.header_timeout);
    co_return true;
}

template <class Stream>
asio::awaitable<void> http_session<Stream>::run() {
    if (!co_await begin()) co_return;
    for (;;) {
        if (state_->stopping && buffer_.size() == 0) co_return;
        response reply;
        request_parser parser;
        parser.header_limit(static_cast<std::uint32_t>(state_->options.header_bytes));
        const auto outcome = co_await receive(parser, reply);
        if (outcome == received::nothing) co_return;
        deadline = steady::time_point::max();
        answering_ = true;
        auto& r = parser.request();
        std::string request_id{r.header("x-request-id")};
        if (request_id.empty()) request_id = state_->next_request_id(); // it was not even admitted
        const bool head_only = r.method == "HEAD";
        if (outcome == received::refused) {
            body_.release();
            if (co_await send(reply, {request_id, false, head_only})) co_await close_gently(true);
            co_return;
        }
        bool done = false; // whoever was refused a WebSocket has nothing else to ask, unless we know him
        if (outcome == received::request && r.body.empty() && wants_websocket(r)) {
            done = !known_;
            auto refusal = co_await offer_upgrade(std::move(r), request_id);
            if (!refusal) co_return;
            reply = std::move(*refusal);
        } else if (outcome == received::request) {
            reply = co_await answer(std::move(r), request_id);
        }
        body_.release();
        const auto end = !reply.next_piece ? framing::length : parser.is_http_11() ? framing::chunks : framing::closing;
        const bool keep_alive = parser.keep_alive() && !state_->stopping && !done && end != framing::closing;
        if (!co_await send(reply, {request_id, keep_alive, head_only, end})) co_return;
        if (!keep_alive) {
            co_await close_gently(false);
            co_return;
        }
        if (buffer_.size() == 0 && buffer_.capacity() > first_read) buffer_.shrink_to_fit();
        idle_ = true;
        answering_ = false;
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

void say_at_once(plain_stream& socket, server_state& state, std::string_view why) {
    const auto r = problem(503, why);
    const auto text = response_head(r, state.next_request_id(), false) + r.body;
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(text), ignored);
    socket.shutdown(tcp::socket::shutdown_send, ignored);
}

void start_http_session(std::shared_ptr<server_state> state, plain_stream socket, std::string remote) {
    if (state->tls) {
        auto& tls = *state->tls;
        start(std::move(state), tls_stream(std::move(socket), tls), std::move(remote));
    } else {
        start(std::move(state), std::move(socket), std::move(remote));
    }
}

} // namespace switchboard::web

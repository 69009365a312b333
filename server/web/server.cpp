#include <switchboard/web/server.hpp>

#include "web/http_session.hpp"
#include "web/tls_context.hpp"

#include <switchboard/util/log.hpp>

#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <system_error>

namespace switchboard::web {
namespace {

using acceptor = asio::basic_socket_acceptor<tcp, asio::io_context::executor_type>;

tcp::endpoint endpoint_of(asio::io_context& io, const server_options& o) {
    error_code ec;
    if (const auto address = asio::ip::make_address(o.address, ec); !ec) return {address, o.port};
    const auto found = tcp::resolver(io).resolve(o.address, std::to_string(o.port), ec);
    check(ec, "cannot find the address " + o.address);
    return found.begin()->endpoint();
}

std::string text_of(const asio::ip::address& a) {
    if (a.is_v6() && a.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, a.to_v6()).to_string();
    return a.to_string();
}

/// How often deadlines are looked at: a quarter of the shortest, so that none is late by much.
steady::duration sweep_interval(const server_options& o) {
    const auto shortest = std::min({o.header_timeout, o.body_timeout, o.idle_timeout, o.websocket_close});
    return std::clamp<steady::duration>(shortest / 4, std::chrono::milliseconds(10), std::chrono::seconds(1));
}

} // namespace

class server::impl : public std::enable_shared_from_this<server::impl> {
public:
    explicit impl(std::shared_ptr<server_state> s)
        : state(std::move(s)), listener(state->io), sweeper(state->io), pause(state->io) {}

    void listen();
    asio::awaitable<void> accept();
    asio::awaitable<void> sweep();
    void stop_listening();
    void cut_all() {
        for (auto* c : state->connections) c->cut();
        ended = true;
        sweeper.cancel();
    }

    std::shared_ptr<server_state> state;
    acceptor listener;
    asio::steady_timer sweeper, pause;
    std::uint16_t port = 0;
    bool ended = false; // nothing is left to sweep
};

void server::impl::listen() {
    const auto& o = state->options;
    if (!o.tls_certificate.empty() || !o.tls_key.empty()) state->tls.emplace(make_tls(o.tls_certificate, o.tls_key));
    const auto at = endpoint_of(state->io, o);
    const auto where = "cannot listen on " + o.address + " port " + std::to_string(o.port);
    error_code ec;
    listener.open(at.protocol(), ec);
    check(ec, where);
    listener.set_option(acceptor::reuse_address(true), ec);
    listener.bind(at, ec);
    check(ec, where);
    listener.listen(acceptor::max_listen_connections, ec);
    check(ec, where);
    port = listener.local_endpoint().port();
}

asio::awaitable<void> server::impl::accept() {
    const auto self = shared_from_this();
    while (listener.is_open()) {
        auto [ec, socket] = co_await listener.async_accept(tok);
        if (!listener.is_open()) co_return;
        if (ec == asio::error::connection_aborted) continue;
        if (ec) { // out of descriptors or memory: trying again at once would burn the thread
            log::warn("accept_failed", {{"reason", ec.message()}});
            pause.expires_after(std::chrono::milliseconds(100));
            co_await pause.async_wait(tok);
            continue;
        }
        error_code gone;
        const auto peer = socket.remote_endpoint(gone);
        if (gone) continue;
        socket.set_option(tcp::no_delay(true), gone);
        if (state->connections.size() >= state->options.max_connections) {
            if (auto* oldest = state->strangers.oldest()) {
                state->give_way(*oldest);
            } else {
                ++state->refused;
                // With TLS an answer would need a handshake, which is what we cannot afford.
                if (!state->tls)
                    say_at_once(socket, *state, "the server has as many connections as it may; try again soon");
                continue;
            }
        }
        start_http_session(state, std::move(socket), text_of(peer.address()));
    }
}

asio::awaitable<void> server::impl::sweep() {
    const auto self = shared_from_this();
    const auto interval = sweep_interval(state->options);
    for (;;) {
        sweeper.expires_after(interval);
        if (auto [ec] = co_await sweeper.async_wait(tok); ec || ended) co_return;
        const auto now = steady::now();
        for (auto* c : state->connections)
            if (c->deadline <= now) c->on_deadline();
    }
}

void server::impl::stop_listening() {
    state->stopping = true;
    error_code ignored;
    listener.close(ignored);
    pause.cancel();
}

server::server(asio::io_context& io, server_options options, handlers h)
    : impl_(std::make_shared<impl>(std::make_shared<server_state>(io, std::move(options), std::move(h)))) {}

server::~server() {
    impl_->stop_listening();
    impl_->cut_all();
}

void server::start() {
    impl_->listen();
    asio::co_spawn(impl_->state->io, impl_->accept(), log_exception("accept"));
    asio::co_spawn(impl_->state->io, impl_->sweep(), log_exception("sweep"));
}

std::uint16_t server::port() const {
    return impl_->port;
}

server_counts server::counts() const {
    const auto& s = *impl_->state;
    return {s.connections.size(), s.strangers.size(), s.refused,          s.gave_way,
            s.bodies_refused,     s.last_gave_way,    s.last_body_refused};
}

asio::awaitable<void> server::stop(std::chrono::milliseconds grace) {
    const auto self = impl_;
    auto& state = *self->state;
    self->stop_listening();
    for (auto* c : state.connections) c->stop();
    if (!state.connections.empty()) {
        state.drained.expires_after(grace);
        co_await state.drained.async_wait(tok);
    }
    self->cut_all();
}

} // namespace switchboard::web

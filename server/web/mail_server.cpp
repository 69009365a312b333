#include <switchboard/web/mail_server.hpp>

#include "web/mail_session.hpp"
#include "web/server_state.hpp"
#include "web/tls_context.hpp"

#include <switchboard/util/address.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/host_name.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <vector>

namespace switchboard::web {
namespace {

using local = asio::local::stream_protocol;
using generic = asio::generic::stream_protocol;
using mail_acceptor = asio::basic_socket_acceptor<generic, asio::io_context::executor_type>;

bool is_unix(const std::string& listen) {
    return listen.contains('/');
}

/// "host:port" or "[v6]:port".
tcp::endpoint tcp_endpoint(asio::io_context& io, const std::string& listen) {
    const auto colon = listen.rfind(':');
    if (colon == listen.npos)
        check(asio::error::make_error_code(asio::error::invalid_argument), "host:port is missing in " + listen);
    auto host = listen.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    error_code ec;
    const auto found = tcp::resolver(io).resolve(host, listen.substr(colon + 1), tcp::resolver::passive, ec);
    check(ec, "cannot find the address " + listen);
    return found.begin()->endpoint();
}

/// A socket that nobody listens on any more is in the way of a new one.
void remove_dead_socket(asio::io_context& io, const std::string& path) {
    struct stat about{};
    if (::lstat(path.c_str(), &about) != 0 || !S_ISSOCK(about.st_mode)) return;
    local::socket probe{io};
    error_code ec;
    probe.connect(local::endpoint{path}, ec);
    if (ec == asio::error::connection_refused) ::unlink(path.c_str());
}

std::string remote_of(const mail_socket& socket, bool is_local) {
    if (is_local) return "unix";
    error_code gone;
    const auto any = socket.remote_endpoint(gone);
    if (gone) return {};
    tcp::endpoint peer;
    peer.resize(std::min<std::size_t>(any.size(), peer.capacity()));
    std::copy_n(reinterpret_cast<const char*>(any.data()), peer.size(), reinterpret_cast<char*>(peer.data()));
    return peer.address().to_string();
}

} // namespace

class mail_server::impl : public std::enable_shared_from_this<mail_server::impl> {
public:
    explicit impl(std::shared_ptr<mail_server_state> s)
        : state{std::move(s)}, listener{state->io}, sweeper{state->io}, pause{state->io} {}

    void listen();
    asio::awaitable<void> accept();
    asio::awaitable<void> sweep();
    bool make_room(const std::string& address) const;
    void refuse(mail_socket socket) const;
    void stop_listening();
    void cut_all() {
        for (auto* s : state->sessions) s->cut();
        ended = true;
        sweeper.cancel();
    }

    std::shared_ptr<mail_server_state> state;
    mail_acceptor listener;
    asio::steady_timer sweeper, pause;
    std::uint16_t port = 0;
    bool ended = false;
};

void mail_server::impl::listen() {
    const auto& o = state->options;
    if (!o.tls_certificate.empty() || !o.tls_key.empty()) state->tls.emplace(make_tls(o.tls_certificate, o.tls_key));
    error_code ec;
    state->hostname = o.hostname.empty() ? asio::ip::host_name(ec) : o.hostname;
    const bool local_socket = is_unix(o.listen);
    if (local_socket) remove_dead_socket(state->io, o.listen);
    const generic::endpoint at = local_socket ? generic::endpoint{local::endpoint{o.listen}}
                                              : generic::endpoint{tcp_endpoint(state->io, o.listen)};
    const auto where = "cannot listen for mail on " + o.listen;
    listener.open(at.protocol(), ec);
    check(ec, where);
    if (!local_socket) listener.set_option(mail_acceptor::reuse_address(true), ec);
    listener.bind(at, ec);
    check(ec, where);
    listener.listen(mail_acceptor::max_listen_connections, ec);
    check(ec, where);
    if (local_socket) return;
    const auto bound = listener.local_endpoint(ec);
    tcp::endpoint own;
    own.resize(std::min<std::size_t>(bound.size(), own.capacity()));
    std::copy_n(reinterpret_cast<const char*>(bound.data()), own.size(), reinterpret_cast<char*>(own.data()));
    port = own.port();
}

asio::awaitable<void> mail_server::impl::accept() {
    const auto self = shared_from_this();
    const bool is_local = is_unix(state->options.listen);
    while (listener.is_open()) {
        auto [ec, accepted] = co_await listener.async_accept(tok);
        if (!listener.is_open()) co_return;
        if (ec == asio::error::connection_aborted) continue;
        if (ec) { // out of descriptors or memory: trying again at once would burn the thread
            log::warn("mail_accept_failed", {{"reason", ec.message()}});
            pause.expires_after(std::chrono::milliseconds(100));
            co_await pause.async_wait(tok);
            continue;
        }
        error_code ignored;
        if (!is_local) accepted.set_option(tcp::no_delay(true), ignored);
        auto remote = remote_of(accepted, is_local);
        if (!make_room(address_prefix(remote))) {
            refuse(std::move(accepted));
            continue;
        }
        auto session = std::make_shared<mail_session>(state, std::move(accepted), std::move(remote));
        asio::co_spawn(state->io, session->run(), log_exception("mail"));
    }
}

/// For one more of this address. Whoever has waited longest for its peer gives way, so that those who only hold
/// connections keep nobody out; false when all of them bring mails.
bool mail_server::impl::make_room(const std::string& address) const {
    const auto& o = state->options;
    std::size_t own = 0;
    mail_session *rests = nullptr, *own_rests = nullptr;
    const auto longer = [](const mail_session* a, const mail_session* b) {
        return b == nullptr || a->resting_since() < b->resting_since();
    };
    for (auto* s : state->sessions) {
        const bool is_own = s->address() == address;
        own += is_own;
        if (!s->resting_since()) continue;
        if (longer(s, rests)) rests = s;
        if (is_own && longer(s, own_rests)) own_rests = s;
    }
    const bool too_many_own = o.connections_each > 0 && own >= o.connections_each;
    if (!too_many_own && state->sessions.size() < o.max_connections) return true;
    if (too_many_own) rests = own_rests;
    if (rests == nullptr) return false;
    rests->give_way();
    return true;
}

void mail_server::impl::refuse(mail_socket socket) const {
    const auto text = "421 4.3.2 " + state->hostname + " has as many connections as it may; try again soon\r\n";
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(text), ignored);
    socket.shutdown(mail_socket::shutdown_send, ignored);
}

asio::awaitable<void> mail_server::impl::sweep() {
    const auto self = shared_from_this();
    const auto shortest = std::min(state->options.command_timeout, state->options.data_timeout);
    const auto interval =
        std::clamp<steady::duration>(shortest / 4, std::chrono::milliseconds(10), std::chrono::seconds(1));
    for (;;) {
        sweeper.expires_after(interval);
        if (auto [ec] = co_await sweeper.async_wait(tok); ec || ended) co_return;
        const auto now = steady::now();
        for (auto* s : state->sessions) s->on_sweep(now);
    }
}

void mail_server::impl::stop_listening() {
    state->stopping = true;
    error_code ignored;
    const bool was_open = listener.is_open();
    listener.close(ignored);
    if (was_open && is_unix(state->options.listen)) ::unlink(state->options.listen.c_str());
    pause.cancel();
}

mail_server::mail_server(asio::io_context& io, mail_server_options options, recipient_check check, mail_handler take)
    : impl_{std::make_shared<impl>(
          std::make_shared<mail_server_state>(io, std::move(options), std::move(check), std::move(take)))} {}

mail_server::~mail_server() {
    impl_->stop_listening();
    impl_->cut_all();
}

void mail_server::start() {
    impl_->listen();
    asio::co_spawn(impl_->state->io, impl_->accept(), log_exception("mail_accept"));
    asio::co_spawn(impl_->state->io, impl_->sweep(), log_exception("mail_sweep"));
}

std::uint16_t mail_server::port() const {
    return impl_->port;
}

std::size_t mail_server::connections() const {
    return impl_->state->sessions.size();
}

asio::awaitable<void> mail_server::stop(std::chrono::milliseconds grace) {
    const auto self = impl_;
    auto& state = *self->state;
    self->stop_listening();
    for (auto* s : state.sessions) s->stop();
    if (!state.sessions.empty()) {
        state.drained.expires_after(grace);
        co_await state.drained.async_wait(tok);
    }
    self->cut_all();
}

} // namespace switchboard::web

#include "support.hpp"

#include <switchboard/util/text.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>

#include <stdexcept>

namespace switchboard::web::test {
namespace {

constexpr auto tok = asio::as_tuple(asio::use_awaitable);

asio::awaitable<admission> look_at(const request& r) {
    if (r.path == "/admit_throws") throw std::runtime_error("the doorkeeper's own trouble");
    admission out{.known = r.header("x-known") == "yes",
                  .body_bytes = r.path.starts_with("/large") ? large_limit : small_limit};
    if (r.path == "/members" && !out.known) out.refusal = response{.status = 401, .body = "who are you?"};
    co_return out;
}

} // namespace

server_options patient() {
    server_options o;
    o.port = 0;
    o.header_timeout = o.body_timeout = o.idle_timeout = o.websocket_close = 30s;
    return o;
}

running_server::running_server(server_options options) {
    server_ = std::make_unique<server>(io_, std::move(options),
                                       handlers{[](request& r) { return look_at(r); },
                                                [this](request r) { return answer(std::move(r)); },
                                                [this](request r) { return admit(std::move(r)); }});
    server_->start();
    port_ = server_->port();
    gate_.expires_at(asio::steady_timer::time_point::max());
    thread_ = std::thread([this] { io_.run(); });
}

running_server::~running_server() {
    on_io([this] {
        gate_.cancel();
        server_.reset();
        return 0;
    });
    work_.reset();
    thread_.join(); // hangs if the server leaves anything behind
}

asio::awaitable<response> running_server::answer(request r) {
    ++handled_;
    last_ = r;
    response out;
    if (r.path == "/throw") throw std::runtime_error("the handler's own trouble");
    if (r.path == "/hold") {
        held_.set_value();
        co_await gate_.async_wait(tok);
    }
    if (r.path == "/inject") out.headers.emplace_back("X-Note", "a\r\nSet-Cookie: stolen=1");
    if (r.path.starts_with("/pieces"))
        out.next_piece = [left = 3, breaks = r.path == "/pieces/that-break"] mutable -> asio::awaitable<std::string> {
            if (breaks && left == 1) throw std::runtime_error("the handler's own trouble");
            if (left == 0) co_return std::string{};
            co_return std::string(static_cast<std::size_t>(left--) * 10, 'p');
        };
    else if (r.path == "/big")
        out.shared_body = std::make_shared<const std::string>(4u << 20, 'b');
    else if (r.path == "/echo" || r.path.starts_with("/large"))
        out.body = std::move(r.body);
    else
        out.body = R"({"method":")" + r.method + R"(","path":")" + r.path + R"("})";
    co_return out;
}

asio::awaitable<upgrade> running_server::admit(request r) {
    ++handled_;
    upgrade u;
    if (r.path == "/closed") {
        u.refusal.emplace().status = 403;
        co_return u;
    }
    u.accepted = [this](std::shared_ptr<websocket> w) {
        w->on_message = [this](std::string_view text) { message_.set_value(std::string(text)); };
        w->on_close = [this] { closed_.set_value(); };
        accepted_.set_value(std::move(w));
    };
    co_return u;
}

void running_server::wait_for_connections(std::size_t count) {
    while (on_io([this] { return server_->counts().connections; }) != count) std::this_thread::yield();
}

std::future<void> running_server::stop(std::chrono::milliseconds grace) {
    return asio::co_spawn(io_, server_->stop(grace), asio::use_future);
}

void running_server::wait_until_held() {
    held_.get_future().wait();
}
void running_server::release() {
    on_io([this] { return gate_.cancel(); });
}

std::shared_ptr<websocket> running_server::accepted() {
    return accepted_.get_future().get();
}
std::string running_server::last_message() {
    return message_.get_future().get();
}
void running_server::wait_until_closed() {
    closed_.get_future().wait();
}

peer::peer(std::uint16_t port) {
    socket_.connect({asio::ip::make_address("127.0.0.1"), port});
}

peer& peer::send(std::string_view bytes) {
    boost::system::error_code refused; // the server may have hung up already; the answer is what is looked at
    asio::write(socket_, asio::buffer(bytes), refused);
    return *this;
}

std::string peer::read_some() {
    std::string chunk(64u << 10, '\0');
    boost::system::error_code ended;
    chunk.resize(socket_.read_some(asio::buffer(chunk), ended));
    return chunk;
}

std::string peer::read_to_end() {
    for (auto chunk = read_some(); !chunk.empty(); chunk = read_some()) unread_ += chunk;
    return std::exchange(unread_, {});
}

struct answer peer::read_answer(bool to_head) {
    struct answer a;
    std::size_t end = 0;
    while ((end = unread_.find("\r\n\r\n")) == std::string::npos) {
        const auto chunk = read_some();
        if (chunk.empty()) return a;
        unread_ += chunk;
    }
    std::string_view head(unread_.data(), end);
    a.status = std::stoi(std::string(head.substr(9, 3)));
    while (true) {
        const auto line_end = head.find("\r\n");
        if (line_end == head.npos) break;
        head.remove_prefix(line_end + 2);
        const auto line = head.substr(0, head.find("\r\n"));
        const auto colon = line.find(": ");
        a.headers[lower_ascii(line.substr(0, colon))] = line.substr(colon + 2);
    }
    unread_.erase(0, end + 4);
    const std::size_t length =
        to_head || !a.headers.contains("content-length") ? 0 : std::stoul(a.headers["content-length"]);
    while (unread_.size() < length) {
        const auto chunk = read_some();
        if (chunk.empty()) break;
        unread_ += chunk;
    }
    a.body = unread_.substr(0, length);
    unread_.erase(0, length);
    return a;
}

void peer::close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
}

answer ask(std::uint16_t port, std::string_view bytes) {
    return peer(port).send(bytes).read_answer();
}

} // namespace switchboard::web::test

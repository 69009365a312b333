#include "support/websocket_client.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

namespace switchboard::test {

namespace asio = boost::asio;
namespace beast = boost::beast;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 10s;

} // namespace

struct websocket_client::parts {
    asio::io_context io;
    beast::websocket::stream<asio::ip::tcp::socket, false> ws{io};
    beast::flat_buffer buffer;
    bool reading = false, arrived = false, closed = false;

    void read() {
        if (std::exchange(reading, true)) return;
        ws.async_read(buffer, [this](boost::system::error_code error, std::size_t) {
            reading = false;
            (error ? closed : arrived) = true;
        });
    }
};

websocket_client::websocket_client(std::uint16_t port, const std::string& target, const headers& fields,
                                   int receive_buffer)
    : parts_{std::make_unique<parts>()} {
    auto& socket = parts_->ws.next_layer();
    socket.open(asio::ip::tcp::v4());
    if (receive_buffer > 0) socket.set_option(asio::socket_base::receive_buffer_size{receive_buffer});
    socket.connect({asio::ip::make_address("127.0.0.1"), port});
    parts_->ws.read_message_max(16u << 20);
    parts_->ws.set_option(beast::websocket::stream_base::decorator([&](beast::websocket::request_type& r) {
        for (const auto& [name, value] : fields) r.set(name, value);
    }));
    beast::websocket::response_type answer;
    boost::system::error_code error;
    parts_->ws.handshake(answer, "127.0.0.1:" + std::to_string(port), target, error);
    if (error)
        throw std::runtime_error{target + " refused: " + std::to_string(answer.result_int()) + " " + answer.body()};
    parts_->ws.text(true);
}

websocket_client::~websocket_client() = default;
websocket_client::websocket_client(websocket_client&&) noexcept = default;
websocket_client& websocket_client::operator=(websocket_client&&) noexcept = default;

void websocket_client::send(const json& frame) {
    send_text(frame.dump());
}

void websocket_client::send_text(const std::string& text) {
    parts_->ws.write(asio::buffer(text));
}

std::optional<json> websocket_client::next() {
    auto& p = *parts_;
    const auto latest = std::chrono::steady_clock::now() + patience;
    while (!p.closed) {
        p.read();
        p.io.restart();
        while (!p.arrived && !p.closed)
            if (p.io.run_one_until(latest) == 0) throw std::runtime_error{"no frame within ten seconds"};
        if (!std::exchange(p.arrived, false)) break;
        auto frame = json::parse(beast::buffers_to_string(p.buffer.data()));
        p.buffer.consume(p.buffer.size());
        if (frame.at("type") == "heartbeat") continue;
        seen.push_back(frame);
        return frame;
    }
    return std::nullopt;
}

json websocket_client::until(const std::function<bool(const json&)>& is_it) {
    const auto first = seen.size();
    const auto latest = std::chrono::steady_clock::now() + 3 * patience;
    std::string why = "the server closed the socket";
    try {
        while (const auto frame = next()) {
            if (is_it(*frame)) return *frame;
            if (std::chrono::steady_clock::now() > latest) throw std::runtime_error{"half a minute of other frames"};
        }
    } catch (const std::runtime_error& silence) {
        why = silence.what();
    }
    for (auto i = first; i < seen.size(); ++i) why += "\n  instead: " + seen[i].dump().substr(0, 300);
    throw std::runtime_error{why};
}

json websocket_client::until(const std::string& type) {
    return until([&](const json& frame) { return frame.at("type") == type; });
}

int websocket_client::close_code() const {
    return parts_->ws.reason().code;
}

int upgrade_answer(std::uint16_t port, const std::string& target, const headers& fields) {
    headers all{
        {"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}, {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}};
    all.insert(all.end(), fields.begin(), fields.end());
    return send_request(port, "GET", target, {}, all, "Upgrade, close").status;
}

void eventually(const std::function<bool()>& is_so, const std::string& what) {
    const auto latest = std::chrono::steady_clock::now() + patience;
    while (!is_so()) {
        if (std::chrono::steady_clock::now() > latest) {
            ADD_FAILURE() << "not within ten seconds: " << what;
            return;
        }
        std::this_thread::sleep_for(5ms);
    }
}

} // namespace switchboard::test

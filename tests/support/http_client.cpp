#include "support/http_client.hpp"

#include <switchboard/util/text.hpp>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <gtest/gtest.h>

#include <stdexcept>

namespace switchboard::test {

namespace {

http_answer parse_answer(const std::string& raw) {
    const auto end = raw.find("\r\n\r\n");
    if (!raw.starts_with("HTTP/1.1 ") || end == raw.npos) throw std::runtime_error{"not an HTTP answer: " + raw};
    http_answer out;
    out.status = std::stoi(raw.substr(9, 3));
    out.body = raw.substr(end + 4);
    for (auto at = raw.find("\r\n") + 2; at < end;) {
        const auto next = raw.find("\r\n", at);
        const auto colon = raw.find(':', at);
        out.fields.emplace_back(lower_ascii(raw.substr(at, colon - at)),
                                std::string{trim(std::string_view{raw}.substr(colon + 1, next - colon - 1))});
        at = next + 2;
    }
    return out;
}

} // namespace

std::string http_answer::header(std::string_view name) const {
    for (const auto& [key, value] : fields)
        if (key == name) return value;
    return {};
}

nlohmann::json http_answer::json() const {
    auto value = nlohmann::json::parse(body, nullptr, false);
    EXPECT_FALSE(value.is_discarded()) << status << ' ' << body;
    return value;
}

namespace {

/// What came in pieces, as a whole. Throws when the last is missing.
std::string without_chunks(std::string_view raw) {
    std::string out;
    for (;;) {
        const auto end = raw.find("\r\n");
        if (end == raw.npos) throw std::runtime_error{"the answer has no end"};
        const auto size = std::stoul(std::string{raw.substr(0, end)}, nullptr, 16);
        if (size == 0) return out;
        if (raw.size() < end + size + 4) throw std::runtime_error{"the answer was cut"};
        out += raw.substr(end + 2, size);
        raw.remove_prefix(end + size + 4);
    }
}

http_answer send_request_by(boost::asio::ip::tcp::socket& socket, std::uint16_t port, const std::string& method,
                            const std::string& target, const std::string& body, const headers& fields,
                            const std::string& connection) {
    namespace asio = boost::asio;
    std::string text = method + ' ' + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: " + connection + "\r\n";
    if (!body.empty() || method == "POST") text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    for (const auto& [name, value] : fields) text += name + ": " + value + "\r\n";
    text += "\r\n" + body;

    socket.connect({asio::ip::make_address("127.0.0.1"), port});
    boost::system::error_code error;
    asio::write(socket, asio::buffer(text), error); // the server may answer and close before it has read all
    std::string raw;
    asio::read(socket, asio::dynamic_buffer(raw), error);

    auto out = parse_answer(raw);
    if (out.header("transfer-encoding") == "chunked") out.body = without_chunks(out.body);
    return out;
}

} // namespace

http_answer send_request(std::uint16_t port, const std::string& method, const std::string& target,
                         const std::string& body, const headers& fields, const std::string& connection) {
    boost::asio::io_context io;
    boost::asio::ip::tcp::socket socket{io};
    return send_request_by(socket, port, method, target, body, fields, connection);
}

http_answer send_request_from(const std::string& address, std::uint16_t port, const std::string& method,
                              const std::string& target, const std::string& body, const headers& fields) {
    using boost::asio::ip::tcp;
    boost::asio::io_context io;
    tcp::socket socket{io, tcp::endpoint{boost::asio::ip::make_address(address), 0}};
    return send_request_by(socket, port, method, target, body, fields, "close");
}

struct kept_connection::parts {
    boost::asio::io_context io;
    boost::asio::ip::tcp::socket socket{io};
    std::string buffer;
    std::uint16_t port = 0;

    void connect() {
        socket = boost::asio::ip::tcp::socket{io};
        socket.connect({boost::asio::ip::make_address("127.0.0.1"), port});
        socket.set_option(boost::asio::ip::tcp::no_delay{true});
        buffer.clear();
    }
};

kept_connection::kept_connection(std::uint16_t port) : parts_{std::make_unique<parts>()} {
    parts_->port = port;
    parts_->connect();
}
kept_connection::~kept_connection() = default;

http_answer kept_connection::send(const std::string& method, const std::string& target, const std::string& body,
                                  const headers& fields) {
    namespace asio = boost::asio;
    std::string text = method + ' ' + target +
                       " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    for (const auto& [name, value] : fields) text += name + ": " + value + "\r\n";
    text += "\r\n" + body;
    auto& [io, socket, buffer, port] = *parts_;
    asio::write(socket, asio::buffer(text));
    const auto head = asio::read_until(socket, asio::dynamic_buffer(buffer), "\r\n\r\n");
    auto out = parse_answer(buffer.substr(0, head));
    const auto length = out.header("content-length");
    const auto whole = head + (length.empty() ? 0 : std::stoul(length));
    if (buffer.size() < whole)
        asio::read(socket, asio::dynamic_buffer(buffer), asio::transfer_exactly(whole - buffer.size()));
    out.body = buffer.substr(head, whole - head);
    buffer.erase(0, whole);
    if (out.header("connection") == "close") parts_->connect();
    return out;
}

} // namespace switchboard::test

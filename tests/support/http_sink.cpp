#include "support/http_sink.hpp"

#include <switchboard/util/text.hpp>

#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include <sstream>
#include <stdexcept>

namespace switchboard::test {

namespace asio = boost::asio;
using asio::ip::tcp;

std::string taken_request::header(std::string_view name) const {
    for (const auto& [key, value] : fields)
        if (key == name) return value;
    return {};
}

http_sink::http_sink() : thread_{[this] { serve(); }} {}

http_sink::~http_sink() {
    stopping_ = true;
    boost::system::error_code ignored;
    tcp::socket last{io_}; // ends accept()
    last.connect(listener_.local_endpoint(), ignored);
    thread_.join();
}

std::string http_sink::url(const std::string& path) const {
    return fmt::format("http://127.0.0.1:{}{}", listener_.local_endpoint().port(), path);
}

taken_request http_sink::next() {
    std::unique_lock lock{mutex_};
    if (!came_.wait_for(lock, std::chrono::seconds{10}, [this] { return !taken_.empty(); }))
        throw std::runtime_error{"nothing was posted"};
    auto first = std::move(taken_.front());
    taken_.erase(taken_.begin());
    return first;
}

void http_sink::talk(tcp::socket socket) {
    std::string text;
    const auto head_size = asio::read_until(socket, asio::dynamic_buffer(text), "\r\n\r\n");
    taken_request r;
    std::istringstream lines{text.substr(0, head_size)};
    std::string method;
    lines >> method >> r.target;
    std::size_t size = 0;
    for (std::string line; std::getline(lines, line);) {
        const auto colon = line.find(':');
        if (colon == std::string::npos) continue;
        r.fields.emplace_back(lower_ascii(line.substr(0, colon)), std::string{trim(line.substr(colon + 1))});
        if (r.fields.back().first == "content-length") size = std::stoul(r.fields.back().second);
    }
    r.body = text.substr(head_size);
    const auto read = r.body.size();
    r.body.resize(std::max(size, read));
    asio::read(socket, asio::buffer(r.body.data() + read, r.body.size() - read));
    int status = 0; // as of now: whoever sees the request may want another answer for the next
    {
        const std::lock_guard lock{mutex_};
        status = status_;
        taken_.push_back(std::move(r));
    }
    came_.notify_one();
    asio::write(socket,
                asio::buffer(fmt::format("HTTP/1.1 {} x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", status)));
}

void http_sink::serve() {
    for (;;) {
        tcp::socket socket{io_};
        listener_.accept(socket);
        if (stopping_) return;
        try {
            talk(std::move(socket));
        } catch (const boost::system::system_error&) {
            // Whoever hangs up in the middle has asked for nothing.
        }
    }
}

} // namespace switchboard::test

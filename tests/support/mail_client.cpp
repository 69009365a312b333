#include "support/mail_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <gtest/gtest.h>

namespace switchboard::test {

namespace asio = boost::asio;
using asio::ip::tcp;

struct mail_client::parts {
    asio::io_context io;
    tcp::socket socket{io};
    std::string unread;
};

mail_client::mail_client(std::uint16_t port) : parts_{std::make_unique<parts>()} {
    parts_->socket.connect({asio::ip::address_v4::loopback(), port});
    parts_->socket.set_option(tcp::no_delay{true});
    reply();
}
mail_client::~mail_client() = default;

void mail_client::send(std::string_view bytes) {
    asio::write(parts_->socket, asio::buffer(bytes));
}

std::string mail_client::reply() {
    auto& unread = parts_->unread;
    for (std::string out;;) {
        const auto n = asio::read_until(parts_->socket, asio::dynamic_buffer(unread), "\r\n");
        const bool last = n > 5 && unread[3] == ' ';
        out += unread.substr(0, n);
        unread.erase(0, n);
        if (last) return out;
    }
}

std::string mail_client::say(std::string_view command) {
    send(std::string{command} + "\r\n");
    return reply();
}

void mail_client::greet(bool lmtp) {
    lmtp_ = lmtp;
    const auto answer = say(lmtp ? "LHLO client.test" : "EHLO client.test");
    EXPECT_TRUE(answer.starts_with("250")) << answer;
}

std::vector<std::string> mail_client::deliver(std::string_view from, const std::vector<std::string>& to,
                                              std::string_view mail) {
    const auto sender = say("MAIL FROM:<" + std::string{from} + ">");
    EXPECT_TRUE(sender.starts_with("250")) << sender;
    for (const auto& address : to) {
        const auto answer = say("RCPT TO:<" + address + ">");
        EXPECT_TRUE(answer.starts_with("250")) << address << ": " << answer;
    }
    const auto ready = say("DATA");
    EXPECT_TRUE(ready.starts_with("354")) << ready;
    std::string stuffed;
    for (std::size_t i = 0; i < mail.size(); ++i) {
        if (mail[i] == '.' && (i == 0 || mail[i - 1] == '\n')) stuffed += '.';
        stuffed += mail[i];
    }
    send(stuffed + ".\r\n");
    std::vector<std::string> out;
    for (std::size_t i = 0; i < (lmtp_ ? to.size() : 1); ++i) out.push_back(reply());
    return out;
}

std::uint16_t free_port() {
    asio::io_context io;
    return tcp::acceptor{io, tcp::endpoint{asio::ip::address_v4::loopback(), 0}}.local_endpoint().port();
}

} // namespace switchboard::test

#include "self_signed.hpp"
#include "support.hpp"

#include <switchboard/web/mail_server.hpp>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <gmock/gmock.h>

#include <array>
#include <filesystem>

namespace switchboard::web::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

mail_server_options calm() {
    mail_server_options o;
    o.hostname = "mx.example";
    return o;
}

/// A mail server on its own thread that knows one mailbox. A mail that says "throw" is thrown at, one that says "hold"
/// is kept when release() was called.
class running_mail_server {
public:
    template <class F>
    auto on_io(F f) {
        std::packaged_task<decltype(f())()> task{std::move(f)};
        auto result = task.get_future();
        asio::post(io_, [t = std::move(task)]() mutable { t(); });
        return result.get();
    }

    explicit running_mail_server(mail_server_options options = calm()) {
        server_ = std::make_unique<mail_server>(
            io_, std::move(options),
            [](std::string address) -> asio::awaitable<recipient_answer> {
                co_return address == "help@shop.example" ? recipient_answer::ours : recipient_answer::unknown;
            },
            [this](mail_message m) { return take(std::move(m)); });
        server_->start();
        gate_.expires_at(asio::steady_timer::time_point::max());
        thread_ = std::thread{[this] { io_.run(); }};
    }
    ~running_mail_server() {
        on_io([this] { server_.reset(); });
        work_.reset();
        thread_.join();
    }

    std::uint16_t port() {
        return on_io([this] { return server_->port(); });
    }
    std::vector<mail_message> mails() {
        return on_io([this] { return mails_; });
    }
    void wait_until_held() { held_.get_future().wait(); }
    void release() {
        on_io([this] { return gate_.cancel(); });
    }
    std::future<void> stop() {
        auto done = std::make_shared<std::promise<void>>();
        asio::co_spawn(io_, server_->stop(10s), [done](std::exception_ptr) { done->set_value(); });
        return done->get_future();
    }

private:
    asio::awaitable<std::vector<delivery_answer>> take(mail_message m) {
        if (m.content.contains("throw")) throw std::runtime_error{"as it was told"};
        if (m.content.contains("hold")) {
            held_.set_value();
            boost::system::error_code released;
            co_await gate_.async_wait(asio::redirect_error(asio::use_awaitable, released));
        }
        mails_.push_back(m);
        co_return std::vector(m.recipients.size(), delivery_answer::kept);
    }

    asio::io_context io_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
    asio::steady_timer gate_{io_};
    std::unique_ptr<mail_server> server_;
    std::vector<mail_message> mails_;
    std::promise<void> held_;
    std::thread thread_;
};

/// Reads one reply, all lines of it.
template <class Stream>
std::string reply_of(Stream& s) {
    std::string got;
    for (std::size_t from = 0;;) {
        const auto end = got.find("\r\n", from);
        if (end == got.npos) {
            asio::read_until(s, asio::dynamic_buffer(got), "\r\n");
        } else if (got.at(from + 3) == ' ') {
            return got;
        } else {
            from = end + 2;
        }
    }
}

template <class Stream>
std::string say(Stream& s, std::string_view bytes) {
    asio::write(s, asio::buffer(bytes));
    return reply_of(s);
}

/// Reads to the end of the stream.
std::string rest_of(asio::ip::tcp::socket& s) {
    std::string got;
    boost::system::error_code end;
    asio::read(s, asio::dynamic_buffer(got), end);
    EXPECT_EQ(end, asio::error::eof);
    return got;
}

class line {
public:
    explicit line(std::uint16_t port) { socket.connect({asio::ip::make_address("127.0.0.1"), port}); }
    asio::io_context io;
    asio::ip::tcp::socket socket{io};
};

constexpr std::string_view as_far_as_data = "LHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<help@shop.example>\r\nDATA\r\n";

void hear_as_far_as_data(asio::ip::tcp::socket& s) {
    asio::write(s, asio::buffer(as_far_as_data));
    std::string got;
    asio::read_until(s, asio::dynamic_buffer(got), "\r\n354 end with <CRLF>.<CRLF>\r\n");
}

TEST(mail_server, takes_a_mail_from_a_socket) {
    running_mail_server server;
    line l{server.port()};
    hear_as_far_as_data(l.socket);
    EXPECT_THAT(say(l.socket, "Subject: x\r\n\r\nhello\r\n.\r\n"), StartsWith("250 2.0.0"));
    EXPECT_THAT(say(l.socket, "QUIT\r\n"), StartsWith("221 "));
    EXPECT_EQ(rest_of(l.socket), "");
    ASSERT_THAT(server.mails(), SizeIs(1));
    EXPECT_EQ(server.mails()[0].content, "Subject: x\r\n\r\nhello\r\n");
    EXPECT_EQ(server.mails()[0].remote, "127.0.0.1");
}

TEST(mail_server, takes_a_mail_from_a_unix_socket_and_leaves_nothing_behind) {
    const auto path = ::testing::TempDir() + "lmtp_" + std::to_string(::getpid()) + ".sock";
    auto options = calm();
    options.listen = path;
    for (int again = 0; again < 2; ++again) {
        running_mail_server server{options};
        asio::io_context io;
        asio::local::stream_protocol::socket s{io};
        s.connect({path});
        std::string got;
        asio::write(s, asio::buffer(std::string{as_far_as_data} + "hello\r\n.\r\n"));
        asio::read_until(s, asio::dynamic_buffer(got), "250 2.0.0 kept\r\n");
        EXPECT_EQ(server.mails().at(0).remote, "unix");
    }
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(mail_server, answers_its_own_fault_so_that_the_sender_repeats) {
    running_mail_server server;
    line l{server.port()};
    hear_as_far_as_data(l.socket);
    EXPECT_THAT(say(l.socket, "throw\r\n.\r\n"), StartsWith("451 4.3.0"));
    EXPECT_THAT(say(l.socket, "NOOP\r\n"), StartsWith("250 ")) << "and the connection goes on";
}

TEST(mail_server, ends_who_is_silent_or_slow) {
    auto options = calm();
    options.command_timeout = 60ms;
    running_mail_server impatient{options};
    line silent{impatient.port()};
    EXPECT_THAT(rest_of(silent.socket), HasSubstr("\r\n421 4.3.2 mx.example waited too long\r\n"));
    line in_the_middle{impatient.port()};
    hear_as_far_as_data(in_the_middle.socket);
    asio::write(in_the_middle.socket, asio::buffer(std::string_view{"half a mail"}));
    EXPECT_THAT(rest_of(in_the_middle.socket), StartsWith("421 4.3.2"));

    options = calm();
    options.data_timeout = 100ms;
    running_mail_server strict{options};
    line drip{strict.port()};
    hear_as_far_as_data(drip.socket);
    boost::system::error_code ignored;
    std::string got(256, '\0');
    std::size_t heard = 0;
    drip.socket.non_blocking(true);
    const auto patience = std::chrono::steady_clock::now() + 10s;
    while (heard == 0 && std::chrono::steady_clock::now() < patience) { // each byte in time, the mail never
        asio::write(drip.socket, asio::buffer(std::string_view{"x"}), ignored);
        heard = drip.socket.read_some(asio::buffer(got), ignored);
    }
    EXPECT_THAT(got, StartsWith("421 4.3.2"));
    EXPECT_THAT(strict.mails(), SizeIs(0));
}

TEST(mail_server, has_no_more_connections_and_memory_than_it_may) {
    auto options = calm();
    options.max_connections = 2;
    options.buffered_bytes = 1000;
    running_mail_server server{options};
    line first{server.port()}, second{server.port()};
    hear_as_far_as_data(first.socket);
    hear_as_far_as_data(second.socket);
    line third{server.port()};
    EXPECT_THAT(rest_of(third.socket), StartsWith("421 4.3.2"));

    const auto mail = std::string(700, 'x') + "\r\n.\r\n";
    asio::write(first.socket, asio::buffer("hold " + mail));
    server.wait_until_held();
    EXPECT_THAT(say(second.socket, mail), StartsWith("452 4.3.1"));
    server.release();
    EXPECT_THAT(reply_of(first.socket), StartsWith("250 "));
    hear_as_far_as_data(second.socket);
    EXPECT_THAT(say(second.socket, mail), StartsWith("250 ")) << "there is room again";
}

TEST(mail_server, ends_who_has_rested_longest_for_one_that_is_newer) {
    auto options = calm();
    options.max_connections = 2;
    running_mail_server server{options};
    line silent{server.port()};
    reply_of(silent.socket);
    line busy{server.port()};
    hear_as_far_as_data(busy.socket);
    line third{server.port()};
    EXPECT_THAT(rest_of(silent.socket), StartsWith("421 4.3.2"));
    EXPECT_THAT(reply_of(third.socket), StartsWith("220 "));
    EXPECT_THAT(say(busy.socket, "a mail\r\n.\r\n"), StartsWith("250 ")) << "who brings a mail is let finish";
}

TEST(mail_server, bounds_what_one_address_may_hold) {
    auto options = calm();
    options.connections_each = 1;
    running_mail_server server{options};
    line first{server.port()};
    hear_as_far_as_data(first.socket);
    line second{server.port()};
    EXPECT_THAT(rest_of(second.socket), StartsWith("421 4.3.2"));
    EXPECT_THAT(say(first.socket, "a mail\r\n.\r\n"), StartsWith("250 "));
    line third{server.port()};
    EXPECT_THAT(reply_of(third.socket), StartsWith("220 "));
    EXPECT_THAT(rest_of(first.socket), StartsWith("421 4.3.2")) << "it rests now";
}

TEST(mail_server, finishes_the_mail_that_is_being_kept_when_it_stops) {
    running_mail_server server;
    line resting{server.port()}, busy{server.port()};
    reply_of(resting.socket);
    hear_as_far_as_data(busy.socket);
    asio::write(busy.socket, asio::buffer(std::string_view{"hold\r\n.\r\n"}));
    server.wait_until_held();
    auto stopped = server.stop();
    EXPECT_THAT(rest_of(resting.socket), StartsWith("421 4.3.2 mx.example is closing"));
    EXPECT_EQ(stopped.wait_for(0s), std::future_status::timeout);
    server.release();
    EXPECT_THAT(rest_of(busy.socket), ::testing::AllOf(StartsWith("250 2.0.0"), HasSubstr("\r\n421 4.3.2")));
    stopped.get();
}

TEST_F(self_signed, takes_a_mail_after_starttls) {
    auto mail_options = calm();
    mail_options.protocol = mail_protocol::smtp;
    mail_options.tls_certificate = options.tls_certificate;
    mail_options.tls_key = options.tls_key;
    running_mail_server server{mail_options};
    line l{server.port()};
    reply_of(l.socket);
    EXPECT_THAT(say(l.socket, "EHLO x\r\n"), HasSubstr("250-STARTTLS\r\n"));
    EXPECT_THAT(say(l.socket, "STARTTLS\r\n"), StartsWith("220 "));
    asio::ssl::stream<asio::ip::tcp::socket&> s{l.socket, trust};
    s.handshake(asio::ssl::stream_base::client);
    EXPECT_THAT(say(s, "MAIL FROM:<>\r\n"), StartsWith("503 ")) << "greet again (RFC 3207 4.2)";
    asio::write(s, asio::buffer(std::string_view{"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<help@shop.example>\r\nDATA\r\n"}));
    std::string got;
    asio::read_until(s, asio::dynamic_buffer(got), "\r\n354 end with <CRLF>.<CRLF>\r\n");
    EXPECT_THAT(say(s, "hello\r\n.\r\n"), StartsWith("250 "));
    EXPECT_THAT(server.mails(), SizeIs(1));
}

TEST(mail_server, names_a_place_that_it_cannot_have) {
    running_mail_server first;
    auto options = calm();
    options.listen = "127.0.0.1:" + std::to_string(first.port());
    try {
        running_mail_server second{options};
        FAIL() << "two on one port";
    } catch (const std::system_error& e) {
        EXPECT_THAT(e.what(), HasSubstr(options.listen));
    }
}

} // namespace
} // namespace switchboard::web::test

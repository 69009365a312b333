// The pictures that a mail names elsewhere: fetched by the server when somebody asks, telling nothing of who.
#include "support/contact_center.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

namespace switchboard::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string png = "\x89PNG\r\n\x1A\n and what a picture holds";

/// The sender's web server: remembers every request as it came. One connection after the other.
class picture_site {
public:
    picture_site() : thread_{[this] { serve(); }} {}
    ~picture_site() {
        stopping_ = true;
        boost::system::error_code ignored;
        tcp::socket last{io_}; // ends accept()
        last.connect(listener_.local_endpoint(), ignored);
        thread_.join();
    }
    std::uint16_t port() const { return listener_.local_endpoint().port(); }
    std::string at(const std::string& path) const { return fmt::format("http://127.0.0.1:{}{}", port(), path); }
    std::vector<std::string> requests() const {
        const std::lock_guard lock{mutex_};
        return requests_;
    }

private:
    std::string answer(const std::string& path) const {
        const auto ok = [](const std::string& type, const std::string& body) {
            return fmt::format("HTTP/1.1 200 OK\r\nContent-Type: {}\r\nSet-Cookie: reader=42\r\nContent-Length: "
                               "{}\r\nConnection: close\r\n\r\n{}",
                               type, body.size(), body);
        };
        const auto to = [](const std::string& where) {
            return fmt::format("HTTP/1.1 302 Found\r\nLocation: {}\r\nSet-Cookie: reader=42\r\nContent-Length: "
                               "0\r\nConnection: close\r\n\r\n",
                               where);
        };
        if (path == "/a.png") return ok("text/html", png); // it lies about what it sends
        if (path == "/page.png") return ok("image/png", "<html><script>alert(1)</script></html>");
        if (path == "/drawing.svg") return ok("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>");
        if (path == "/large.png") return ok("image/png", png + std::string(5u << 20, 'x'));
        if (path == "/endless.png") // no length: it must be counted
            return "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nConnection: close\r\n\r\n" + png +
                   std::string(6u << 20, 'x');
        if (path == "/1") return to("/2");
        if (path == "/2") return to("/3");
        if (path == "/3") return to("/a.png");
        if (path == "/0") return to("/1");
        if (path == "/file") return to("file:///etc/passwd");
        return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    }
    void serve() {
        for (;;) {
            tcp::socket socket{io_};
            listener_.accept(socket);
            if (stopping_) return;
            std::string request;
            boost::system::error_code gone;
            asio::read_until(socket, asio::dynamic_buffer(request), "\r\n\r\n", gone);
            if (gone) continue;
            {
                const std::lock_guard lock{mutex_};
                requests_.push_back(request);
            }
            const auto begin = request.find(' ') + 1;
            asio::write(socket, asio::buffer(answer(request.substr(begin, request.find(' ', begin) - begin))), gone);
        }
    }

    asio::io_context io_;
    tcp::acceptor listener_{io_, {asio::ip::address_v4::loopback(), 0}};
    std::atomic<bool> stopping_ = false;
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;
    std::thread thread_;
};

void allow_private(config& c) {
    c.pictures_private_addresses = "allow";
}

/// A center with one mail, and an agent who may see it.
struct mail_with_pictures {
    mail_with_pictures(const std::vector<std::string>& addresses, const std::function<void(config&)>& adjust)
        : center{adjust}, queue{center.queue("Support")}, reader{center.agent("ana", {queue})} {
        center.gateway("mails", "email", queue);
        std::string mail = "From: ada@example.com\r\nTo: desk@example.com\r\nMessage-ID: <pictures@example.com>\r\n"
                           "Content-Type: text/html\r\n\r\n<p>Look</p>";
        for (const auto& address : addresses) mail += "<img src=\"" + address + "\">\r\n";
        const auto taken =
            center.intake.send("POST", "/api/v1/intake/mails", mail, {{"Content-Type", "message/rfc822"}});
        contact = taken.json()["contact_id"];
    }
    std::string path(std::size_t n) const { return fmt::format("/api/v1/contacts/{}/picture?n={}", contact, n); }
    http_answer picture(std::size_t n) const { return reader.http.get(path(n)); }

    contact_center center;
    std::int64_t queue, contact = 0;
    seat reader;
};

TEST(a_remote_picture, is_fetched_when_asked_for_and_says_nothing_of_the_reader) {
    const picture_site site;
    const mail_with_pictures mail{{site.at("/a.png?id=7"), site.at("/a.png"), site.at("/a.png")}, allow_private};
    const auto html = mail.reader.http.get(fmt::format("/api/v1/contacts/{}/html", mail.contact)).json();
    EXPECT_EQ(html["blocked_remote"], 3);
    EXPECT_EQ(html["remote_pictures"], (nlohmann::json{site.at("/a.png?id=7"), site.at("/a.png")})) << "each once";
    EXPECT_TRUE(site.requests().empty()) << "reading the mail asks nobody";

    const auto got = mail.reader.http.send("GET", mail.path(2), "", {{"Referer", "http://desk.example/ticket/1"}});
    ASSERT_EQ(got.status, 200) << got.body;
    EXPECT_EQ(got.body, png);
    EXPECT_EQ(got.header("content-type"), "image/png") << "as the bytes are, not as the server called them";
    EXPECT_EQ(got.header("x-content-type-options"), "nosniff");
    EXPECT_EQ(got.header("cache-control"), "no-store");
    EXPECT_EQ(got.header("set-cookie"), "");

    const auto asked = site.requests();
    ASSERT_EQ(asked.size(), 1u);
    EXPECT_TRUE(asked[0].starts_with("GET /a.png HTTP/1.1\r\n")) << asked[0];
    EXPECT_THAT(asked[0],
                AllOf(Not(HasSubstr("Cookie")), Not(HasSubstr("cookie")), Not(HasSubstr("Referer")),
                      Not(HasSubstr("desk.example")), Not(HasSubstr("Forwarded")), Not(HasSubstr("Mozilla"))));
}

TEST(a_remote_picture, carries_no_cookie_from_one_request_to_the_next_and_is_not_kept) {
    const picture_site site;
    const mail_with_pictures mail{{site.at("/a.png"), site.at("/1")}, allow_private};
    EXPECT_EQ(mail.picture(1).status, 200);
    EXPECT_EQ(mail.picture(1).status, 200);
    EXPECT_EQ(mail.picture(2).body, png) << "three redirects are followed";
    EXPECT_EQ(site.requests().size(), 2u + 4u);
    const auto port = std::to_string(site.port());
    for (auto request : site.requests()) {
        request.erase(request.find(port), port.size()); // it may hold the cookie's number
        EXPECT_THAT(request, AllOf(Not(HasSubstr("42")), Not(HasSubstr("reader"))));
    }
}

TEST(a_remote_picture, is_refused_from_our_own_network) {
    const picture_site site;
    const mail_with_pictures mail{{site.at("/a.png"), fmt::format("http://localhost:{}/a.png", site.port()),
                                   fmt::format("http://[::ffff:127.0.0.1]:{}/a.png", site.port()),
                                   fmt::format("http://2130706433:{}/a.png", site.port()),
                                   "http://169.254.169.254/latest/meta-data", "http://[fd00::1]/", "http://[::1]/"},
                                  {}};
    for (std::size_t n = 1; n <= 7; ++n) {
        const auto got = mail.picture(n);
        EXPECT_EQ(got.status, 502) << n;
        EXPECT_THAT(got.body, HasSubstr("not in the public internet")) << n;
    }
    EXPECT_TRUE(site.requests().empty());
}

TEST(a_remote_picture, is_refused_when_it_is_none_is_too_large_or_leads_astray) {
    const picture_site site;
    const std::vector<std::pair<std::string, std::string>> refused{
        {site.at("/page.png"), "no picture"},
        {site.at("/drawing.svg"), "no picture"},
        {site.at("/large.png"), "too large"},
        {site.at("/endless.png"), "too large"},
        {site.at("/0"), "too often"},
        {site.at("/file"), "could not be asked"},
        {site.at("/nothing"), "answered with 404"},
        {"http://user:word@127.0.0.1/", "could not be asked"},
        {"http://127.0.0.1:1/", "could not be asked"}};
    std::vector<std::string> addresses;
    for (const auto& [address, why] : refused) addresses.push_back(address);
    const mail_with_pictures mail{addresses, allow_private};
    for (std::size_t n = 1; n <= refused.size(); ++n) {
        const auto got = mail.picture(n);
        EXPECT_EQ(got.status, 502) << refused[n - 1].first;
        EXPECT_THAT(got.json()["detail"].get<std::string>(), HasSubstr(refused[n - 1].second));
    }
}

TEST(a_remote_picture, is_only_for_those_who_may_see_the_mail_and_only_what_it_names) {
    const picture_site site;
    mail_with_pictures mail{{site.at("/a.png")}, allow_private};
    auto stranger = mail.center.agent("eve", {mail.center.queue("Sales")});
    EXPECT_EQ(stranger.http.get(mail.path(1)).status, 404);
    EXPECT_EQ(mail.center.server.stranger().get(mail.path(1)).status, 401);
    EXPECT_EQ(mail.picture(2).status, 404);
    for (const std::string query : {"", "?n=0", "?n=-1", "?n=x", "?n=1&url=http://127.0.0.1/"})
        EXPECT_EQ(mail.reader.http.get(fmt::format("/api/v1/contacts/{}/picture{}", mail.contact, query)).status, 422)
            << query;
    EXPECT_TRUE(site.requests().empty());
}

} // namespace
} // namespace switchboard::test

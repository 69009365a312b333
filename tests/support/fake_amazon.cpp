#include "support/fake_amazon.hpp"

#include <switchboard/util/hash.hpp>
#include <switchboard/util/text.hpp>

#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include <sstream>
#include <utility>

namespace switchboard::test {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

std::string bytes_of(const std::string& hex) {
    std::string out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    return out;
}

std::string hmac(const std::string& key, const std::string& text) {
    return bytes_of(hmac_sha256_hex(key, text));
}

std::string field(const std::string& head, const std::string& name) {
    std::istringstream lines{head};
    for (std::string line; std::getline(lines, line);)
        if (lower_ascii(line).starts_with(lower_ascii(name) + ":"))
            return std::string{trim(std::string_view{line}.substr(name.size() + 1))};
    return {};
}

std::string between(const std::string& text, const std::string& before, const std::string& after) {
    const auto begin = text.find(before);
    if (begin == text.npos) return {};
    const auto from = begin + before.size();
    return text.substr(from, text.find(after, from) - from);
}

std::string target_of(const std::string& head) {
    return between(head, " ", " ");
}

/// docs.aws.amazon.com, "Create a signed AWS API request", for a GET without a query.
bool is_signed(const std::string& head) {
    const auto proof = field(head, "authorization");
    const auto names = between(proof, "SignedHeaders=", ",");
    const auto when = field(head, "x-amz-date");
    std::string canonical = "GET\n" + target_of(head) + "\n\n", name;
    for (std::istringstream list{names}; std::getline(list, name, ';');)
        canonical += name + ":" + field(head, name) + "\n";
    canonical += "\n" + names + "\n" + sha256_hex("");
    const auto scope = when.substr(0, 8) + "/eu-west-1/s3/aws4_request";
    const auto text = "AWS4-HMAC-SHA256\n" + when + "\n" + scope + "\n" + sha256_hex(canonical);
    auto key = std::string{"AWS4"} + fake_amazon::secret_access_key;
    for (const auto& part :
         {when.substr(0, 8), std::string{"eu-west-1"}, std::string{"s3"}, std::string{"aws4_request"}})
        key = hmac(key, part);
    return proof.starts_with(fmt::format("AWS4-HMAC-SHA256 Credential={}/{},", fake_amazon::access_key_id, scope)) &&
           (";" + names + ";").contains(";host;") && (";" + names + ";").contains(";x-amz-date;") &&
           field(head, "x-amz-content-sha256") == sha256_hex("") &&
           proof.ends_with("Signature=" + hmac_sha256_hex(key, text));
}

std::string response(int status, const std::string& body) {
    return fmt::format("HTTP/1.1 {} x\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}", status, body.size(), body);
}

} // namespace

fake_amazon::fake_amazon() {
    const auto own = authority_.issue_rsa({sns, s3});
    tls_.use_certificate_chain(asio::buffer(own.pem));
    tls_.use_private_key(asio::buffer(own.key), asio::ssl::context::pem);
    thread_ = std::thread{[this] { serve(); }};
}

fake_amazon::~fake_amazon() {
    stopping_ = true;
    boost::system::error_code ignored;
    tcp::socket last{io_}; // ends accept()
    last.connect(listener_.local_endpoint(), ignored);
    thread_.join();
}

std::string fake_amazon::proxy() const {
    return fmt::format("http://127.0.0.1:{}", listener_.local_endpoint().port());
}

void fake_amazon::put(const std::string& host, const std::string& target, const std::string& body) {
    const std::lock_guard lock{mutex_};
    content_[host + " " + target] = body;
}

std::vector<std::string> fake_amazon::asked() {
    const std::lock_guard lock{mutex_};
    return std::exchange(asked_, {});
}

std::string fake_amazon::answer(const std::string& host, const std::string& head) {
    const std::lock_guard lock{mutex_};
    const auto place = host + " " + target_of(head);
    asked_.push_back(place);
    if (status_ != 200) return response(status_, "<Error><Code>AccessDenied</Code></Error>");
    if (host == s3 && !is_signed(head)) return response(403, "<Error><Code>SignatureDoesNotMatch</Code></Error>");
    const auto found = content_.find(place);
    if (found == content_.end()) return response(404, "<Error><Code>NoSuchKey</Code></Error>");
    return response(200, found->second);
}

void fake_amazon::talk(tcp::socket socket) {
    std::string head;
    asio::read_until(socket, asio::dynamic_buffer(head), "\r\n\r\n");
    const auto host = between(head, "CONNECT ", ":");
    asio::write(socket, asio::buffer(std::string{"HTTP/1.1 200 Connected\r\n\r\n"}));
    asio::ssl::stream<tcp::socket> line{std::move(socket), tls_};
    line.handshake(asio::ssl::stream_base::server);
    head.clear();
    asio::read_until(line, asio::dynamic_buffer(head), "\r\n\r\n");
    asio::write(line, asio::buffer(answer(host, head)));
    boost::system::error_code ignored; // the other side may be gone already
    line.shutdown(ignored);
}

void fake_amazon::serve() {
    for (;;) {
        tcp::socket socket{io_};
        listener_.accept(socket);
        if (stopping_) return;
        try {
            talk(std::move(socket));
        } catch (const boost::system::system_error&) {
            // Whoever does not trust us hangs up.
        }
    }
}

} // namespace switchboard::test

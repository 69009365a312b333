#pragma once

#include "support/test_authority.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace switchboard::test {

/// Amazon's servers in eu-west-1, behind a proxy on 127.0.0.1: CONNECT, then TLS as the host that was asked for, with a
/// certificate of an authority that nobody trusts who is not told to. SNS gives out what was put there; S3 gives an
/// object only to a request that is signed with its credentials, which it computes itself (AWS Signature Version 4).
class fake_amazon {
public:
    fake_amazon();
    ~fake_amazon();
    fake_amazon(const fake_amazon&) = delete;
    fake_amazon& operator=(const fake_amazon&) = delete;

    static constexpr auto sns = "sns.eu-west-1.amazonaws.com", s3 = "s3.eu-west-1.amazonaws.com";
    static constexpr auto access_key_id = "AKIDEXAMPLE", secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    std::string proxy() const;
    const test_authority& authority() const { return authority_; }

    /// What lies at https://<host><target>, encoded.
    void put(const std::string& host, const std::string& target, const std::string& body);
    /// 200 = as it should be; otherwise every answer has this status.
    void answer_with(int status) { status_ = status; }
    /// What was asked since the last time, as "host target".
    std::vector<std::string> asked();

private:
    void serve();
    void talk(boost::asio::ip::tcp::socket socket);
    std::string answer(const std::string& host, const std::string& head);

    test_authority authority_;
    boost::asio::ssl::context tls_{boost::asio::ssl::context::tls_server};
    boost::asio::io_context io_;
    boost::asio::ip::tcp::acceptor listener_{io_, {boost::asio::ip::address_v4::loopback(), 0}};
    std::atomic<bool> stopping_ = false;
    std::atomic<int> status_ = 200;
    std::mutex mutex_; // of what follows
    std::map<std::string, std::string> content_;
    std::vector<std::string> asked_;
    std::thread thread_;
};

} // namespace switchboard::test

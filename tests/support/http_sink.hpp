#pragma once

#include "support/http_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace switchboard::test {

struct taken_request {
    std::string target;
    headers fields; // names lower-case
    std::string body;

    std::string header(std::string_view name) const; // first; empty if absent
};

/// Somebody else's server on 127.0.0.1 to which ours posts: keeps what comes and answers with a status.
class http_sink {
public:
    http_sink();
    ~http_sink();
    http_sink(const http_sink&) = delete;
    http_sink& operator=(const http_sink&) = delete;

    std::string url(const std::string& path) const;
    /// Those that come from now on.
    void answer_with(int status) { status_ = status; }
    /// The next request; throws std::runtime_error when none comes within ten seconds.
    taken_request next();

private:
    void serve();
    void talk(boost::asio::ip::tcp::socket socket);

    boost::asio::io_context io_;
    boost::asio::ip::tcp::acceptor listener_{io_, {boost::asio::ip::address_v4::loopback(), 0}};
    std::atomic<bool> stopping_ = false;
    std::atomic<int> status_ = 200;
    std::mutex mutex_; // of what follows
    std::condition_variable came_;
    std::vector<taken_request> taken_;
    std::thread thread_;
};

} // namespace switchboard::test

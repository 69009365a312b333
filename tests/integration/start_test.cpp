#include "support/spawned_server.hpp"
#include "support/test_cluster.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace switchboard::test {
namespace {

TEST(start, ends_at_once_when_one_of_its_doors_is_taken) {
    using boost::asio::ip::tcp;
    const fresh_database database;
    boost::asio::io_context io;
    const tcp::acceptor taken{io, tcp::endpoint{boost::asio::ip::address_v4::loopback(), 0}};
    const auto at = "127.0.0.1:" + std::to_string(taken.local_endpoint().port());
    // Its output ends, and with it the wait for the line that says where it serves.
    EXPECT_THROW(
        (spawned_server{{"serve"},
                        {{"SWITCHBOARD_DATABASE_URL", database.url()}, {"SWITCHBOARD_SERVER_OPS_ADDRESS", at}}}),
        std::runtime_error);
}

} // namespace
} // namespace switchboard::test

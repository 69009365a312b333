#include "app/open_files.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

namespace switchboard::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(sockets, are_as_many_as_fit_beside_what_else_is_open) {
    config c;
    const auto plain = sockets_within(c, 1024);
    EXPECT_GT(plain, 700u);
    EXPECT_LT(plain, 1000u);
    c.mail_lmtp_listen = "127.0.0.1:24";
    EXPECT_EQ(sockets_within(c, 1024), plain - 200);
    c.database_connections += 10;
    EXPECT_EQ(sockets_within(c, 1024), plain - 210);
    EXPECT_EQ(sockets_within(c, 1'000'000), 20'000u);
}

TEST(sockets, that_were_asked_for_must_fit) {
    config c;
    c.server_max_connections = 5000;
    EXPECT_EQ(sockets_within(c, 6000), 5000u);
    EXPECT_THAT([&] { sockets_within(c, 1024); },
                ThrowsMessage<std::runtime_error>(
                    AllOf(HasSubstr("server.max_connections is 5000"), HasSubstr("the limit is 1024"))));
}

TEST(sockets, are_no_use_when_there_are_hardly_any) {
    EXPECT_THAT([] { sockets_within(config{}, 64); },
                ThrowsMessage<std::runtime_error>(HasSubstr("the limit on open files is 64")));
}

} // namespace
} // namespace switchboard::app

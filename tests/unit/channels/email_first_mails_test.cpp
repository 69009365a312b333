#include "email_support.hpp"

#include <barrier>
#include <cstdlib>
#include <thread>

namespace switchboard::channels {
namespace {

constexpr std::string_view mail =
    "From: Lena <lena@example.net>\r\nTo: help@shop.example\r\nSubject: A case\r\n"
    "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    "SXQgbGVha3Mu\r\n"
    "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: The first\r\n\r\nHello\r\n--b--\r\n";

// Leaves with 0 when all were read. Runs in a process of its own, in which no mail was read before.
[[noreturn]] void read_at_once() {
    constexpr int readers = 4;
    std::barrier together{readers};
    std::vector<std::jthread> threads;
    for (int i = 0; i < readers; ++i)
        threads.emplace_back([&] {
            together.arrive_and_wait();
            if (!read_mail(mail).text.starts_with("It leaks.")) std::_Exit(1);
        });
    threads.clear();
    std::_Exit(0);
}

/// GMime makes each of its types at its first use and has no lock for it: two first mails at once ended the program.
TEST(first_mails_death, of_a_process_may_be_read_at_once) {
    GTEST_FLAG_SET(death_test_style, "threadsafe"); // a process that begins anew, not a copy of this one
    for (int i = 0; i < 60; ++i) ASSERT_EXIT(read_at_once(), testing::ExitedWithCode(0), "") << "start " << i;
}

} // namespace
} // namespace switchboard::channels

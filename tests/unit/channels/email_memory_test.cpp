// A large mail is in memory at most four times, itself included, whatever it is made of.

#include "corpora/large_mails.hpp"
#include "email_support.hpp"

#include <switchboard/channels/normalize.hpp>

#include <gtest/gtest.h>

#include <cstdio>
#include <sys/wait.h>
#include <unistd.h>

namespace switchboard::channels {
namespace {

constexpr std::size_t mb = 1u << 20, mail_bytes = 16 * mb;
/// Beside the mail: less than its three copies, since the program itself takes more than the twenty megabytes that it
/// may.
constexpr std::size_t allowed = mail_bytes * 27 / 10 + 2 * mb;

class large_mail : public testing::TestWithParam<corpora::large_mail> {};

TEST_P(large_mail, is_read_within_its_bounds) {
    if (slowed_by_sanitizers) GTEST_SKIP() << "they keep what is freed";
    int said[2];
    ASSERT_EQ(::pipe(said), 0);
    const pid_t child = ::fork(); // whose memory nobody else has used
    if (child == 0) {
        const auto mail = GetParam().make(mail_bytes);
        const auto before = corpora::forget_peak() ? corpora::own_memory("VmRSS") : 0;
        const auto records = normalize("email", {}, {.body = mail, .content_type = {}, .headers = {}, .query = {}});
        const auto grown = before == 0 ? 0 : corpora::own_memory("VmHWM") - before;
        const bool is_contact = records.size() == 1 && std::holds_alternative<inbound_contact>(records[0]) &&
                                std::get<inbound_contact>(records[0]).quarantine.empty();
        const bool written = ::write(said[1], &grown, sizeof grown) == sizeof grown;
        ::_exit(is_contact && written ? 0 : 1);
    }
    std::size_t grown = 0;
    ASSERT_EQ(::read(said[0], &grown, sizeof grown), static_cast<ssize_t>(sizeof grown));
    int status = 1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0) << "it is a contact";
    ::close(said[0]);
    ::close(said[1]);
    if (grown == 0) GTEST_SKIP() << "the peak of a process cannot be told here";
    EXPECT_LE(grown, allowed) << static_cast<double>(grown) / mail_bytes << " times the mail beside it";
}

INSTANTIATE_TEST_SUITE_P(of, large_mail, testing::ValuesIn(corpora::large_mails()), [](const auto& p) {
    std::string name = p.param.name;
    std::ranges::replace_if(name, [](char c) { return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')); }, '_');
    return name + std::to_string(p.index);
});

} // namespace
} // namespace switchboard::channels

#include <switchboard/util/log.hpp>

#include <gtest/gtest.h>

namespace switchboard::log {
namespace {

TEST(log_line, has_an_event_and_its_fields) {
    EXPECT_EQ(format_line("contact_received", {{"request", "9f3c"}, {"ticket", 1042}, {"duplicate", false}}),
              "contact_received request=9f3c ticket=1042 duplicate=false");
    EXPECT_EQ(format_line("ready", {}), "ready");
}

TEST(log_line, cannot_be_forged_by_a_value) {
    EXPECT_EQ(format_line("refused", {{"from", "a\"b\nready request=\x1B[1m\\"}}),
              R"(refused from="a\"b\nready request=\x1b[1m\\")");
    EXPECT_EQ(format_line("refused", {{"from", ""}}), R"(refused from="")");
    EXPECT_EQ(format_line("refused", {{"from", "Zoë"}}), "refused from=Zoë");
}

TEST(log_level, decides_what_is_written) {
    set_level(level::warn);
    testing::internal::CaptureStderr();
    info("quiet");
    warn("loud", {{"n", 1}});
    const auto written = testing::internal::GetCapturedStderr();
    set_level(level::info);
    EXPECT_EQ(written.find("quiet"), std::string::npos);
    EXPECT_NE(written.find("Z warn  loud n=1\n"), std::string::npos) << written;
    EXPECT_THROW(parse_level("noise"), std::invalid_argument);
}

} // namespace
} // namespace switchboard::log

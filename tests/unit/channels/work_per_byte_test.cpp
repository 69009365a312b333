// Whatever somebody sends, a reader's work grows with its length and no faster: at most a millisecond for each KB.
#include "support/hostile_readers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace switchboard::test {
namespace {

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr double slower = 20;
#else
constexpr double slower = 1;
#endif

class work_per_byte : public testing::TestWithParam<std::string> {};

TEST_P(work_per_byte, stays_below_a_millisecond_for_a_kilobyte) {
    // The largest of all, of a mail's header, and of a field that is taken apart.
    for (const auto kilobytes : {512u, 200u, 15u})
        for (const auto& shape : hostile_shapes()) {
            if (shape.reader != GetParam()) continue;
            const auto bytes = bytes_of(shape, kilobytes << 10);
            EXPECT_LT(ms_to_read(shape.reader, bytes), slower * std::max(kilobytes, 60u))
                << shape.name << ", " << kilobytes << " KB";
        }
}

std::vector<std::string> readers() {
    std::vector<std::string> out;
    for (const auto& shape : hostile_shapes())
        if (std::ranges::find(out, shape.reader) == out.end()) out.push_back(shape.reader);
    return out;
}

INSTANTIATE_TEST_SUITE_P(readers, work_per_byte, testing::ValuesIn(readers()),
                         [](const auto& test) { return test.param; });

std::string quarantine_of(const std::string& kind, const std::string& bytes) {
    const auto records = channels::normalize(kind, {}, {.body = bytes, .content_type = {}, .headers = {}, .query = {}});
    const auto* contact = records.size() == 1 ? std::get_if<inbound_contact>(&records[0]) : nullptr;
    return contact != nullptr ? contact->quarantine : "not one contact";
}

// GMime calls itself for each group of an address field: 100,000 of them were the end of the stack, and of the server.
TEST(hostile_mail, of_groups_in_one_another_is_kept_and_not_followed) {
    const auto groups = times("g:", 100'000);
    for (const std::string field : {"To", "to", "Cc", "From", "Sender", "Reply-To", "Bcc", "To "})
        for (const auto& value : {groups, times("g:\r\n ", 30'000)})
            EXPECT_EQ(quarantine_of("email", "Subject: s\r\n" + field + ": " + value + "\r\n\r\nx"),
                      "more than 500 groups in an address field")
                << field;
    // In a mail inside of it, whose header is none to us.
    EXPECT_EQ(quarantine_of("email", "Subject: s\r\nContent-Type: message/rfc822\r\n\r\nTo: " + groups + "\r\n\r\nx"),
              "more than 500 groups in an address field");
    EXPECT_EQ(quarantine_of("email", "Subject: s\r\nX-To: " + times("g:", 10'000) + "\r\n\r\nx"), "");
    // Where they come to light only when the words are decoded.
    EXPECT_EQ(quarantine_of("email", "From: a@x\r\nTo: =?utf-8?q?" + times("g=3A", 30'000) + "?=\r\n\r\nx"), "");
}

TEST(hostile_mail, of_long_fields_that_the_parser_takes_apart_is_kept_and_not_parsed) {
    for (const std::string field : {"Subject", "Content-Type", "Content-Disposition", "Date"})
        EXPECT_EQ(quarantine_of("email", "From: a@x\r\n" + field + ": " + times("=?utf-8?b?a", 2000) + "\r\n\r\nx"),
                  "header field over 16384 bytes");
    EXPECT_EQ(
        quarantine_of("email", "From: a@x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: "
                               "a/b" +
                                   times(";\r\n p=v", 4000) + "\r\n\r\nx\r\n--b--"),
        "header field over 16384 bytes");
    EXPECT_EQ(quarantine_of("email", "From: a@x\r\nReferences: " + times("<a@b> ", 20'000) + "\r\n\r\nx"), "");
}

// Values without a byte, of which each property may claim four billion.
TEST(hostile_mail, with_properties_of_no_size_in_a_winmail_is_read_at_once) {
    const auto little = [](std::uint32_t value, int bytes) {
        std::string out;
        for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
        return out;
    };
    const auto properties =
        little(1000, 4) + times(little(0x1001, 2) + little(0x1000, 2) + little(0xffffffff, 4), 1000);
    const auto tnef = little(0x223E9F78, 4) + little(1, 2) + "\1" + little(0x00069003, 4) +
                      little(static_cast<std::uint32_t>(properties.size()), 4) + properties + little(0, 2);
    EXPECT_LT(ms_to_read("email", tnef), slower * 100);
}

TEST(hostile_calls, of_more_records_than_an_input_may_have_are_kept_as_one) {
    EXPECT_EQ(quarantine_of("asterisk", times("a\n", 20'001)), "more than 20000 records: send them in parts");
    EXPECT_EQ(quarantine_of("freeswitch", "[" + times("1,", 20'000) + "1]"),
              "more than 20000 records: send them in parts");
    EXPECT_EQ(quarantine_of("sendgrid", "[" + times("1,", 20'000) + "1]"),
              "more than 20000 records: send them in parts");
    EXPECT_EQ(quarantine_of("freeswitch", "<cdr>" + times("<a></a>", 200'000) + "</cdr>"),
              "made of more than 100000 elements");
}

// A stream of blocks that unpack to nothing costs none of what may be unpacked: it was read anew for each mention.
TEST(hostile_fax, of_streams_that_unpack_to_nothing_is_read_once) {
    std::string stream{"\x78\x9c", 2};
    while (stream.size() < (8u << 20)) stream.append("\0\0\0\xff\xff", 5);
    const auto pdf = "%PDF-1.4\n" + times("/ObjStm", 500) + "stream\n" + stream;
    EXPECT_LT(ms_to_read("fax", pdf), slower * 1000);
}

/// Directories that lie in one another, so that a small file has many large ones.
std::string overlapping_directories(std::uint32_t entries) {
    constexpr std::uint32_t first = 1000, entry_bytes = 12;
    std::string tiff{"II*\0\xe8\3\0\0", 8};
    tiff.resize(first);
    const auto put = [&](std::uint32_t value, int bytes) {
        for (int i = 0; i < bytes; ++i) tiff += static_cast<char>(value >> (8 * i) & 0xff);
    };
    put(entries, 2);
    for (std::uint32_t i = 0; i < entries; ++i) { // width, height, and where the only strip lies
        put(std::array{256u, 257u, 258u, 273u, 277u, 279u}[i % 6], 2);
        put(3, 2);
        put(1, 4);
        put(8, 2);
        put(entries, 2); // the upper half of a short value, and the beginning of the next directory
    }
    for (std::uint32_t i = 0; i < entries; ++i) { // where the next one lies
        put(first + (i + 1) * entry_bytes, 4);
        put(1, 4);
        put(8, 2);
        put(entries, 2);
    }
    return tiff;
}

// libtiff compares each entry with all others: 25 KB took 3.5 seconds, twice as many above 25.
TEST(hostile_fax, of_overlapping_directories_ends_early) {
    for (const auto entries : {20u, 100u, 500u, 501u, 1000u, 2000u}) {
        const auto tiff = overlapping_directories(entries);
        EXPECT_LT(ms_to_read("fax", tiff), slower * std::max<double>(40, static_cast<double>(tiff.size()) / 1024))
            << entries;
    }
}

} // namespace
} // namespace switchboard::test

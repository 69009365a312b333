#include "channels/form.hpp"

#include <gtest/gtest.h>

namespace switchboard::channels {
namespace {

TEST(url_decoding, leaves_what_is_not_an_escape) {
    EXPECT_EQ(url_decode("a%20b+c", plus_sign::is_space), "a b c");
    EXPECT_EQ(url_decode("a%20b+c", plus_sign::stays), "a b+c");
    EXPECT_EQ(url_decode("100%", plus_sign::stays), "100%");
    EXPECT_EQ(url_decode("%zz%4", plus_sign::stays), "%zz%4");
    EXPECT_EQ(url_decode("%c3%A9", plus_sign::stays), "\u00e9");
}

TEST(urlencoded_form, keeps_order_and_repeats) {
    const auto pairs = parse_urlencoded("a=1&b=x%26y&&a=2&flag", 100);
    const std::vector<std::pair<std::string, std::string>> expected = {
        {"a", "1"}, {"b", "x&y"}, {"a", "2"}, {"flag", ""}};
    EXPECT_EQ(pairs, expected);
    EXPECT_EQ(parse_urlencoded(std::string(1000, '&') + "a&b&c", 2).size(), 2u);
}

TEST(header_parameter_of, understands_quotes) {
    const std::string header = R"(form-data; name="a;b"; filename="C:\dir\x \"1\".tif"; n=5)";
    EXPECT_EQ(header_parameter(header, "name"), "a;b");
    EXPECT_EQ(header_parameter(header, "filename"), R"(C:\dir\x "1".tif)");
    EXPECT_EQ(header_parameter(header, "n"), "5");
    EXPECT_EQ(header_parameter(header, "absent"), "");
    EXPECT_EQ(header_parameter("x; =; ;;a", "a"), "");
}

std::vector<form_part> parts_of(const std::string& body,
                                const std::string& type = "multipart/form-data; boundary=\"b\"") {
    const auto parts = parse_multipart(body, type, 10);
    EXPECT_TRUE(parts) << (parts ? "" : parts.error());
    return parts.value_or(std::vector<form_part>{});
}

TEST(multipart_form, keeps_bytes_exactly) {
    const std::string bytes("\r\n--\0\xff--bx\r\n-", 13);
    const auto parts = parts_of(
        "preamble\r\n--b\r\nContent-Disposition: form-data; name=f; filename=x\r\nContent-Type: Image/TIFF\r\n\r\n" +
        bytes + "\r\n--b--\r\nepilogue");
    ASSERT_EQ(parts.size(), 1u);
    EXPECT_EQ(parts[0].content, bytes);
    EXPECT_EQ(parts[0].type, "image/tiff");
}

TEST(multipart_form, names_files_without_their_folders) {
    const auto name = [](const std::string& disposition) {
        return parts_of("--b\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n\r\n--b--").at(0).filename;
    };
    EXPECT_EQ(name("name=f; filename=\"C:\\spool\\a.tif\""), "a.tif");
    EXPECT_EQ(name("name=f; filename=\"../../etc/passwd\""), "passwd");
    EXPECT_EQ(name("name=f; filename=\"x\"; filename*=UTF-8''caf%C3%A9%20%2Fb.pdf"), "b.pdf");
    EXPECT_EQ(name("name=f; filename=\"x\"; filename*=utf-8'fr'caf%C3%A9.pdf"), "caf\u00e9.pdf");
    EXPECT_EQ(name("name=f; filename=\"x\"; filename*=broken"), "x");
}

TEST(multipart_form, decodes_base64_parts) {
    EXPECT_EQ(
        parts_of("--b\nContent-Disposition: form-data; name=f\nContent-Transfer-Encoding: BASE64\n\naGVs\nbG8=\n--b--")
            .at(0)
            .content,
        "hello");
}

TEST(multipart_form, forgives_a_missing_end_and_a_boundary_unsaid) {
    EXPECT_EQ(parts_of("--b\r\nContent-Disposition: form-data; name=f\r\n\r\nhalf").at(0).content, "half");
    EXPECT_EQ(parts_of("--guess\r\nContent-Disposition: form-data; name=f\r\n\r\nx\r\n--guess--", "multipart/form-data")
                  .size(),
              1u);
}

TEST(multipart_form, says_what_is_wrong) {
    EXPECT_FALSE(parse_multipart("x", "multipart/form-data", 10));
    EXPECT_FALSE(parse_multipart("x", "multipart/form-data; boundary=b", 10));
    std::string many;
    for (int i = 0; i < 11; ++i) many += "--b\r\n\r\nx\r\n";
    EXPECT_FALSE(parse_multipart(many, "multipart/form-data; boundary=b", 10));
}

} // namespace
} // namespace switchboard::channels

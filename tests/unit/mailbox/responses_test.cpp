#include "mailbox/responses.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard::imap {
namespace {

using testing::ElementsAre;
using testing::Optional;

std::vector<response> read(std::string_view wire, std::size_t packet) {
    response_reader reader{10'000};
    std::vector<response> out;
    for (std::size_t at = 0; at < wire.size(); at += packet) {
        reader.feed(wire.substr(at, packet));
        while (auto r = reader.next()) out.push_back(std::move(*r));
    }
    return out;
}

const std::string mail = "Subject: x\r\n\r\ns1 OK not the end {3}\r\n* BYE\r\n";
const std::string wire = "* OK ready {12}\r\n* 3 FETCH (FLAGS (\\Seen))\r\n* 4 FETCH (UID 7 BODY[]<0> {" +
                         std::to_string(mail.size()) + "}\r\n" + mail +
                         " FLAGS ())\r\n* SEARCH 5 6 70\r\ns1 OK done\r\n";

TEST(imap_responses, are_the_same_however_they_are_cut_into_packets) {
    for (std::size_t packet = 1; packet <= wire.size(); ++packet) {
        const auto got = read(wire, packet);
        ASSERT_EQ(got.size(), 5u) << packet;
        EXPECT_EQ(got[0].line, "* OK ready {12}") << "human words announce nothing";
        EXPECT_THAT(got[2].literals, ElementsAre(mail)) << packet;
        EXPECT_THAT(read_body(got[2], 7), Optional(mail));
        EXPECT_THAT(read_search(got[3]), Optional(ElementsAre(5, 6, 70)));
        EXPECT_EQ(got[4].line, "s1 OK done");
    }
}

TEST(imap_responses, that_never_end_take_no_more_than_they_may) {
    response_reader line{1000}, literal{1000}, many{1000};
    EXPECT_THROW(
        {
            for (int i = 0; i < 20; ++i) {
                line.feed(std::string(100, 'x'));
                line.next();
            }
        },
        broken);
    literal.feed("* 1 FETCH (BODY[] {1001}\r\n");
    EXPECT_THROW(literal.next(), broken);
    many.feed("* 1 FETCH (BODY[] {18446744073709551615}\r\n");
    EXPECT_NO_THROW(many.next()) << "no number that it could be";
    EXPECT_THROW(
        {
            for (int i = 0; i < 3; ++i) {
                many.feed("* 1 FETCH (BODY[] {400}\r\n" + std::string(400, 'x'));
                many.next();
            }
        },
        broken);
}

TEST(imap_responses, give_the_body_of_the_mail_that_was_asked_for) {
    const auto body = [](std::string line, std::vector<std::string> literals, std::int64_t uid) {
        return read_body({std::move(line), std::move(literals)}, uid);
    };
    EXPECT_THAT(body("* 4 FETCH (BODY[] {1} UID 7)", {"x"}, 7), Optional(std::string{"x"}));
    EXPECT_THAT(body("* 4 FETCH (UID 7 BODY[] \"a \\\"b\\\"\")", {}, 7), Optional(std::string{"a \"b\""}));
    EXPECT_THAT(body("* 4 FETCH (UID 7 BODY[]<0> NIL)", {}, 7), Optional(std::string{}));
    EXPECT_EQ(body("* 4 FETCH (UID 70 BODY[] {1})", {"x"}, 7), std::nullopt);
    EXPECT_EQ(body("* 4 FETCH (UID 17 BODY[] {1})", {"x"}, 7), std::nullopt);
    EXPECT_EQ(body("* 4 FETCH (UID 7 FLAGS ())", {}, 7), std::nullopt);
    EXPECT_EQ(body("* 4 EXPUNGE", {}, 7), std::nullopt);
}

TEST(imap_responses, have_codes_and_numbers) {
    EXPECT_THAT(read_code({"* OK [UIDVALIDITY 3857529045] UIDs valid", {}}, "UIDVALIDITY"), Optional(3857529045));
    EXPECT_EQ(read_code({"* OK [UIDNEXT 4392]", {}}, "UIDVALIDITY"), std::nullopt);
    EXPECT_THAT(read_search({"* SEARCH", {}}), Optional(testing::IsEmpty()));
    EXPECT_THAT(read_search({"* SEARCH 2 (MODSEQ 917162500)", {}}), Optional(ElementsAre(2)));
    EXPECT_EQ(read_search({"* 3 EXISTS", {}}), std::nullopt);
}

TEST(imap_folder, is_written_as_rfc_3501_asks) {
    EXPECT_EQ(folder_name("INBOX"), "\"INBOX\"");
    EXPECT_EQ(folder_name("A & \"B\""), "\"A &- \\\"B\\\"\"");
    EXPECT_EQ(folder_name("~peter/mail/\xe5\x8f\xb0\xe5\x8c\x97/\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e"),
              "\"~peter/mail/&U,BTFw-/&ZeVnLIqe-\"")
        << "the example of RFC 3501 5.1.3";
    EXPECT_EQ(folder_name("Erledigt/\xc3\x9c"
                          "ber \xf0\x9f\x93\xa7"),
              "\"Erledigt/&ANw-ber &2D3c5w-\"");
    EXPECT_EQ(quoted("a\r\nb LOGOUT"), "\"ab LOGOUT\"") << "never a second command";
}

} // namespace
} // namespace switchboard::imap

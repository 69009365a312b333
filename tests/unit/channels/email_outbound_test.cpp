#include "email_support.hpp"

#include <switchboard/channels/outbound_mail.hpp>
#include <switchboard/channels/reply_address.hpp>
#include <switchboard/util/hash.hpp>

#include <nlohmann/json.hpp>

#include <chrono>

namespace switchboard::channels {
namespace {

outbound_mail answer() {
    outbound_mail mail;
    mail.from = {"support+t.7.abc@example.com", "Müller, Support"};
    mail.to = {{"jane@example.org", "Jané \"JD\" Doe"}, {"bob@example.org", ""}};
    mail.cc = {{"boss@example.org", "Boss"}};
    mail.reply_to = {{"support@example.com", ""}};
    mail.subject = "Re: Größe der Lieferung — eine sehr lange Betreffzeile, die mehr als eine Zeile der Kopfzeilen "
                   "füllen muss [#7]";
    mail.text = "Hallo,\n\n" + std::string(2000, 'x') + " Grüße\n.\nFrom here on\n";
    mail.message_id = "new@example.com";
    mail.in_reply_to = "old@example.org";
    mail.references = {"first@example.org", "old@example.org"};
    mail.date = timestamp{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + std::chrono::hours{18}};
    return mail;
}

void expect_legal(const std::string& bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
        const auto end = bytes.find('\n', at);
        ASSERT_NE(end, std::string::npos) << "the last line has no end";
        ASSERT_TRUE(end > at && bytes[end - 1] == '\r') << "a bare line feed";
        EXPECT_LE(end - 1 - at, 998u);
        at = end + 1;
    }
    const auto bare = [&](std::size_t at) { return bytes[at] == '\r' && bytes[at + 1] != '\n'; };
    for (std::size_t i = 0; i + 1 < bytes.size(); ++i) ASSERT_FALSE(bare(i));
    for (const char c : bytes) ASSERT_EQ(c & 0x80, 0) << "8-bit bytes need a server that takes them";
}

TEST(outbound_mail, comes_back_as_it_was_written) {
    const auto mail = answer();
    const std::string bytes = to_rfc5322(mail);
    expect_legal(bytes);
    const auto back = read_mail(bytes);
    EXPECT_EQ(back.from, (party{"email", mail.from.address, mail.from.name}));
    EXPECT_EQ(back.to,
              (std::vector<party>{{"email", "jane@example.org", "Jané \"JD\" Doe"}, {"email", "bob@example.org", ""}}));
    EXPECT_EQ(back.cc, (std::vector<party>{{"email", "boss@example.org", "Boss"}}));
    EXPECT_EQ(back.reply_to, (std::vector<party>{{"email", "support@example.com", ""}}));
    EXPECT_EQ(back.subject, mail.subject);
    EXPECT_EQ(back.text, mail.text);
    EXPECT_EQ(back.mail.message_id, mail.message_id);
    EXPECT_EQ(back.mail.in_reply_to, std::vector<std::string>{mail.in_reply_to});
    EXPECT_EQ(back.mail.references, mail.references);
    EXPECT_EQ(back.occurred_at, mail.date);
    EXPECT_TRUE(back.flags.empty());
    EXPECT_TRUE(back.attachments.empty());
}

TEST(outbound_mail, html_has_a_plain_alternative_and_its_pictures) {
    auto mail = answer();
    mail.text.clear();
    mail.html = "<p>Grüße</p><img src=\"cid:logo@x\">";
    mail.attachments = {{"logo.png", "image/png", std::string("\x89PNG\0\r\n", 7), "", "logo@x", true},
                        {"Größe/1\r\nX: y.pdf", "application/pdf", std::string(5000, '\xFF'), "", "", false}};
    const std::string bytes = to_rfc5322(mail);
    expect_legal(bytes);
    const auto back = read_mail(bytes);
    EXPECT_TRUE(back.text.contains("Grüße"));
    EXPECT_EQ(back.html, mail.html + "\n");
    ASSERT_EQ(back.attachments.size(), 2u);
    EXPECT_EQ(back.attachments[0].content, mail.attachments[0].content);
    EXPECT_EQ(back.attachments[0].content_id, "logo@x");
    EXPECT_TRUE(back.attachments[0].is_inline);
    EXPECT_EQ(back.attachments[1].content, mail.attachments[1].content);
    EXPECT_EQ(back.attachments[1].name, "Größe_1 X: y.pdf");
}

TEST(outbound_mail, says_in_its_plain_part_where_the_links_of_its_page_lead) {
    auto mail = answer();
    mail.html = "<p>See <a href=\"https://pay.example.com/i/77\">View the invoice</a>.</p>";
    mail.signature = "The Shop\n<London> & Co";
    for (const auto* text : {"", "See View the invoice."}) {
        mail.text = text;
        const auto bytes = to_rfc5322(mail);
        expect_legal(bytes);
        const auto back = read_mail(bytes);
        EXPECT_EQ(back.text, "See View the invoice (https://pay.example.com/i/77).\n\n-- \nThe Shop\n<London> & Co\n");
        EXPECT_EQ(back.html, mail.html + "\n<p>-- <br>\nThe Shop<br>\n&lt;London&gt; &amp; Co</p>\n");
    }
    mail.text = "What it shows";
    mail.html = "<img src=\"cid:a@b\">";
    EXPECT_TRUE(read_mail(to_rfc5322(mail)).text.starts_with("What it shows")) << "where the page has no words";
}

// Outlook's header, and the same as Exchange writes it: a one, the time, a GUID.
const std::string outlook_head = std::string("\x01\xDB\xF6\x98\x89\x06\xC0\x86", 8) + std::string(14, '\x5A');
const std::string exchange_head = std::string("\x01\x01\xDB\xF6\x98\x89\xC0\x86", 8) + std::string(14, '\x5A');

std::string index_of_answer(const std::string& answered, timestamp written_at) {
    auto mail = answer();
    mail.date = written_at;
    mail.thread_topic = "Größe der Pumpe\r\nX-Evil: 1";
    mail.answered_index = base64(answered);
    const auto bytes = to_rfc5322(mail);
    expect_legal(bytes);
    EXPECT_EQ(bytes, to_rfc5322(mail)) << "a mail that is sent again is the same";
    const auto back = read_mail(bytes);
    const auto details = nlohmann::json::parse(back.details);
    EXPECT_EQ(details["thread_topic"], "Größe der Pumpe X-Evil: 1");
    EXPECT_EQ(back.mail.conversation, details.contains("thread_index") ? base64(answered.substr(0, 22)) : "");
    std::string index;
    EXPECT_TRUE(base64_decode(details.value("thread_index", ""), index));
    return index;
}

TEST(outbound_mail, continues_the_conversation_of_outlook) {
    using namespace std::chrono;
    // 01 DB F6 98 89 06 as the upper 48 bits of a FILETIME.
    const timestamp begun = sys_days{year{2025} / 7 / 16} + hours{21} + minutes{28} + seconds{13};
    for (const auto& head : {outlook_head, exchange_head}) {
        const auto index = index_of_answer(head, begun + hours{1});
        ASSERT_EQ(index.size(), 27u);
        EXPECT_TRUE(index.starts_with(head));
        const auto steps = static_cast<std::uint32_t>(static_cast<unsigned char>(index[22])) << 24U |
                           static_cast<std::uint32_t>(static_cast<unsigned char>(index[23])) << 16U |
                           static_cast<std::uint32_t>(static_cast<unsigned char>(index[24])) << 8U |
                           static_cast<unsigned char>(index[25]);
        EXPECT_NEAR(steps * 262144e-7, 3600, 3) << "seconds in steps of 2^18 times 100 ns";
        const auto next = index_of_answer(index, begun + days{1000});
        ASSERT_EQ(next.size(), 32u);
        EXPECT_TRUE(next.starts_with(index));
        EXPECT_EQ(next[27] & 0x80, 0x80) << "longer than 1.7 years: in steps of 2^23";
    }
    EXPECT_EQ(index_of_answer(outlook_head + std::string(5 * 199, 'x'), begun).size(), 22u + 5 * 200);
}

TEST(outbound_mail, takes_nothing_else_for_an_index_of_outlook) {
    const timestamp now{std::chrono::sys_days{std::chrono::year{2026} / 3 / 6}};
    for (const auto& none :
         {std::string(), outlook_head.substr(1), outlook_head + "four", "\x02" + outlook_head.substr(1),
          outlook_head + std::string(5 * 200, 'x'), outlook_head + std::string(50'000, 'x')})
        EXPECT_EQ(index_of_answer(none, now), "") << none.size();
    auto mail = answer();
    mail.answered_index = "no base64 \r\nX-Evil: 1";
    EXPECT_FALSE(to_rfc5322(mail).contains("Evil"));
    EXPECT_FALSE(to_rfc5322(mail).contains("Thread-"));
}

TEST(outbound_mail, no_value_can_add_a_header) {
    auto mail = answer();
    const std::string evil = "x\r\nBcc: evil@example.com\r\n\r\nbody";
    mail.subject = mail.message_id = mail.in_reply_to = mail.auto_submitted = evil;
    mail.from.name = mail.to[0].name = mail.to[0].address = evil;
    mail.from.address = "support@example.com";
    mail.references = {evil, "ok@x"};
    mail.attachments = {{evil, "text/x\r\nBcc: evil@example.com", "c", "", evil, false}};
    const std::string bytes = to_rfc5322(mail);
    expect_legal(bytes);
    EXPECT_FALSE(bytes.contains("\nBcc:"));
    EXPECT_EQ(read_mail(bytes).text, mail.text);
}

TEST(outbound_mail, references_are_bounded_and_keep_the_first_and_the_newest) {
    auto mail = answer();
    mail.references.clear();
    for (int i = 0; i < 500; ++i)
        mail.references.push_back(std::to_string(i) + ".long-enough-to-be-a-real-message-id@example.org");
    const std::string bytes = to_rfc5322(mail);
    expect_legal(bytes);
    const auto back = read_mail(bytes).mail.references;
    ASSERT_EQ(back.size(), 20u);
    EXPECT_TRUE(back.front().starts_with("0."));
    EXPECT_TRUE(back.back().starts_with("499."));
}

TEST(outbound_mail, automatic_mail_says_so) {
    auto mail = answer();
    mail.auto_submitted = "auto-replied";
    EXPECT_TRUE(has_flag(read_mail(to_rfc5322(mail)), "auto_reply"));
}

TEST(reply_address, finds_its_ticket_again) {
    const auto address = reply_address("Support@Example.com", 12345, "secret");
    EXPECT_TRUE(address.starts_with("support+t.12345."));
    EXPECT_TRUE(address.ends_with("@example.com"));
    EXPECT_EQ(ticket_of_reply_address(address, "secret"), 12345);
    std::string shouted = address;
    std::ranges::transform(shouted, shouted.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    EXPECT_EQ(ticket_of_reply_address(" <" + shouted + "> ", "secret"), 12345);
    EXPECT_EQ(ticket_of_reply_address(reply_address("a+b@c.d", 1, "s"), "s"), 1);
}

TEST(reply_address, cannot_be_guessed_or_bent) {
    const auto address = reply_address("support@example.com", 12345, "secret");
    auto other = address;
    other.replace(other.find("12345"), 5, "12346");
    for (const auto& forged :
         {other, std::string("support@example.com"), std::string("support+t.12345@example.com"),
          std::string("support+t.12345.@example.com"),
          std::string("support+t.012345") + address.substr(address.find(".", 15)), "x" + address,
          address + ".evil.example", std::string("support+t.99999999999999999999.0@example.com"), std::string()})
        EXPECT_FALSE(ticket_of_reply_address(forged, "secret")) << forged;
    EXPECT_FALSE(ticket_of_reply_address(address, "other secret"));
    EXPECT_FALSE(ticket_of_reply_address(address, ""));
    EXPECT_EQ(reply_address("no address", 1, "s"), "");
    EXPECT_EQ(reply_address("a@b.c", 0, "s"), "");
}

} // namespace
} // namespace switchboard::channels

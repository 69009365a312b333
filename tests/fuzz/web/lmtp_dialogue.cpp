// Any bytes, cut into any packets: the dialogue keeps its bounds, answers once for each mail, and reads the same
// however the bytes are cut. The first byte chooses the protocol, the second the length of a packet.
#include "web/mail_dialogue.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

namespace {

using namespace switchboard::web;
using need = mail_dialogue::need;

constexpr std::size_t message_bytes = 4096, most_recipients = 8;

struct heard {
    std::string replies;
    std::vector<mail_message> mails;
};

void insist(bool is_so) {
    if (!is_so) std::abort();
}

heard talk(mail_protocol protocol, std::string_view bytes, std::size_t packet) {
    mail_dialogue d{
        {.protocol = protocol, .hostname = "x", .message_bytes = message_bytes, .recipients = most_recipients}};
    heard out;
    for (std::size_t at = 0; at < bytes.size(); at += packet) {
        d.feed(bytes.substr(at, packet));
        for (auto asked = d.next(); asked != need::input; asked = d.next()) {
            insist(asked != need::tls); // it was not offered
            if (asked == need::end) {
                out.replies += d.take_replies();
                return out;
            }
            if (asked == need::recipient) {
                d.answer_recipient(static_cast<recipient_answer>(d.recipient().size() % 4));
                continue;
            }
            auto mail = d.take_message();
            insist(!mail.recipients.empty() && mail.recipients.size() <= most_recipients);
            insist(mail.content.size() <= message_bytes && d.held() == 0);
            insist(mail.content.empty() || mail.content.ends_with("\r\n"));
            for (std::size_t i = 0; i < mail.content.size(); ++i) // nothing that another server could end it at
                insist(mail.content[i] != '\n' || (i > 0 && mail.content[i - 1] == '\r'));
            const auto before = d.take_replies();
            d.answer_delivery(std::vector(mail.recipients.size(), delivery_answer::kept));
            const auto answer = d.take_replies();
            insist(static_cast<std::size_t>(std::ranges::count(answer, '\n')) ==
                   (protocol == mail_protocol::lmtp ? mail.recipients.size() : 1));
            out.replies += before + answer;
            out.mails.push_back(std::move(mail));
        }
        insist(d.held() <= message_bytes);
        out.replies += d.take_replies();
    }
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const auto protocol = data[0] % 2 == 0 ? mail_protocol::lmtp : mail_protocol::smtp;
    std::string bytes = protocol == mail_protocol::lmtp ? "LHLO x\r\n" : "EHLO x\r\n";
    bytes += "MAIL FROM:<>\r\nRCPT TO:<abcd>\r\nDATA\r\n"; // half of the way, which guessing would take long for
    if (data[0] & 2) bytes.resize(8);
    bytes.append(reinterpret_cast<const char*>(data) + 2, size - 2);
    const auto whole = talk(protocol, bytes, bytes.size());
    const auto cut = talk(protocol, bytes, 1 + data[1]);
    insist(whole.replies == cut.replies && whole.mails.size() == cut.mails.size());
    for (std::size_t i = 0; i < whole.mails.size(); ++i)
        insist(whole.mails[i].content == cut.mails[i].content && whole.mails[i].recipients == cut.mails[i].recipients);
    return 0;
}

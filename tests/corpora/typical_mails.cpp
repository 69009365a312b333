#include "corpora/typical_mails.hpp"

#include <fmt/format.h>

#include <random>
#include <string_view>

namespace switchboard::corpora {

namespace {

constexpr std::string_view vocabulary[]{
    "the",  "order",    "that",   "you", "sent", "us",   "last", "week", "has", "not",    "arrived", "yet",  "and",
    "we",   "would",    "like",   "to",  "know", "when", "it",   "will", "be",  "here",   "please",  "tell", "me",
    "your", "customer", "number", "so",  "I",    "can",  "look", "up",   "in",  "system", "thank",   "very", "much"};

class writer {
public:
    explicit writer(unsigned seed) : random_(seed) {}

    std::string line(std::size_t bytes) {
        std::string out;
        while (out.size() < bytes) out.append(vocabulary[random_() % std::size(vocabulary)]).append(" ");
        out.pop_back();
        return out;
    }
    std::string text(std::size_t bytes, std::string_view mark) {
        std::string out;
        for (int i = 1; out.size() < bytes; ++i)
            out.append(mark).append(line(64)).append(i % 7 == 0 ? "\r\n\r\n" : "\r\n");
        return out;
    }
    std::string page(std::size_t bytes) {
        std::string out =
            "<html><head><meta charset=3D\"utf-8\"><style>p.MsoNormal{margin:0}</style></head><body><div>\r\n";
        while (out.size() < bytes)
            out += "<p class=3D\"MsoNormal\" style=3D\"margin:0cm\"><span style=3D\"font-size:11pt=\r\n\">" + line(60) +
                   "=\r\n " + line(64) + "&nbsp;<b>" + line(12) + "</b></span></p>\r\n";
        return out +
               "<div class=3D\"gmail_quote\"><div class=3D\"gmail_attr\">On Mon, 2 May 2016 at 10:00=\r\n, Desk "
               "&lt;desk@ours.example&gt; wrote:</div><blockquote>" +
               line(60) + "=\r\n" + line(60) + "</blockquote></div></div></body></html>\r\n";
    }
    std::string header(int i, std::string_view type) {
        return fmt::format(
            "Received: from mx.there.example (mx.there.example [192.0.2.1]) by mx.ours.example (Postfix) with ESMTPS "
            "id {0}\r\n for <desk@ours.example>; Mon, 2 May 2016 10:00:00 +0000 (UTC)\r\n"
            "DKIM-Signature: v=1; a=rsa-sha256; d=there.example; s=x; h=from:to:subject; bh={1:a>44}; b={1:b>300}\r\n"
            "From: =?utf-8?Q?J=C3=A4ne?= Doe <jane{0}@there.example>\r\nTo: Desk <desk@ours.example>\r\nSubject: Re: "
            "Order {0}\r\nDate: Mon, 2 May 2016 10:00:00 +0000\r\n"
            "Message-ID: <{0}.x@there.example>\r\nIn-Reply-To: <y{0}@ours.example>\r\nReferences: <z{0}@ours.example> "
            "<y{0}@ours.example>\r\nMIME-Version: 1.0\r\nContent-Type: {2}\r\n",
            i, "", type);
    }

private:
    std::mt19937 random_;
};

constexpr std::string_view attribution = "\r\nOn Mon, 2 May 2016 at 10:00, Desk <desk@ours.example> wrote:\r\n\r\n";

} // namespace

std::vector<mail_sample> typical_mails() {
    writer w(1);
    std::vector<mail_sample> out{{"plain", {}}, {"HTML", {}}, {"plain and HTML", {}}};
    for (int i = 0; i < 100; ++i) {
        const auto quote = std::string(attribution) + w.text(1800, "> ");
        out[0].mails.push_back(w.header(i, "text/plain; charset=utf-8") + "\r\n" + w.text(7000, "") + quote);
        out[1].mails.push_back(w.header(i, "text/html; charset=utf-8") +
                               "Content-Transfer-Encoding: quoted-printable\r\n\r\n" + w.page(8800));
        out[2].mails.push_back(
            w.header(i, "multipart/alternative; boundary=b") +
            "\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + w.text(2200, "") + quote +
            "--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
            w.page(4500) + "--b--\r\n");
    }
    return out;
}

} // namespace switchboard::corpora

#pragma once

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::corpora {

/// A kind of mail that is large, at any size.
struct large_mail {
    const char* name;
    std::string (*make)(std::size_t bytes);
};

inline std::string mail_of(std::string_view type, std::string_view encoding, std::string_view unit, std::size_t bytes,
                           std::string_view end = {}) {
    std::string out = "From: Jane <jane@there.example>\r\nTo: desk@ours.example\r\nSubject: Large\r\n"
                      "Message-ID: <1@there.example>\r\nMIME-Version: 1.0\r\n";
    out.append("Content-Type: ").append(type).append("\r\nContent-Transfer-Encoding: ").append(encoding);
    out.append("\r\n\r\n");
    out.reserve(bytes + unit.size() + end.size());
    while (out.size() < bytes) out += unit;
    return out.append(end);
}

/// What its peak memory is told for: each kind takes another way through the parser.
inline const std::vector<large_mail>& large_mails() {
    static const std::vector<large_mail> all{
        {"a file in base64",
         [](std::size_t bytes) {
             constexpr auto line = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1\r\n";
             return mail_of("application/pdf; name=a.pdf", "base64", line, bytes);
         }},
        {"a thousand files",
         [](std::size_t bytes) {
             std::string part =
                 "--b\r\nContent-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\n";
             while (part.size() < bytes / 980) part += "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ\r\n";
             return mail_of("multipart/mixed; boundary=b", "8bit", part, bytes, "--b--\r\n");
         }},
        {"a mail in a mail",
         [](std::size_t bytes) {
             const auto inner = mail_of("text/plain", "8bit", "The order has not arrived yet, and we wait.\r\n", bytes);
             return mail_of("multipart/mixed; boundary=b", "8bit",
                            "--b\r\nContent-Type: message/rfc822\r\n\r\n" + inner, bytes, "\r\n--b--\r\n");
         }},
        {"plain text",
         [](std::size_t bytes) {
             return mail_of("text/plain", "7bit", "The order has not arrived yet, and we wait for it.\r\n", bytes);
         }},
        {"plain text, quoted-printable",
         [](std::size_t bytes) {
             return mail_of("text/plain; charset=utf-8", "quoted-printable", "Gr=C3=BC=C3=9Fe aus K=C3=B6ln, und=\r\n",
                            bytes);
         }},
        {"Latin-1",
         [](std::size_t bytes) {
             return mail_of("text/plain; charset=iso-8859-1", "8bit",
                            "Gr\xFC\xDF"
                            "e aus K\xF6ln an euch alle\r\n",
                            bytes);
         }},
        {"Latin-1, accents only",
         [](std::size_t bytes) {
             return mail_of("text/plain; charset=iso-8859-1", "8bit", std::string(70, '\xE9') + "\r\n", bytes);
         }},
        {"Latin-1, quoted-printable",
         [](std::size_t bytes) {
             return mail_of("text/plain; charset=iso-8859-1", "quoted-printable", "Gr=FC=DFe aus K=F6ln\r\n", bytes);
         }},
        {"Cyrillic without a label",
         [](std::size_t bytes) { // "Здравствуйте, заказ не пришёл" in KOI8-R
             return mail_of("text/plain", "8bit",
                            "\xFA\xC4\xD2\xC1\xD7\xD3\xD4\xD7\xD5\xCA\xD4\xC5, \xDA\xC1\xCB\xC1\xDA \xCE\xC5 "
                            "\xD0\xD2\xC9\xDB\xA3\xCC\r\n",
                            bytes);
         }},
        {"HTML",
         [](std::size_t bytes) {
             return mail_of("text/html; charset=utf-8", "8bit",
                            "<p class=\"MsoNormal\">The order has not <b>arrived</b> yet, and we wait for it.</p>\r\n",
                            bytes);
         }},
        {"HTML, quoted-printable",
         [](std::size_t bytes) {
             return mail_of("text/html; charset=utf-8", "quoted-printable",
                            "<p class=3D\"MsoNormal\">Gr=C3=BC=C3=9Fe, <b>the order</b> has not come.</p>=\r\n", bytes);
         }},
        {"HTML in Latin-1",
         [](std::size_t bytes) {
             return mail_of("text/html; charset=iso-8859-1", "8bit",
                            "<p>Gr\xFC\xDF"
                            "e aus K\xF6ln an euch alle</p>\r\n",
                            bytes);
         }},
        {"uuencode",
         [](std::size_t bytes) {
             std::string out = mail_of("text/plain", "7bit", "begin 644 a.bin\r\n", 0) + "begin 644 a.bin\r\n";
             while (out.size() < bytes) out.append("M").append(60, '8').append("\r\n");
             return out + "`\r\nend\r\n";
         }},
    };
    return all;
}

/// A line of /proc/self/status in bytes: VmRSS, VmHWM. 0 = there is none.
inline std::size_t own_memory(const char* line) {
    std::FILE* status = std::fopen("/proc/self/status", "r");
    char text[256];
    std::size_t out = 0;
    while (status != nullptr && std::fgets(text, sizeof text, status) != nullptr)
        if (std::strncmp(text, line, std::strlen(line)) == 0)
            out = std::strtoull(text + std::strlen(line) + 1, nullptr, 10) * 1024;
    if (status != nullptr) std::fclose(status);
    return out;
}

/// From here on the peak (VmHWM) is counted anew (proc(5), clear_refs). False: it cannot be.
inline bool forget_peak() {
    std::FILE* refs = std::fopen("/proc/self/clear_refs", "w");
    if (refs == nullptr) return false;
    const bool written = std::fputs("5", refs) >= 0;
    return std::fclose(refs) == 0 && written;
}

} // namespace switchboard::corpora

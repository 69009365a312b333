#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace switchboard::test {

/// What somebody would send who wants a reader to be busy: a unit many times over.
struct hostile_shape {
    std::string reader; // a gateway kind, or html, reply, rtf, json: that reader alone
    std::string name;
    std::string head, unit, tail; // "#" in the unit is its number
};

/// About so many bytes of a shape.
inline std::string bytes_of(const hostile_shape& shape, std::size_t size) {
    auto out = shape.head;
    out.reserve(size + shape.unit.size() + shape.tail.size() + 32);
    for (std::size_t n = 0; out.size() + shape.tail.size() < size; ++n)
        for (const char c : shape.unit)
            if (c == '#')
                out += std::to_string(n);
            else
                out += c;
    return out.append(shape.tail);
}

inline std::string times(std::string_view text, std::size_t n) {
    std::string out;
    while (n-- > 0) out += text;
    return out;
}

inline const std::vector<hostile_shape>& hostile_shapes() {
#define TEXT_MAIL "From: a@x.example\r\nTo: b@y.example\r\nSubject: Re: s\r\nMessage-ID: <m@x>\r\n\r\n"
#define HTML_MAIL "From: a@x.example\r\nMessage-ID: <m@x>\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n"
#define FLOWED_MAIL                                                                                                    \
    "From: a@x.example\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; format=flowed; delsp=yes\r\n\r\n"
#define BOUNCE                                                                                                         \
    "From: MAILER-DAEMON@x.example\r\nTo: b@y.example\r\nSubject: Undelivered Mail Returned to Sender\r\n\r\n"
#define REPORT                                                                                                         \
    "From: MAILER-DAEMON@x.example\r\nSubject: failure notice\r\nMIME-Version: 1.0\r\nContent-Type: "                  \
    "multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
#define MIXED "From: a@x.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    static const std::vector<hostile_shape> all{
        // Header fields
        {"email", "fields", "From: a@x\r\n", "X-#: y\r\n", "\r\nx"},
        {"email", "same fields", "From: a@x\r\n", "Received: from a by b; Mon, 1 Jan 2024 00:00:00 +0000\r\n", "\r\nx"},
        {"email", "a long subject", "From: a@x\r\nSubject: ", "a", "\r\n\r\nx"},
        {"email", "folds", "From: a@x\r\nSubject: s", "\r\n a", "\r\n\r\nx"},
        {"email", "references", "From: a@x\r\nReferences:", " <#@x.example>", "\r\n\r\nx"},
        {"email", "short references", "From: a@x\r\nReferences:", "<#>", "\r\n\r\nx"},
        {"email", "opened references", "From: a@x\r\nReferences:", "<", "\r\n\r\nx"},
        {"email", "recipients", "From: a@x\r\nTo: ", "u#@x.example, ", "z@x\r\n\r\nx"},
        {"email", "named recipients", "From: a@x\r\nTo: ", "\"N, #\" <u#@x.example>, ", "z@x\r\n\r\nx"},
        {"email", "commas", "From: a@x\r\nTo: ", ",", "\r\n\r\nx"},
        {"email", "comments in one another", "From: a@x\r\nTo: ", "(", "\r\n\r\nx"},
        {"email", "comments", "From: a@x\r\nTo: ", "(a)", "\r\n\r\nx"},
        {"email", "opened comments", "From: a@x\r\nTo: ", "(a", "\r\n\r\nx"},
        {"email", "opened addresses", "From: a@x\r\nTo: ", "<", "\r\n\r\nx"},
        {"email", "opened addresses with names", "From: ", "a <", "\r\n\r\nx"},
        {"email", "quotes in addresses", "From: a@x\r\nTo: ", "\"", "\r\n\r\nx"},
        {"email", "backslashes in addresses", "From: a@x\r\nTo: \"", "\\", "\r\n\r\nx"},
        {"email", "groups in one another", "From: a@x\r\nTo: ", "g:", "\r\n\r\nx"},
        {"email", "groups", "From: a@x\r\nTo: ", "g:u#@x;,", "\r\n\r\nx"},
        {"email", "routes", "From: a@x\r\nTo: <", "@a,", ":u@x>\r\n\r\nx"},
        {"email", "at signs", "From: ", "@", "\r\n\r\nx"},
        {"email", "dots", "From: ", "a.", "\r\n\r\nx"},
        {"email", "domain literals", "From: a@", "[", "\r\n\r\nx"},
        {"email", "mailto addresses", "From: a@x\r\nTo: ", "<mailto:", "\r\n\r\nx"},
        {"email", "encoded words", "From: a@x\r\nSubject: ", "=?utf-8?q?=C3=A4?= ", "\r\n\r\nx"},
        {"email", "encoded words cut in base64",
         "From: a@x\r\nSubject: =?utf-8?b?YWJjZ?=", " =?utf-8?b?YWJj?=", "\r\n\r\nx"},
        {"email", "encoded names cut in base64", "From: =?utf-8?b?YWJjZ?=", " =?utf-8?b?YWJj?=", " <a@x>\r\n\r\nx"},
        {"email", "encoded words of charsets by turns",
         "From: a@x\r\nSubject: ", "=?koi8-r?q?=E4?= =?shift_jis?q?=E4=E4?= ", "\r\n\r\nx"},
        {"email", "encoded words of unknown charsets", "From: a@x\r\nSubject: ", "=?x-#?q?=E4=FC=F6?= ", "\r\n\r\nx"},
        {"email", "opened encoded words", "From: a@x\r\nSubject: ", "=?utf-8?b?a", "\r\n\r\nx"},
        {"email", "question marks", "From: a@x\r\nSubject: ", "=?", "?=\r\n\r\nx"},
        {"email", "raw bytes", "From: a@x\r\nSubject: ", "\xE4\xF6 ", "\r\n\r\nx"},
        {"email", "content parameters", "From: a@x\r\nContent-Type: text/plain", "; p#=v", "\r\n\r\nx"},
        {"email", "continued parameters", "From: a@x\r\nContent-Type: text/plain", "; name*#=a", "\r\n\r\nx"},
        {"email", "encoded parameters", "From: a@x\r\nContent-Disposition: attachment", "; filename*#*=%E4",
         "\r\n\r\nx"},
        {"email", "the same parameter", "From: a@x\r\nContent-Type: text/plain", "; charset=x", "\r\n\r\nx"},
        {"email", "semicolons", "From: a@x\r\nContent-Type: text/plain", ";", "\r\n\r\nx"},
        {"email", "a long boundary", "From: a@x\r\nContent-Type: multipart/mixed; boundary=", "a",
         "\r\n\r\n--a\r\n\r\nx"},
        {"email", "dates", "From: a@x\r\nDate: ", "Mon, 1 ", "\r\n\r\nx"},
        {"email", "authentication results", "From: a@x\r\nAuthentication-Results: x", "; spf=pass (a)", "\r\n\r\nx"},
        {"email", "failed recipients", "From: MAILER-DAEMON@x\r\nSubject: failure notice\r\n",
         "X-Failed-Recipients: u#@x.example\r\n", "\r\nx"},
        {"email", "bare colons", "", ":\r\n", "\r\nx"},
        // Text
        {"email", "greater-thans", TEXT_MAIL, ">", ""},
        {"email", "deep quotes", TEXT_MAIL, ">>>>>>>>>> a\r\n", ""},
        {"email", "quotes", TEXT_MAIL, "> a\r\n", ""},
        {"email", "quotes and answers", TEXT_MAIL, "> a\r\nb\r\n", ""},
        {"email", "one long line", TEXT_MAIL, "a", ""},
        {"email", "one long line of words", TEXT_MAIL, "a b ", ""},
        {"email", "blank lines", TEXT_MAIL "a", "\r\n", "b"},
        {"email", "spaces", TEXT_MAIL "a", " ", "b"},
        {"email", "attributions", TEXT_MAIL "a\r\n", "On Mon, Jan 1, 2024 at 1:00 PM A <a@x> wrote:\r\n", ""},
        {"email", "half attributions", TEXT_MAIL "a\r\n", "On 1.1.2024 a\r\n", ""},
        {"email", "verbs", TEXT_MAIL "a\r\n", "wrote:\r\n", ""},
        {"email", "header blocks", TEXT_MAIL "a\r\n", "From: a\r\nSent: b\r\n", ""},
        {"email", "froms", TEXT_MAIL "a\r\n", "From: a\r\n", ""},
        {"email", "rulers", TEXT_MAIL "a\r\n", "________\r\n", ""},
        {"email", "dashes", TEXT_MAIL "a\r\n", "-----\r\n", ""},
        {"email", "signatures", TEXT_MAIL "a\r\n", "-- \r\nb\r\n", ""},
        {"email", "device lines", TEXT_MAIL "a\r\n", "Sent from my iPhone\r\n", ""},
        {"email", "device lines and dashed names", TEXT_MAIL "a\r\n", "Sent from my iPhone\r\n\r\n-Jane Doe\r\n", ""},
        {"email", "device lines, quotes and names", TEXT_MAIL "a\r\n",
         "b\r\n> q\r\nSent from my iPhone\r\n\r\n-Jane Doe\r\n", ""},
        {"email", "original messages", TEXT_MAIL "a\r\n", "-----Original Message-----\r\n", ""},
        {"email", "fences", TEXT_MAIL "a\r\n", "```\r\n", ""},
        {"email", "links", TEXT_MAIL, "http://x.example/# ", ""},
        {"email", "addresses", TEXT_MAIL, "u#@x.example ", ""},
        {"email", "ticket marks", TEXT_MAIL, "[#1] ", ""},
        {"email", "uuencode beginnings", TEXT_MAIL, "begin 644 a\r\n", "\r\nend\r\n"},
        {"email", "uuencode beginnings and lines", TEXT_MAIL, "begin 644 a\r\nM0000\r\n", "\r\nend\r\n"},
        {"email", "uuencoded files", TEXT_MAIL, "begin 644 a\r\n#0V%T\r\n`\r\nend\r\n", ""},
        {"email", "yEnc beginnings", TEXT_MAIL, "=ybegin line=128 size=1 name=a\r\n", ""},
        {"email", "yEnc files", TEXT_MAIL, "=ybegin line=128 size=1 name=a\r\na\r\n=yend\r\n", ""},
        {"email", "PGP beginnings", TEXT_MAIL, "-----BEGIN PGP MESSAGE-----\r\n", ""},
        {"email", "flowed text", FLOWED_MAIL, "a \r\n", ""},
        {"email", "flowed quotes", FLOWED_MAIL, ">>> a \r\n>> b \r\n", ""},
        {"email", "broken UTF-8", "Content-Type: text/plain; charset=utf-8\r\nFrom: a@x\r\n\r\n", "\xE4", ""},
        {"email", "UTF-7", "Content-Type: text/plain; charset=utf-7\r\nFrom: a@x\r\n\r\n", "+AOQ-", ""},
        {"email", "escapes of ISO-2022", "Content-Type: text/plain; charset=iso-2022-jp\r\nFrom: a@x\r\n\r\n",
         "\x1B$B!!\x1B(B", ""},
        {"email", "quoted-printable", "Content-Transfer-Encoding: quoted-printable\r\nFrom: a@x\r\n\r\n", "=\r\n", ""},
        {"email", "base64 junk", "Content-Transfer-Encoding: base64\r\nFrom: a@x\r\n\r\n", "=A\r\n", ""},
        {"email", "a uuencoded body", "Content-Transfer-Encoding: x-uuencode\r\nFrom: a@x\r\n\r\n", "begin 644 a\r\nM",
         ""},
        {"email", "no header", "", "a\r\n", ""},
        // Pages
        {"email", "less-thans", HTML_MAIL, "<", ""},
        {"email", "tags in one another", HTML_MAIL, "<div>", ""},
        {"email", "kinds of tags in one another", HTML_MAIL, "<b><i><u><table><tr><td><blockquote>", ""},
        {"email", "opened tags", HTML_MAIL, "<div ", ""},
        {"email", "closing tags", HTML_MAIL, "</div>", ""},
        {"email", "closing tags of nothing open", HTML_MAIL "<b><b><b><b><b><b><b><b>", "</i>", ""},
        {"email", "opened attributes", HTML_MAIL, "<a href='", ""},
        {"email", "attributes", HTML_MAIL "<a ", "a#=b ", ">x"},
        {"email", "one attribute a tag", HTML_MAIL, "<p class=gmail_quote>x", ""},
        {"email", "a long class", HTML_MAIL "<p class='", "gmail_quot ", "'>x"},
        {"email", "equals signs", HTML_MAIL "<a ", "=", ">x"},
        {"email", "ampersands", HTML_MAIL, "&", ""},
        {"email", "entities", HTML_MAIL, "&amp;&#65;&#x42;", ""},
        {"email", "long numbers", HTML_MAIL "&#", "9", ""},
        {"email", "comments of pages", HTML_MAIL, "<!--a-->", ""},
        {"email", "opened comments of pages", HTML_MAIL, "<!--", ""},
        {"email", "comments that end early", HTML_MAIL, "<!--a--!>", "-->"},
        {"email", "bangs", HTML_MAIL, "<!", ""},
        {"email", "processing instructions", HTML_MAIL, "<?", ""},
        {"email", "styles", HTML_MAIL, "<style>a{b:c}</style>", ""},
        {"email", "opened styles", HTML_MAIL, "<style>", ""},
        {"email", "false ends of a style", HTML_MAIL "<style>", "</styl", ""},
        {"email", "scripts", HTML_MAIL, "<script>", "</script>"},
        {"email", "lines of a page", HTML_MAIL, "<br>", ""},
        {"email", "paragraphs", HTML_MAIL, "<p>a", ""},
        {"email", "quotes of a page", HTML_MAIL, "<blockquote>a", ""},
        {"email", "lists", HTML_MAIL, "<ul><li>", ""},
        {"email", "preformatted", HTML_MAIL "<pre>", "\n", "</pre>"},
        {"email", "no-break spaces", HTML_MAIL, "&nbsp;", ""},
        {"email", "pictures", HTML_MAIL, "<img src=cid:# alt=a>", ""},
        {"email", "Outlook's tags", HTML_MAIL, "<o:p></o:p>", ""},
        {"html", "less-thans", "", "<", ""},
        {"html", "tags in one another", "", "<div>", ""},
        {"html", "cells", "", "<table><tr><td>", ""},
        {"html", "closing tags of nothing open", "<b><b><b><b>", "</i>", ""},
        {"html", "closing tags below 200 others", "<i>" + times("<b>", 198), "</u><a>", ""},
        {"html", "links", "", "<a href=http://x.example/#>x", ""},
        {"html", "pictures", "", "<img src=http://x.example/#>", ""},
        {"html", "style declarations", "<p style='", "color:red;", "'>x"},
        {"html", "opened functions", "<p style='", "a:url(;", "'>x"},
        {"html", "functions in values", "<p style='", "color:rgb(1);", "'>x"},
        {"html", "opened comments of styles", "<p style='", "/*", "'>x"},
        {"html", "attributes", "<p ", "a#=b ", ">x"},
        {"html", "many styles", "", "<p style='color:red'>x", ""},
        {"html", "comments that end early", "", "<!--a--!>", "-->"},
        {"html", "entities", "", "&lt;&eacute;&#99;", ""},
        // Parts
        {"email", "parts", MIXED, "--b\r\n\r\nx\r\n", "--b--\r\n"},
        {"email", "empty parts", MIXED, "--b\r\n", ""},
        {"email", "parts in one another", "From: a@x\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n",
         "--b#\r\nContent-Type: multipart/mixed; boundary=b#\r\n\r\n", ""},
        {"email", "messages in one another", "From: a@x\r\n", "Content-Type: message/rfc822\r\n\r\n", "x"},
        {"email", "lines like boundaries", MIXED, "--b#\r\n", ""},
        {"email", "dashes in parts", MIXED "--b\r\n\r\n", "--\r\n", "--b--\r\n"},
        {"email", "closed boundaries", MIXED, "--b--\r\n", ""},
        {"email", "pages as parts", MIXED, "--b\r\nContent-Type: text/html\r\n\r\n<p>x</p>\r\n", "--b--\r\n"},
        {"email", "pages without words", MIXED, "--b\r\nContent-Type: text/html\r\n\r\n" + times("<p>", 700) + "\r\n",
         "--b--\r\n"},
        {"email", "blank texts", MIXED, "--b\r\n\r\n" + times(" ", 2000) + "\r\n", "--b--\r\n"},
        {"email", "files", MIXED, "--b\r\nContent-Type: a/b; name=f#\r\n\r\nx\r\n", "--b--\r\n"},
        {"email", "files of calendars", MIXED, "--b\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VEVENT\r\n",
         "--b--\r\n"},
        // Reports
        {"email", "addresses in a bounce", BOUNCE "could not be delivered\r\n", "<u#@x.example>: 550 5.1.1 no\r\n", ""},
        {"email", "addresses in a bounce that says no more", BOUNCE "could not be delivered\r\n", "u#@x.example\r\n",
         ""},
        {"email", "addresses in long lines of a bounce", BOUNCE "could not be delivered\r\n",
         times("a", 100) + " u#@x.example " + times("a", 400) + "\r\n", ""},
        {"email", "addresses in one line of a bounce", BOUNCE "could not be delivered\r\n", "u#@x.example,", ""},
        {"email", "codes in a bounce", BOUNCE "could not be delivered: a@b.example\r\n", "550 5.1.1 ", ""},
        {"email", "numbers in a bounce", BOUNCE "could not be delivered: a@b.example\r\n", "5.", ""},
        {"email", "returned fields", BOUNCE "could not be delivered\r\n", "Received: a\r\n", ""},
        {"email", "dialogue", BOUNCE "could not be delivered\r\n", ">>> RCPT TO:<u#@x.example>\r\n<<< 550 no\r\n", ""},
        {"email", "recipients of a report", REPORT "--b\r\nContent-Type: message/delivery-status\r\n\r\n",
         "Final-Recipient: rfc822;u#@x.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n", "--b--\r\n"},
        {"email", "recipients of a report with prose",
         REPORT "--b\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822;u1@x\r\nAction: "
                "failed\r\n\r\nFinal-Recipient: rfc822;u2@x\r\nAction: failed\r\n\r\nFinal-Recipient: "
                "rfc822;u3@x\r\nAction: failed\r\n\r\n--b\r\n\r\n",
         "some words that mean nothing ", "\r\n--b--\r\n"},
        {"email", "recipients without blank lines", REPORT "--b\r\nContent-Type: message/delivery-status\r\n\r\n",
         "Final-Recipient: rfc822;u#@x\r\nStatus: 5.1.1\r\n", "--b--\r\n"},
        {"email", "parts of a report", REPORT,
         "--b\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient: x\r\n", "--b--\r\n"},
        {"email", "feedback",
         "From: a@x\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n"
         "--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n",
         "Original-Rcpt-To: u#@x\r\n", "--b--\r\n"},
        // The reader of answers alone, whose lines are not those of mail
        {"reply", "device lines and dashed names", "a\n", "Sent from my iPhone\n\n-Jane Doe\n", ""},
        {"reply", "wrapped quotes", "",
         "> aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nb\n", ""},
        {"reply", "answers between quotes", "", "On 1.1.2024 A wrote:\n> a\nb\n", ""},
        {"reply", "initials", "", "JD> a\n", ""},
        {"reply", "blank lines and signatures", "\n\n\n\n", "\n", "-- \na"},
        // RTF
        {"rtf", "braces", "{\\rtf1", "{", ""},
        {"rtf", "closed braces", "{\\rtf1", "}", ""},
        {"rtf", "groups", "{\\rtf1", "{\\b a}", ""},
        {"rtf", "bytes", "{\\rtf1", "\\'e4", ""},
        {"rtf", "bytes in groups", "{\\rtf1", "{\\'e4}", ""},
        {"rtf", "bytes of an unknown page", "{\\rtf1\\ansicpg99999", "{\\'e4}", ""},
        {"rtf", "bytes of a Japanese page", "{\\rtf1\\ansicpg932", "{\\'83\\'65}", ""},
        {"rtf", "pages by turns", "{\\rtf1", "\\ansicpg932\\'83\\'65\\ansicpg1251\\'e4", ""},
        {"rtf", "characters", "{\\rtf1", "\\u1234?", ""},
        {"rtf", "long words", "{\\rtf1\\", "a", ""},
        {"rtf", "long numbers", "{\\rtf1\\u", "9", ""},
        {"rtf", "binaries", "{\\rtf1", "\\bin1 ", ""},
        {"rtf", "a wrapped page", "{\\rtf1\\fromhtml1", "{\\*\\htmltag <p>}\\htmlrtf x\\htmlrtf0 ", ""},
        // JSON and what is like it
        {"json", "brackets", "", "[", ""},
        {"json", "members in one another", "", "{\"a\":", ""},
        {"json", "quotes", "", "\"", ""},
        {"json", "a long text", "\"", "a", "\""},
        {"json", "backslashes", "\"", "\\\\", "\""},
        {"json", "escapes", "\"", "\\u00e4", "\""},
        {"json", "lone surrogates", "\"", "\\ud83d", "\""},
        {"json", "a long number", "", "9", ""},
        {"json", "a long fraction", "0.", "9", ""},
        {"json", "a long exponent", "1e", "0", "1"},
        {"json", "elements", "[", "1,", "1]"},
        {"json", "arrays", "[", "[],", "1]"},
        {"json", "members", "{", "\"#\":1,", "\"z\":1}"},
        {"json", "the same member", "{", "\"a\":1,", "\"z\":1}"},
        {"json", "spaces", "", " ", "1"},
        {"json", "broken UTF-8", "\"", "\xE4", "\""},
        {"chat", "brackets", "", "[", ""},
        {"chat", "messages", "{\"messages\":[",
         "{\"session_id\":\"s\",\"message_id\":\"#\",\"from\":{\"id\":\"a\"},\"text\":\"x\"},", "{}]}"},
        {"chat", "attachments", "{\"session_id\":\"s\",\"message_id\":\"1\",\"from\":{\"id\":\"a\"},\"attachments\":[",
         "{\"content\":\"YQ==\"},", "{}]}"},
        {"phone", "unknown members", "{\"call_id\":\"1\",", "\"a#\":{\"b\":[]},", "\"z\":1}"},
        {"sendgrid", "events", "[", "{\"event\":\"bounce\",\"email\":\"u#@x\",\"reason\":\"550 5.1.1 no\"},", "{}]"},
        {"sendgrid", "junk events", "[", "1,", "1]"},
        {"sendgrid", "fields of a form", "from=a%40x&text=b", "&a#=b", ""},
        {"sendgrid", "percent signs", "from=a%40x&text=", "%", ""},
        {"sendgrid", "parts of a form", "--b\r\nContent-Disposition: form-data; name=from\r\n\r\na@x\r\n",
         "--b\r\nContent-Disposition: form-data; name=a#\r\n\r\nx\r\n", "--b--\r\n"},
        {"sendgrid", "boundaries in a line", "--b\r\n\r\n", "--b", "\r\n--b--\r\n"},
        {"mailgun", "headers", "{\"from\":\"a@x\",\"body-plain\":\"x\",\"message-headers\":[", "[\"X-#\",\"y\"],",
         "[]]}"},
        {"mailgun", "parts of a page", "body-html=[", "%22%3Cp%3E%22,", "1]&from=a%40x"},
        {"postmark", "headers", "{\"From\":\"a@x\",\"Headers\":[", "{\"Name\":\"X-#\",\"Value\":\"y\"},", "{}]}"},
        {"postmark", "people", "{\"From\":\"a@x\",\"ToFull\":[", "{\"Email\":\"u#@x\",\"Name\":\"N\"},", "{}]}"},
        {"ses", "recipients", "{\"notificationType\":\"Bounce\",\"mail\":{},\"bounce\":{\"bouncedRecipients\":[",
         "{\"emailAddress\":\"u#@x\",\"diagnosticCode\":\"550 no\"},", "{}]}}"},
        {"ses", "records", "{\"Records\":[", "1,", "1]}"},
        {"ses", "texts in one another", "{\"Type\":\"Notification\",\"Message\":\"",
         "{\\\"Type\\\":\\\"Notification\\\",", "\"}"},
        {"freeswitch", "elements in one another", "<cdr>", "<a>", "</cdr>"},
        {"freeswitch", "elements closed in one another", "<cdr>", "<a></a>", "</cdr>"},
        {"freeswitch", "elements", "<cdr>", "<a#>x</a#>", "</cdr>"},
        {"freeswitch", "empty elements", "<cdr>", "<a#/>", "</cdr>"},
        {"freeswitch", "opened elements", "<cdr><variables>", "<", "</variables></cdr>"},
        {"freeswitch", "long names", "<cdr><", "a", "></cdr>"},
        {"freeswitch", "entities", "<cdr><a>", "&amp;", "</a></cdr>"},
        {"freeswitch", "legs", "[", "{\"variables\":{}},", "1]"},
        {"freeswitch", "percent signs", "cdr=", "%3C", ""},
        {"asterisk", "quotes", "", "\"", ""},
        {"asterisk", "opened quotes", "", "\"a\n", ""},
        {"asterisk", "opened quotes in lines", "", "a,\"b,c,d,e,f,g,h,i,j\n", ""},
        {"asterisk", "commas", "", ",", ""},
        {"asterisk", "short lines", "", "a\n", ""},
        {"asterisk", "calls", "",
         "\"\",\"100\",\"200\",\"ctx\",\"\",\"SIP/1\",\"\",\"Dial\",\"\",\"2024-01-01 00:00:00\",\"\","
         "\"2024-01-01 00:00:09\",\"9\",\"0\",\"NO ANSWER\",\"DOCUMENTATION\",\"1.#\",\"\"\n",
         ""},
        // Faxes
        {"fax", "pages", "%PDF-1.4\n", "/Type/Page ", "%%EOF"},
        {"fax", "trees of pages", "%PDF-1.4\n", "/Type/Pages", "%%EOF"},
        {"fax", "objects", "%PDF-1.4\n", "# 0 obj<</Type/Page>>endobj\n", "%%EOF"},
        {"fax", "objects that do not end", "%PDF-1.4\n", "# 0 obj/Type/Page ", "%%EOF"},
        {"fax", "types", "%PDF-1.4\n", "/Type", "%%EOF"},
        {"fax", "dictionaries in one another", "%PDF-1.4\n", "<<", "/Type/Pages%%EOF"},
        {"fax", "packed objects", "%PDF-1.4\n", "/ObjStm stream\n", "%%EOF"},
        {"fax", "packed objects of one stream", "%PDF-1.4\n", "/ObjStm", "stream\n"},
        {"fax", "streams that begin", "%PDF-1.4\n", "/ObjStm stream\n\x78\x9c", "%%EOF"},
        {"fax", "directories of a TIFF", std::string("II*\0\x08\0\0\0", 8),
         std::string("\1\0\0\1\1\0\1\0\0\0\1\0\0\0\0\0\0\0", 18), ""},
        {"fax", "form fields", "--b\r\nContent-Disposition: form-data; name=from\r\n\r\n1\r\n",
         "--b\r\nContent-Disposition: form-data; name=a#\r\n\r\nx\r\n", "--b--\r\n"},
    };
#undef TEXT_MAIL
#undef HTML_MAIL
#undef FLOWED_MAIL
#undef BOUNCE
#undef REPORT
#undef MIXED
    return all;
}

} // namespace switchboard::test

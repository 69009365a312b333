#pragma once

#include "web/mail_content.hpp"

#include <switchboard/web/mail.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace switchboard::web {

struct mail_terms {
    mail_protocol protocol = mail_protocol::lmtp;
    std::string hostname = "localhost";
    std::size_t message_bytes = 50u << 20;
    std::size_t recipients = 1000;
    bool offers_tls = false;
    std::string remote = {};
};

/// The server's side of one SMTP (RFC 5321) or LMTP (RFC 2033) connection, without the connection: bytes go in, replies
/// come out, and next() says what only the owner can do. A line with a bare LF is no command and a mail with one is
/// refused; a bare CR is a letter like any other.
class mail_dialogue {
public:
    enum class need {
        input,     // send replies, read, feed()
        recipient, // answer_recipient() for recipient()
        delivery,  // take_message(), then answer_delivery()
        tls,       // send replies, shake hands, tls_started()
        end,       // send replies, close
    };

    explicit mail_dialogue(mail_terms terms); // the greeting is the first reply

    void feed(std::string_view bytes);
    /// Works on what was fed until the owner has to do something.
    need next();
    std::string take_replies();

    const std::string& recipient() const { return asked_; }
    void answer_recipient(recipient_answer answer);

    mail_message take_message();
    /// One for each recipient; a mail server that repeats what was half kept does no harm.
    void answer_delivery(std::span<const delivery_answer> answers);

    void tls_started();

    /// The memory of all connections is used up: what is being received is dropped, and refused for now at its end.
    /// What next() said before is no longer so.
    void shed();
    /// 421, and the end.
    void dismiss(std::string_view why);

    /// Bytes of the mail that is being received.
    std::size_t held() const { return content_.size(); }
    bool in_content() const { return in_content_; }

private:
    void command(std::string_view line);
    void hello(std::string_view verb, std::string_view name);
    void mail_from(std::string_view rest);
    void rcpt_to(std::string_view rest);
    void data(std::string_view rest);
    void start_tls(std::string_view rest);
    void end_of_content();
    void forget_mail();
    void reply(int code, std::string_view enhanced, std::string_view text);
    void complain(int code, std::string_view enhanced, std::string_view text);

    const mail_terms terms_;
    std::string input_, replies_;
    std::size_t at_ = 0; // in input_

    bool greeted_ = false, extended_ = false, tls_ = false, has_sender_ = false, utf8_ = false;
    need pending_ = need::input;
    int complaints_ = 0;
    bool skipping_line_ = false; // one that was too long

    std::string asked_;
    mail_message mail_;
    std::size_t announced_ = 0; // SIZE=

    bool in_content_ = false;
    mail_content content_;
};

} // namespace switchboard::web

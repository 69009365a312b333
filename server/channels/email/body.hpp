#pragma once

#include "channels/email/gmime_ptr.hpp"

#include <switchboard/channels/inputs.hpp>
#include <switchboard/model/contact.hpp>

#include <string>
#include <vector>

namespace switchboard::channels::email {

/// What a mail says and carries. All text is clean UTF-8 with LF line ends.
struct mail_body {
    std::string text;
    std::string html; // as sent
    std::size_t history =
        std::string::npos;           // where in a text that was made of HTML alone its program marks the history
    std::vector<std::size_t> joints; // where in the text a part of its own follows another
    std::string invitation;          // what, when, where and who of a calendar beside other words: lines "name: value"
    std::vector<attachment> attachments;
    std::string delivery_status;  // the raw message/delivery-status parts of a bounce
    std::string feedback;         // message/feedback-report of a complaint
    std::string disposition;      // message/disposition-notification of a read receipt
    std::string original_headers; // of the returned mail in a bounce
    bool encrypted = false;
    bool partial = false;
    bool damaged = false;
    std::string over_limits; // why reading was given up; empty = it was not
};

/// Reads the MIME tree below `root`. `charset` is what the mail declares somewhere: a hint for raw file names.
mail_body read_body(GMimeObject* root, const limits& bounds, const std::string& charset);

} // namespace switchboard::channels::email

#pragma once

#include "channels/email/headers.hpp"
#include "channels/email/lists.hpp"

#include <switchboard/model/contact.hpp>
#include <switchboard/model/gateway_settings.hpp>

#include <vector>

namespace switchboard::channels::email {

/// Who wrote a mail, which is not always whom From names (docs/gateways-mail.md "The sender").
struct mail_author {
    party who;
    std::vector<party> more; // the other senders of a web form
    bool by_form = false;    // the mail is a form's: its signs of a machine are none of who filled it in
    bool own = false;        // one of our own addresses, and nobody else is named
};

/// `from` is whom From names. Our own address, a group of ours or the address of a list there means that the mail was
/// passed on: X-Original-From, X-Original-Sender or Reply-To name its author.
mail_author find_author(const mail_headers& headers, const party& from, const std::vector<party>& reply_to,
                        const mailing_list& list, const gateway_settings& settings);

} // namespace switchboard::channels::email

#pragma once

#include <switchboard/model/contact.hpp>

#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Whom the answer to a ticket goes to by e-mail: one pure function, for the desk that sends and the screen that shows.
namespace switchboard {

/// A contact of a ticket, as far as it decides who is answered.
struct said {
    bool inbound = true;
    bool machine = false;              // a program's words
    party from{};                      // who wrote; not an `email` where it was no mail
    std::vector<party> more_senders{}; // of a web form
    std::vector<party> to{}, cc{}, reply_to{};
    std::vector<std::string> lists{}; // where one posts to the list that it came by
};

/// Addresses behind which nobody is to be answered: our own mailboxes, groups that are ours, senders of web forms.
/// Lower-case.
using house_addresses = std::set<std::string, std::less<>>;

struct reply_recipients {
    std::optional<std::size_t> answered; // which contact; empty = no person wrote
    std::vector<party> to;               // the default
    std::vector<party> others;           // who else was addressed: an answer to all goes to them too
    std::vector<party>
        reply_to; // where the answer is asked for, though this ticket has not had it: offered, no default
    std::vector<std::string> newcomers; // the addresses of these that the ticket has not had before
};

/// `contacts` in the order in which they came. The answer goes to the last person of the ticket who wrote (each sender
/// of a form), or to his Reply-To if this ticket has corresponded with it before; never to a list, to ourselves or to a
/// machine. Who wrote later and is new to the ticket is offered. `colleagues`: people who work here; they are answered
/// where nobody else wrote.
reply_recipients recipients_of_reply(std::span<const said> contacts, const house_addresses& ours,
                                     const house_addresses& colleagues = {});

/// Whether an address is one of these, also with a tag ("support+t.17.…@example.com").
bool is_of_house(const house_addresses& ours, std::string_view address);

} // namespace switchboard

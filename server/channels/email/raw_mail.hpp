#pragma once

#include <string>
#include <string_view>

namespace switchboard::channels::email {

/// A mail as the parser can take it: without an mbox "From " line and leading blank lines, with line feeds where it had
/// only carriage returns, without NUL in its header, and without the few lines that are no header and that something on
/// the way has put before it. `storage` holds a copy where one was needed.
std::string_view readable_mail(std::string_view raw, std::string& storage);

/// Whether anything but a mailbox's own mark stands before the header.
bool has_foreign_beginning(std::string_view raw);

/// SHA-256, in hex, of a mail without the trace fields that each delivery adds in front
/// (docs/gateways-mail.md "Which ticket").
std::string content_hash(std::string_view mail);

/// SHA-256 of what the sender wrote: his fields and the words, without what relays add or change: the same for each
/// delivery of one letter, another for another letter with the same Message-ID. Hex.
std::string letter_hash(std::string_view mail);

} // namespace switchboard::channels::email

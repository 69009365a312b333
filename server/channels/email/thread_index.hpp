#pragma once

#include <switchboard/model/time.hpp>

#include <string>
#include <string_view>

/// Outlook's and Exchange's Thread-Index (PidTagConversationIndex, MS-OXOMSG 2.2.1.3), base64: a header of 22 bytes
/// that all mails of a conversation have (a one, five bytes of its time, a GUID), then five bytes for each answer.
namespace switchboard::channels::email {

/// The conversation that a field names: its header, base64 in 32 characters; empty = the field is no Thread-Index.
std::string conversation_of(std::string_view field);

/// Whether it is that of an answer, not of a mail that begins a conversation.
bool is_answering_index(std::string_view field);

/// The index of an answer to the mail that has this one, written at that time; empty = the field is none, or has more
/// answers than anybody gave. `message_id` stands for the random byte, so that a mail sent again is the same.
std::string answering_index(std::string_view field, timestamp written_at, std::string_view message_id);

} // namespace switchboard::channels::email

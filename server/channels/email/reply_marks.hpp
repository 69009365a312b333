#pragma once

#include <string_view>

namespace switchboard::channels::email {

/// "On Mon, 2 May 2016, Jane <jane@…> wrote:" in the languages that mail programs speak: the joined lines that stand
/// above quoted text.
bool is_attribution(std::string_view joined);

/// Whether an attribution may begin with this line; a cheap test before lines are joined.
bool may_begin_attribution(std::string_view line);

/// Whether one may end with this line, by its verb or colon: nearly every line is told by it, and nothing is copied.
bool may_end_attribution(std::string_view line);
/// The beginnings of those that end with a name: "2016-03-03 17:21 GMT+01:00 Jane", "---- On … wrote ---".
bool needs_no_verb(std::string_view line);

/// A field that a mail program writes above the mail it quotes: "From:", "*Gesendet:*", "发件人：".
enum class quoted_field { none, from, subject, other };
quoted_field quoted_field_of(std::string_view line);

/// "-----Original Message-----" and its kin; forwarded mail is not among them.
bool is_original_message_mark(std::string_view line);

/// "---------- Forwarded message ---------": what follows is passed on and new to the reader.
bool is_forward_mark(std::string_view line);

/// "Sent from my phone", "Get Outlook for iOS", "Von meinem iPhone gesendet".
bool is_device_line(std::string_view line);

/// A subject that says that what follows is passed on, not answered: "Fwd:", "WG:", "TR:".
bool is_forward_subject(std::string_view subject);

} // namespace switchboard::channels::email

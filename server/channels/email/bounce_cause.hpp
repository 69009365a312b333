#pragma once

#include <string>
#include <string_view>

namespace switchboard::channels::email {

/// The command that the other server was answering: who says "user unknown" only after DATA is a filter that had
/// accepted the address.
enum class smtp_command { unknown, mail, rcpt, data };

/// What the words, the enhanced status and the reply code of a refusal come to.
struct refusal {
    std::string cause;    // user_unknown mailbox_full blocked …; empty = nothing known said
    std::string severity; // hard soft temporary
    std::string status;   // enhanced status (RFC 3463), the most telling one; may be empty
};

/// `words` is what the other server or the reporting one said, `status` the Status field if there is one, `action` the
/// Action field ("delayed" is never more than temporary).
refusal judge_refusal(std::string_view words, std::string_view status, std::string_view action, smtp_command command);

/// The command in answer to which something was said, from the transcript or the prose around it.
smtp_command command_in(std::string_view words);

} // namespace switchboard::channels::email

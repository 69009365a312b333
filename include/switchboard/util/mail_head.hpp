#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace switchboard {

/// What a mail says of itself beside its words: by this, mail readers and our own intake put it where it belongs.
struct mail_head {
    std::string subject, message_id, in_reply_to; // ids without brackets
    std::vector<std::string> references{};
    std::string thread_topic{}, thread_index{}; // Outlook's: of the conversation, and of the mail that is answered
};

/// The head of every mail of ours that answers one: of agents, and of queues that answer by themselves. `number` is the
/// ticket's, `from` the address that it leaves from.
mail_head answer_to(const mail_head& question, std::string_view number, std::string_view from);

/// The head of a mail of ours that answers none.
mail_head new_mail(std::string subject, std::string_view number, std::string_view from);

} // namespace switchboard

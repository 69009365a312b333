#pragma once

#include <switchboard/store/chat.hpp>

#include <string>
#include <vector>

namespace switchboard::live {

/// What of a chat goes into its transcript: the newest messages that fit.
struct transcript_bounds {
    static constexpr std::size_t messages = 1000, text_bytes = 200'000;
};

/// What was said, as the text of a mail in the visitor's language, times in UTC. `subject` and `text` are
/// filled; `text` stays empty where no word of ours would be in it.
store::chat_transcript compose_transcript(const store::chat_session& of, const std::vector<store::chat_message>& said);

} // namespace switchboard::live

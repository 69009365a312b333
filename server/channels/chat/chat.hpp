#pragma once

#include <switchboard/channels/inputs.hpp>

namespace switchboard::channels {

/// Our JSON push for chat gateways: one message or event, or {messages: […]}. One wrong message refuses the batch.
std::vector<normalized_record> normalize_chat(const gateway_settings& settings, const raw_input& input,
                                              const limits& bounds);

/// A frame of the website chat. The query says whose: `session`, and what the server knows about the visitor:
/// `visitor` (id; else the session), `name`, and `email` where the website has vouched for it; `claimed_email` is what
/// he says himself, `page_url` where he writes from: for the details.
std::vector<normalized_record> normalize_widget(const gateway_settings& settings, const raw_input& input,
                                                const limits& bounds);

} // namespace switchboard::channels

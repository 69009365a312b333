#pragma once

namespace switchboard::store {

/// Why a customer who was on the line, or in a chat, is gone.
enum class leaving {
    hung_up,
    chat_closed,
    answered_elsewhere, // the switch has put the caller through to somebody
    call_over           // the caller has talked to somebody, and hung up
};

} // namespace switchboard::store

#pragma once

namespace switchboard::store {

/// How it came that a customer waits for us no more.
enum class leaving {
    hung_up,
    chat_closed,
    answered_elsewhere, // somebody talks to him whom the switch has chosen
    call_over           // he has talked to somebody, and hung up
};

} // namespace switchboard::store

#pragma once

#include <switchboard/store/desk_rows.hpp>

/// What happens to tickets by the clock, decided as what people do is.
namespace switchboard::desk {

/// The end of a hold: at its time, or since the customer wrote. The ticket is its owner's at once where he is ready for
/// it and could take it; else it waits in its queue, and he is asked first.
store::ticket_changes end_of_hold(const store::ticket_at_hand& at);

} // namespace switchboard::desk

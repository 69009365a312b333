#pragma once

#include <switchboard/desk/requests.hpp>
#include <switchboard/store/desk_store.hpp>

#include <cstdint>
#include <string>

namespace switchboard::desk {

/// Promises to call back. Each change is one transaction that locks the ticket first, as those of the desk are; what
/// becomes due or late by itself is the sweep of whoever leads routing.
class callbacks {
public:
    explicit callbacks(store::database& db) : rows_{db} {}

    using answer = store::desk_store::answer<callback>;
    using keep = store::keep<callback>;

    /// The ticket leaves its agent, is held until then and waits again at its old place.
    answer schedule(std::int64_t ticket, callback_asker by, callback_wish wish, keep kept = {});
    /// The ticket waits as ordinary work at once, unless somebody has it.
    answer cancel(std::int64_t ticket, callback_asker by);
    /// How the call of whoever has the ticket went.
    answer record(std::int64_t ticket, callback_asker by, std::string result, std::string note, keep kept = {});
    /// How the call that a gateway was told to make went. Answered: the ticket waits at once, the caller on the line.
    answer dialled(std::int64_t id, callback_asker by, std::string result, keep kept = {});

private:
    store::desk_store rows_;
};

} // namespace switchboard::desk

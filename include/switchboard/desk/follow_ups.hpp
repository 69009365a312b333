#pragma once

#include <switchboard/desk/requests.hpp>
#include <switchboard/store/desk_store.hpp>

#include <array>
#include <cstdint>
#include <string>

namespace switchboard::desk {

/// Promises to come back. Each change is one transaction that locks the ticket first; what becomes due by itself is the
/// sweep of whoever leads routing.
class follow_ups {
public:
    explicit follow_ups(store::database& db) : rows_{db} {}

    using answer = store::desk_store::answer<follow_up>;
    using keep_answer = store::keep<follow_up>;
    using seen = std::optional<std::int64_t>; // the follow-up's version, by If-Match

    /// Nothing becomes of the ticket until it is due.
    answer promise(std::int64_t ticket, viewer who, follow_up_wish wish, keep_answer kept = {});
    answer move(std::int64_t id, viewer who, seen version, timestamp due_at, std::string reason, keep_answer kept = {});
    /// One that repeats makes the next.
    answer keep(std::int64_t id, viewer who, seen version, follow_up_end end, keep_answer kept = {});
    /// Before its time it is taken back, after that it is broken. None follows it.
    answer drop(std::int64_t id, viewer who, seen version, std::string reason, keep_answer kept = {});

    /// How many became what by this node since its start, by follow_up_outcome.
    [[nodiscard]] const std::array<std::uint64_t, 3>& outcomes() const { return outcomes_; }

private:
    answer end(store::ticket_questions questions, store::desk_store::decision decide, keep_answer kept);

    store::desk_store rows_;
    std::array<std::uint64_t, 3> outcomes_{};
};

} // namespace switchboard::desk

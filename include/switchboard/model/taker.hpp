#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace switchboard {

/// An agent who may take a ticket: what counts of him for it (docs/routing.md 2.2), read under the lock of his loads.
struct taker {
    struct load {
        std::int64_t used = 0, capacity = 0, extra = 0;

        [[nodiscard]] bool takes(std::int64_t n) const { return used + n <= capacity + extra; }
        /// As give_load() of the database: what was allowed beyond the capacity goes with it.
        void give_back(std::int64_t n);
    };
    struct item { // that he has in hand
        std::string channel;
        std::int64_t weight = 0;
        bool interruptible = false;
        bool is_its_wrapup = false; // of the same ticket
    };

    std::int64_t id = 0;
    std::string name;
    bool active = true;
    bool takes_work = true; // his roles permit it (model/permission.hpp)
    bool is_ready = false;  // for the ticket's channel

    std::string channel; // of the ticket
    bool left_message = false;
    std::int64_t weight = 0; // the units that it takes of his room

    std::optional<std::string> uncovered_licence; // that it asks for: "name (jurisdiction)"
    bool is_member = false, does_channel = false, has_grade = false;
    std::string lacking_skills{}; // "skill Tax, skill Law"

    std::vector<item> in_hand{};
    std::optional<load> places{}, units{}; // of the ticket's channel, of all channels together

    [[nodiscard]] bool has_room() const { return places && units && places->takes(1) && units->takes(weight); }
    /// Without something that he has in hand or is offered.
    void give_back(std::int64_t weight_of_it);
    /// As he is when the wrap-up of this ticket is over.
    void end_its_wrapup();
};

/// The units that a ticket takes of an agent's room: one that may be parked takes none (as routing counts).
std::int64_t weight_of(bool interruptible, const std::string& channel, bool left_message, std::int64_t of_channel);

/// What routing would ask of him and he has not, roles, licences and room apart, in words; empty = nothing. Of a ticket
/// that rests with him only his channels count.
std::string shortcoming_of(const taker& who, bool rests_with_him);

/// To who may not take any ticket.
inline constexpr auto no_work_for_you = "your roles do not permit that you are given tickets";

/// Why an agent cannot take a ticket now, for himself to read.
struct not_for_you {
    std::string words;
    bool full = false; // by what he has in hand, and so not for ever
};
/// The conditions of routing, asked for one ticket and one agent; nothing = he can. Of what rests on hold with him,
/// only those that keep it from him: his roles, licences, his channels, his room.
std::optional<not_for_you> why_not_take(const taker& who, bool rests_with_him);

} // namespace switchboard

#pragma once

#include <switchboard/model/action.hpp>
#include <switchboard/model/action_kind.hpp>
#include <switchboard/model/viewer.hpp>
#include <switchboard/store/desk_rows.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What somebody who asks for an action, authorises or ends one asks the database, and what is written.
namespace switchboard::store {

struct action_questions {
    std::int64_t ticket = 0, kind = 0;    // of a new one,
    std::optional<std::int64_t> object{}; // and what it is done to;
    std::optional<std::int64_t> action{}; // or the one that there is
    viewer asker{};
};

/// One of the limits that somebody has, with what counts for it so far.
struct limit_at_hand {
    action_limit limit;
    std::int64_t used_in_a_day = 0, used_for_customer = 0;
};

struct object_at_hand {
    action_object named;
    std::int64_t kind_id = 0;
    std::string data; // JSON
    bool is_customers = false;
};

struct action_at_hand {
    locked_ticket ticket;
    std::optional<action_kind> kind{};
    std::optional<object_at_hand> object{};
    std::optional<switchboard::action> action{};
    std::vector<limit_at_hand> limits{}; // the asker's
};

} // namespace switchboard::store

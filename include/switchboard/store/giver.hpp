#pragma once

#include <switchboard/model/actor.hpp>
#include <switchboard/model/permission.hpp>

#include <optional>

namespace switchboard::store {

/// Who sets up what others may or do, and what he may himself; nobody: the system, which may all.
struct giver {
    actor id{};
    std::optional<grants> may{};
};

} // namespace switchboard::store

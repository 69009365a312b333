#pragma once

#include "web/server_state.hpp"

#include <switchboard/util/budget.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace switchboard::web {

constexpr std::size_t small_body = 16u << 10; // a stranger's costs no more than his header did

/// The memory that the body of one request takes of what the server has for all, until it is released.
class held_body {
public:
    explicit held_body(std::shared_ptr<server_state> state) : state_{std::move(state)} {}
    ~held_body() { release(); }
    held_body(const held_body&) = delete;
    held_body& operator=(const held_body&) = delete;

    /// It is a stranger's, from this address: it has to fit in what strangers may hold, too.
    void of_stranger(std::string_view remote);
    /// Whether a body of this length could be held now. It is charged as it comes: a promise costs nobody his place.
    bool is_room_for(std::size_t size);
    /// So much of it is here. False: more than there is room for.
    bool charge(std::size_t size);
    void release();

private:
    std::shared_ptr<server_state> state_;
    std::size_t charged_ = 0;               // of server_state::buffered
    std::optional<held_budget::share> own_; // of server_state::stranger_bodies
};

/// The answer to who sends a body that cannot be held; counts it.
response no_room(server_state& state, std::string_view remote);

} // namespace switchboard::web

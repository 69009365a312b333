#include "web/held_body.hpp"

#include "web/response_head.hpp"

#include <switchboard/util/address.hpp>

namespace switchboard::web {

void held_body::of_stranger(std::string_view remote) {
    own_ = state_->stranger_bodies.take(address_prefix(remote), 0);
}

bool held_body::is_room_for(std::size_t size) {
    if (state_->buffered + size > state_->options.buffered_bytes) return false;
    if (!own_ || size <= small_body) return true;
    return own_->resize(size) && own_->resize(0);
}

bool held_body::charge(std::size_t size) {
    state_->buffered += size - charged_;
    charged_ = size;
    if (state_->buffered > state_->options.buffered_bytes) return false;
    return !own_ || size <= small_body || own_->resize(size);
}

void held_body::release() {
    state_->buffered -= charged_;
    charged_ = 0;
    own_.reset();
}

response no_room(server_state& state, std::string_view remote) {
    ++state.bodies_refused;
    state.last_body_refused = address_prefix(remote);
    return problem(503, "the server holds as many request bodies as it may; try again soon");
}

} // namespace switchboard::web

#include "web/server_state.hpp"

#include <switchboard/util/hash.hpp>

#include <fmt/format.h>

namespace switchboard::web {

connection::connection(std::shared_ptr<server_state> state)
    : state_(std::move(state)), place_(state_->connections.size()) {
    state_->connections.push_back(this);
}

connection::~connection() {
    leave();
}

void connection::leave() {
    if (place_ == nowhere) return;
    auto& all = state_->connections;
    all[place_] = all.back();
    all[place_]->place_ = place_;
    all.pop_back();
    place_ = nowhere;
    if (state_->stopping && all.empty()) state_->drained.cancel();
}

server_state::server_state(asio::io_context& io_, server_options o, handler request_, upgrade_handler upgrade_,
                           body_limit limit_)
    : io(io_), options(std::move(o)), on_request(std::move(request_)), on_upgrade(std::move(upgrade_)),
      limit(std::move(limit_)), drained(io_), id_prefix_(random_hex(6)) {}

std::string server_state::next_request_id() {
    return fmt::format("{}-{:x}", id_prefix_, ++last_id_);
}

} // namespace switchboard::web

#include "web/server_state.hpp"

#include <switchboard/util/address.hpp>
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
    state_->strangers.leave(this);
    auto& all = state_->connections;
    all[place_] = all.back();
    all[place_]->place_ = place_;
    all.pop_back();
    place_ = nowhere;
    if (state_->stopping && all.empty()) state_->drained.cancel();
}

server_state::server_state(asio::io_context& io_, server_options o, handlers h)
    : io(io_), options(std::move(o)), on(std::move(h)),
      strangers(options.strangers.sockets_each, options.strangers.sockets),
      stranger_bodies({options.strangers.body_bytes_each, options.strangers.body_bytes}), drained(io_),
      id_prefix_(random_hex(6)) {}

void server_state::welcome_stranger(connection& c, std::string_view remote) {
    if (auto* older = strangers.enter(&c, address_prefix(remote))) give_way(*older);
}

void server_state::give_way(connection& c) {
    ++gave_way;
    last_gave_way = strangers.address_of(&c);
    strangers.leave(&c);
    c.give_way();
}

std::string server_state::next_request_id() {
    return fmt::format("{}-{:x}", id_prefix_, ++last_id_);
}

} // namespace switchboard::web

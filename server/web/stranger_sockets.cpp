#include "web/stranger_sockets.hpp"

namespace switchboard::web {

connection* stranger_sockets::enter(connection* c, const std::string& address) {
    leave(c);
    auto& own = by_address_[address];
    places_.emplace(c, place{address, all_.insert(all_.end(), c), own.insert(own.end(), c)});
    if (own.size() > each_) return own.front();
    return all_.size() > most_ ? all_.front() : nullptr;
}

void stranger_sockets::leave(connection* c) {
    const auto found = places_.find(c);
    if (found == places_.end()) return;
    const auto own = by_address_.find(found->second.address);
    own->second.erase(found->second.in_own);
    if (own->second.empty()) by_address_.erase(own);
    all_.erase(found->second.in_all);
    places_.erase(found);
}

std::string stranger_sockets::address_of(connection* c) const {
    const auto found = places_.find(c);
    return found == places_.end() ? std::string{} : found->second.address;
}

} // namespace switchboard::web

#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <unordered_map>

namespace switchboard::web {

class connection;

/// The sockets of whom we do not know yet. When there are too many, who has been silent longest gives way: whoever is
/// known shows it within a round trip, so that those who only hold sockets keep nobody out, not even beside them behind
/// one address.
class stranger_sockets {
public:
    /// At most so many of one address, and of all.
    stranger_sockets(std::size_t each, std::size_t all) : each_{each}, most_{all} {}

    /// It is a stranger's, and was heard of just now. Returns who is now too much, or nobody.
    connection* enter(connection* c, const std::string& address);

    void leave(connection* c);

    /// Empty when it is no stranger's.
    std::string address_of(connection* c) const;

    /// Who has been silent longest, or nobody.
    connection* oldest() const { return all_.empty() ? nullptr : all_.front(); }

    std::size_t size() const { return all_.size(); }

private:
    using line = std::list<connection*>;
    struct place {
        std::string address;
        line::iterator in_all, in_own;
    };

    std::size_t each_, most_;
    line all_;
    std::unordered_map<std::string, line> by_address_;
    std::unordered_map<connection*, place> places_;
};

} // namespace switchboard::web

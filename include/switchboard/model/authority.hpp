#pragma once

#include <compare>
#include <cstdint>

namespace switchboard {

/// What somebody's right stands on: a session or a token. Whatever was opened with it ends with it.
struct authority {
    enum class kind { session, token };
    kind of = kind::session;
    std::int64_t id = 0;

    auto operator<=>(const authority&) const = default;
};

} // namespace switchboard

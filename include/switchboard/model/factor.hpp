#pragma once

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace switchboard {

/// A way to show who one is.
enum class factor { password };
BOOST_DESCRIBE_ENUM(factor, password)

/// A sign-in is a sequence of factors that somebody has proven, one after the other. Today one suffices.
struct proven {
    std::int64_t user_id = 0;
    std::vector<factor> factors;
};

/// As the session keeps them.
std::vector<std::string> names_of(const std::vector<factor>& factors);

} // namespace switchboard

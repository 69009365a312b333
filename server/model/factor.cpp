#include <switchboard/model/factor.hpp>

#include <boost/describe/enum_to_string.hpp>

namespace switchboard {

std::vector<std::string> names_of(const std::vector<factor>& factors) {
    std::vector<std::string> names;
    for (const auto f : factors) names.emplace_back(boost::describe::enum_to_string(f, ""));
    return names;
}

} // namespace switchboard

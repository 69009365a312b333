#include "support/filled.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <stdexcept>

namespace switchboard::test {

void fill(const std::string& url, int tickets) {
    if (std::system(fmt::format("tests/load/fill '{}' {}", url, tickets).c_str()) != 0)
        throw std::runtime_error{"tests/load/fill failed"};
}

} // namespace switchboard::test

#pragma once

#include <map>
#include <string>

namespace switchboard::test {

/// Header fields of a message as it went over the wire, unfolded; names in lower case.
std::map<std::string, std::string> fields_of(const std::string& message);

std::string body_of(const std::string& message);

} // namespace switchboard::test

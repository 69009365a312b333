#pragma once

#include <string>
#include <vector>

namespace switchboard::app {

struct normalize_arguments {
    std::string kind;
    std::string config_file;          // gateway settings as JSON; empty = defaults
    std::vector<std::string> headers; // "Name: value"
    std::vector<std::string> query;   // "name=value", percent-encoded or not
    std::vector<std::string> files;   // in this order; none = standard input
};

/// Prints what the gateway would make of each file, as JSON Lines. The exit status: 0, or 1 if a record is refused,
/// or 2 if an argument is wrong or a file cannot be read.
int normalize_command(const normalize_arguments& arguments);

} // namespace switchboard::app

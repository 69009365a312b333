#pragma once

#include <switchboard/util/config.hpp>

#include <cstddef>

/// Sockets are files to the system, which bounds them: what is promised to clients must be there.
namespace switchboard::app {

constexpr std::size_t most_sockets_by_default = 20'000;

/// Raises this process' limit on open files as far as it may without asking; returns what it is then.
std::size_t raise_open_files();

/// How many client sockets the server may have when it can open so many files: server.max_connections, or what fits.
/// Throws std::runtime_error, naming both numbers, when what was asked for cannot be had.
std::size_t sockets_within(const config& c, std::size_t open_files);

/// The limit as it is now.
std::size_t open_files();

} // namespace switchboard::app

#pragma once

#include <boost/describe/enum.hpp>

#include <cstdint>

namespace switchboard {

/// The ways on which somebody comes: one contact is on one of them. The engine counts an agent's capacity by them.
BOOST_DEFINE_FIXED_ENUM_CLASS(channel, std::uint8_t, phone, chat, email, fax, post, walkin, social)

} // namespace switchboard

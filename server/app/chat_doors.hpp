#pragma once

#include <switchboard/intake/intake.hpp>
#include <switchboard/live/chat_rooms.hpp>
#include <switchboard/util/offload.hpp>

#include <functional>

namespace switchboard::app {

/// What the website chat asks of intake: a visitor's message goes the way of every contact.
live::chat_doors chat_doors_of(intake::intake& into, offload_pool& pool, std::function<void()> bell);

} // namespace switchboard::app

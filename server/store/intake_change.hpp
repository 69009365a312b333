#pragma once

#include "store/pipeline.hpp"

#include <switchboard/store/intake_rows.hpp>

namespace switchboard::store {

/// What a group of contacts changes in rows that were there before: tickets, addresses, deliveries, chats.
void change(pipeline& to, const intake_writes& w);

} // namespace switchboard::store

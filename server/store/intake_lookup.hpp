#pragma once

#include <switchboard/store/intake_rows.hpp>

#include "store/pipeline.hpp"

namespace switchboard::store {

/// Answers what a group asks, in a few set-based queries, and none for what nobody asks. Locks the tickets and
/// then the chat sessions that it finds, each in the order of their ids.
intake_answers look_up(pipeline& from, const intake_questions& questions);

} // namespace switchboard::store

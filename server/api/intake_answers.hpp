#pragma once

#include "api/wire/composed.hpp"

#include <switchboard/store/intake.hpp>

#include <vector>

namespace switchboard::api {

/// What became of an input: the first record's fields, and all of them as items where there are several.
intake_answer intake_answer_of(const std::vector<store::intake_receipt>& receipts);

} // namespace switchboard::api

#pragma once

#include "api/wire/answers.hpp"

#include <switchboard/model/draft.hpp>
#include <switchboard/model/states.hpp>

namespace switchboard::api {

template <>
struct field<&draft::kind> : name_field<draft_kind> {};
template <>
struct field<&draft::channel> : name_field<draft_channel> {};
template <>
struct field<&anothers_draft::kind> : name_field<draft_kind> {};

} // namespace switchboard::api

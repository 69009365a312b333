#pragma once

#include "api/wire/answers.hpp"

#include <switchboard/model/draft.hpp>

namespace switchboard::api {

namespace detail {
struct a_draft_kind : plain_field {
    static constexpr std::string_view choices = "reply|note";
};
} // namespace detail

template <>
struct field<&draft::kind> : detail::a_draft_kind {};
template <>
struct field<&draft::channel> : plain_field {
    static constexpr std::string_view choices = "email";
};
template <>
struct field<&anothers_draft::kind> : detail::a_draft_kind {};

} // namespace switchboard::api

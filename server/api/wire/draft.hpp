#pragma once

#include "api/wire/answers.hpp"

#include <switchboard/model/draft.hpp>

namespace switchboard {

BOOST_DESCRIBE_STRUCT(draft_file, (), (id, name, type, size))
BOOST_DESCRIBE_STRUCT(draft, (), (id, ticket_id, kind, text, to, cc, channel, basis, files, version, saved_at))
BOOST_DESCRIBE_STRUCT(own_draft, (draft), (ticket_visible))
BOOST_DESCRIBE_STRUCT(anothers_draft, (), (agent, kind))
BOOST_DESCRIBE_STRUCT(ticket_drafts, (), (items, others))

} // namespace switchboard

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

#pragma once

#include "api/wire/describe.hpp"
#include "api/wire/types.hpp"

#include <switchboard/model/typed_field.hpp>

#include <optional>

/// What is asked of actions on what customers have.
namespace switchboard::api {

struct action_request {
    id_number kind_id;
    std::optional<id_number> object_id;
    object<32'768> form;
    std::optional<text<0, 2000>> words;
};
DESCRIBE(action_request, (kind_id, "What is to be done."), (object_id, "To what of the customer's."),
         (form, "What its kind asks for, by its fields."), (words, "What whoever approves it should know."))

struct action_approval {
    std::optional<integer<1, most_minor_units>> amount;
};
DESCRIBE(action_approval, (amount, "So much of what was asked for, in minor units; absent: all of it."))

struct action_end_request {
    label<2000> reason;
};
DESCRIBE(action_end_request, (reason, "Why: whoever asked for it reads it."))

struct action_confirmation {
    std::optional<text<0, 200>> reference;
};
DESCRIBE(action_confirmation, (reference, "Where it can be found in the system in which it was carried out."))

struct action_query {
    std::optional<name_in<action_state>> state;
    std::optional<integer<1, 200>> limit;
    std::optional<text<0, 40>> after;
};
DESCRIBE(action_query, (state, "Only those in this state; absent: those that wait for approval."),
         (limit, "How many at most."), (after, "Where to go on: `next` of the part before."))

} // namespace switchboard::api

#pragma once

#include "api/wire/describe.hpp"
#include "api/wire/types.hpp"

#include <switchboard/model/customer_move.hpp>

#include <optional>

/// What is asked and told of customers' records.
namespace switchboard::api {

/// An address as somebody writes it.
struct identity_in {
    one_of<"email", "tel", "fax", "whatsapp"> kind;
    label<254> value;
};
DESCRIBE(identity_in, (kind, "What the address is."),
         (value, "The address; a number with its country code, in any spelling."))

struct customer_create {
    label<200> name;
    std::optional<text<0, 35>> language;
    std::optional<text<0, 64>> timezone;
    std::optional<text<0, 20'000>> notes;
    std::optional<list<identity_in, 20>> identities;
    std::optional<id_number> organization_id;
};
DESCRIBE(customer_create, (name, "The customer's name."), (language, "The customer's language, by BCP 47."),
         (timezone, "The customer's time zone: an IANA name."), (notes, "What agents should know."),
         (identities, "The addresses by which the customer is known."),
         (organization_id, "The organization that the customer belongs to."))

/// One of the customer's addresses, as it is kept.
struct identity_named {
    text<1, 40> kind;
    text<1, 1000> value;
};
DESCRIBE(identity_named, (kind, "What the address is."), (value, "The address, as it is kept."))

struct identity_confirm {
    text<1, 40> kind;
    text<1, 1000> value;
    one_of<"answered", "code_read_back", "signed_in", "checked"> how;
    std::optional<text<0, 500>> words;
};
DESCRIBE(identity_confirm, (kind, "What the address is."), (value, "The address, as it is kept."),
         (how,
          "How it was made sure of: answered from there, read a code back, was signed in, or checked by an agent."),
         (words, "How, more exactly."))

struct customer_merge_preview {
    id_number customer_id;
};
DESCRIBE(customer_merge_preview, (customer_id, "Who would become part of this customer."))

struct customer_merge {
    id_number customer_id;
    label<1000> reason;
};
DESCRIBE(customer_merge, (customer_id, "Who becomes part of this customer."), (reason, "Why they are one person."))

struct customer_split_preview {
    list<identity_named, 20> identities;
    std::optional<text<0, 200>> name;
};
DESCRIBE(customer_split_preview, (identities, "The addresses that would be somebody else's."),
         (name, "What the other is called."))

struct customer_split {
    list<identity_named, 20> identities;
    std::optional<text<0, 200>> name;
    label<1000> reason;
};
DESCRIBE(customer_split, (identities, "The addresses that are somebody else's."), (name, "What the other is called."),
         (reason, "Why they are two."))

struct customer_move_undo {
    std::optional<text<0, 1000>> reason;
};
DESCRIBE(customer_move_undo, (reason, "Why it was not right."))

struct customer_moves_query {
    std::optional<integer<1, 200>> limit;
    std::optional<text<0, 40>> after;
};
DESCRIBE(customer_moves_query, (limit, "How many at most."), (after, "Where to go on: `next` of the part before."))

/// Who may be the same person, the likeliest first.
struct possible_duplicates {
    std::vector<possible_duplicate> items;
};
DESCRIBE(possible_duplicates, (items, "The likeliest first."))

template <>
struct field<&customer_move::kind> : name_field<customer_move_kind> {};

} // namespace switchboard::api

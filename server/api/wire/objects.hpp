#pragma once

#include "api/wire/answers.hpp"
#include "api/wire/types.hpp"

#include <switchboard/model/customer_object.hpp>
#include <switchboard/model/time.hpp>

#include <optional>
#include <vector>

/// What other systems send of customers, and what is told of it.
namespace switchboard::api {

/// Whose it is: by number, or by an address; who has none of them is made. What is said twice must be one customer's.
struct object_owner {
    std::optional<id_number> id;
    std::optional<label<254>> email;
    std::optional<label<64>> phone;
    std::optional<text<0, 200>> name;
};
DESCRIBE(object_owner, (id, "The customer's number here."), (email, "The customer's e-mail address."),
         (phone, "The customer's number, with its country code."),
         (name, "What the customer is called, if nobody has this address yet."))

struct object_put {
    object_owner customer;
    std::optional<timestamp> observed_at;
    object<65'536> data;
};
DESCRIBE(object_put, (customer, "Whose it is."),
         (observed_at, "When it was seen so; absent: now. What was seen earlier than what is kept changes nothing."),
         (data, "What is known of it, by the fields of its kind."))

/// A line of many.
struct object_line {
    text<1, 40> source, kind;
    label<200> key;
    std::optional<object_owner> customer;
    std::optional<timestamp> observed_at;
    std::optional<object<65'536>> data;
    std::optional<bool> removed;
};
DESCRIBE(object_line, (source, "The system that knows it."), (kind, "What it is, by the name of its kind."),
         (key, "By what that system knows it."), (customer, "Whose it is."),
         (observed_at, "When it was seen so; absent: now."), (data, "What is known of it."),
         (removed, "It is no more: customer and data are not looked at."))

struct object_removal {
    std::optional<timestamp> observed_at;
};
DESCRIBE(object_removal, (observed_at, "When it was gone; absent: now."))

struct object_results {
    std::int64_t created = 0, updated = 0, unchanged = 0, older = 0, removed = 0, refused = 0;
    std::vector<object_result> results;
};
DESCRIBE(object_results, (created, "How many are new."), (updated, "How many were changed."),
         (unchanged, "How many were so already."), (older, "How many were seen earlier than what is kept."),
         (removed, "How many were removed."), (refused, "How many were refused."),
         (results, "What became of each line."))

struct objects_query {
    std::optional<integer<1, 200>> limit;
    std::optional<text<0, 40>> after;
};
DESCRIBE(objects_query, (limit, "How many at most."), (after, "Where to go on: `next` of the part before."))

struct unmask_request {
    list<text<1, 40>, 100> fields;
    name_in<unmask_reason> reason;
};
DESCRIBE(unmask_request, (fields, "Which fields."), (reason, "Why: it stands in the audit."))

template <>
struct field<&unmasked_fields::data> : detail::json_object {};
template <>
struct field<&object_result::outcome> : name_field<object_outcome> {};
template <>
struct field<&customer_object::data> : detail::json_object {};

} // namespace switchboard::api

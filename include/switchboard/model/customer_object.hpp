#pragma once

#include <switchboard/model/describe.hpp>
#include <switchboard/model/directory.hpp>
#include <switchboard/model/time.hpp>

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace switchboard {

/// What became of an object that another system has sent. `older`: what is kept was seen later, and stays.
BOOST_DEFINE_ENUM_CLASS(object_outcome, created, updated, unchanged, older, removed, refused)

/// Why somebody looks at a sensitive field: it stands in the audit.
BOOST_DEFINE_ENUM_CLASS(unmask_reason, identity_check, customer_asked, needed_for_request, complaint, audit)

/// What another system knows of a customer.
struct customer_object {
    std::int64_t id = 0;
    std::string source, kind, title, key;
    std::string data; // JSON
    std::vector<std::string> masked;
    timestamp observed_at{}, received_at{};
};
DESCRIBE(customer_object, (id, "Its number."), (source, "The system that knows it."),
         (kind, "What it is, by the name of its kind."), (title, "What people call its kind."),
         (key, "By what that system knows it."), (data, "What is known of it, by the fields of its kind."),
         (masked, "The fields that are sensitive: they are told one by one, to who asks and says why."),
         (observed_at, "When that system saw it so."), (received_at, "When that was last told to us."))

/// Sensitive fields that somebody has asked for.
struct unmasked_fields {
    std::string data; // JSON object
};
DESCRIBE(unmasked_fields, (data, "The fields that were asked for, with their values."))

struct object_mistake {
    std::string field, message;
};
DESCRIBE(object_mistake, (field, "Which field."), (message, "What is wrong with it."))

/// What became of one object that was sent.
struct object_result {
    std::int64_t line = 0;
    std::string outcome;
    std::optional<std::int64_t> id, customer_id;
    std::vector<object_mistake> errors;
};
DESCRIBE(object_result, (line, "Its line, from 1."), (outcome, "What became of it."), (id, "The object."),
         (customer_id, "Whose it is."), (errors, "What is wrong with it, where it was refused."))

} // namespace switchboard

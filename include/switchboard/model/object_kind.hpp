#pragma once

#include <switchboard/model/noun.hpp>
#include <switchboard/model/typed_field.hpp>

namespace switchboard {

/// What one of the customers' objects can be: an order, an account, a policy.
struct object_kind {
    read_only<row_id> id;
    fixed<text<1, 40>> name;
    line<1, 100> title;
    list<typed_field, 60> fields;
    read_only<row_id> version;
};
DESCRIBE(object_kind, (id, "Its number."),
         (name, "How it is called in addresses and by other systems: small letters, digits, _ and -."),
         (title, "What people call it."), (fields, "What is known of one."),
         (version, "Grows with each change; If-Match compares it."))

} // namespace switchboard

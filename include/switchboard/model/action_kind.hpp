#pragma once

#include <switchboard/model/noun.hpp>
#include <switchboard/model/typed_field.hpp>

#include <boost/describe/enum.hpp>

#include <cstdint>

/// What agents may do to what a customer has: declared by an admin, and by whom how much.
namespace switchboard {

/// `at_most`, `at_least`: a number, or money in minor units. `newer_than_days`, `older_than_days`: a date. What has no
/// value fits nothing but `is_not`.
BOOST_DEFINE_FIXED_ENUM_CLASS(condition_test, std::uint8_t, is, is_not, at_most, at_least, newer_than_days,
                              older_than_days)

struct action_condition {
    text<1, 100> field;
    stated<condition_test> test;
    text<0, 200> value;
    line<1, 300> otherwise;
};
DESCRIBE(action_condition, (field, "What is looked at: object.status, form.reason."), (test, "How."),
         (value, "With what: a text, yes or no, a number, an amount in minor units, a number of days."),
         (otherwise, "What the agent reads where it does not fit."))

/// A refund, a cancelled order, a changed address.
struct action_kind {
    read_only<row_id> id;
    fixed<text<1, 40>> name;
    line<1, 100> title;
    std::optional<reference<"object_kind">> object_kind_id;
    list<typed_field, 60> fields;
    text<0, 40> amount_field;
    text<0, 3> currency;
    list<action_condition, 20> conditions;
    text<0, 4000> how;
    bool active = true;
    read_only<row_id> version;
};
DESCRIBE(action_kind, (id, "Its number."),
         (name, "How it is called in addresses and by other systems: small letters, digits, _ and -."),
         (title, "What people call it."),
         (object_kind_id, "To what of the customer's it is done; empty: to nothing of it, but for the customer."),
         (fields, "What must be said for it."),
         (amount_field, "Which of the fields says how much it costs us; empty: it costs nothing."),
         (currency, "In which currency that is (ISO 4217)."),
         (conditions, "What must be so, of the form and the object."),
         (how, "What whoever carries it out does, and where."), (active, "Whether it can be asked for."),
         (version, "Grows with each change; If-Match compares it."))

/// How far somebody's authority goes. Who has several may what any of them lets him.
struct action_limit {
    read_only<row_id> id;
    reference<"action_kind"> kind_id;
    std::optional<reference<"role">> role_id;
    std::optional<reference<"users">> user_id;
    std::optional<integer<1, most_minor_units>> per_action, per_day, per_customer;
    read_only<row_id> version;
};
DESCRIBE(action_limit, (id, "Its number."), (kind_id, "What may be authorised."),
         (role_id, "Whose it is: everybody's who has this role; empty: whatever roles somebody has."),
         (user_id, "Whose it is: this person's alone; empty: everybody's."),
         (per_action, "At most so much at a time, in minor units; empty: any amount."),
         (per_day, "At most so much in 24 hours, by one person."),
         (per_customer, "At most so much in 30 days for one customer, by whomever."),
         (version, "Grows with each change; If-Match compares it."))

} // namespace switchboard

#pragma once

#include "store/ticket_rows.hpp"

#include <switchboard/model/directory.hpp>
#include <switchboard/model/refusal.hpp>

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

/// Reading customers, for whatever shows or changes them.
namespace switchboard::store {

/// SELECT … FROM customer c with everything that customer_of() reads.
extern const std::string customer_select;
customer customer_of(const pqxx::row& r);

/// Which customers a permission reaches that does not reach all: those of the tickets that it would reach, and those
/// that one has made. $1 and $2 as in ticket_is_visible.
extern const std::string customer_is_visible;

/// Whoever acts has been judged: what he has changed is read whole, whatever became of the tickets since.
extern const viewer everything;

/// Who is noted for what the viewer does: a machine is nobody.
inline std::optional<std::int64_t> actor_of(const viewer& who) {
    return who.user_id == 0 ? std::nullopt : std::optional{who.user_id};
}

/// The customer who has this number, or the one that it was merged into.
std::optional<customer> read_customer(pqxx::transaction_base& tx, std::int64_t id, const viewer& who,
                                      permission needed = permission::customer_read);
/// The same for who may change it.
std::expected<customer, refusal> customer_to_change(pqxx::transaction_base& tx, std::int64_t id, const viewer& who);

/// What is wrong with an organization that is to be a customer's; it stays until the transaction ends.
std::optional<refusal> no_such_organization(pqxx::transaction_base& tx, std::optional<std::int64_t> organization);

/// Tells who may see the customer (the rule of customer_is_visible, as it is now) that the customer has changed; the
/// version is the new one. It has no word of the customer: whoever shows the customer asks again.
void tell_customer_changed(pqxx::transaction_base& tx, std::int64_t customer, std::int64_t version,
                           std::vector<std::string> fields, std::optional<std::int64_t> by);

} // namespace switchboard::store

#pragma once

#include <switchboard/model/customer_move.hpp>
#include <switchboard/model/states.hpp>

#include <pqxx/pqxx>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What moves from one customer to another, and the record of it.
namespace switchboard::store {

/// Of one customer.
struct belongings {
    std::vector<address_key> identities;
    std::vector<std::int64_t> tickets, objects;
};

/// Until the transaction ends nobody else merges, splits or changes them. How many of them are nobody else's by now.
std::size_t hold_customers(pqxx::transaction_base& tx, const std::vector<std::int64_t>& ids);

/// All that the customer has, until the transaction ends. Intake holds the addresses whose customer it has read until
/// it has written, so that nothing is written to a customer who has just gone.
belongings hold_all(pqxx::transaction_base& tx, std::int64_t of);

/// Of the customer's tickets those in which somebody wrote from these addresses, and nobody from another of his.
std::vector<std::int64_t> only_from(pqxx::transaction_base& tx, std::int64_t customer,
                                    const std::vector<address_key>& identities);

/// Of the customer's objects those that were last pushed as of one of these addresses.
std::vector<std::int64_t> objects_told_by(pqxx::transaction_base& tx, std::int64_t customer,
                                          const std::vector<address_key>& identities);

/// Addresses, objects, and tickets with their contacts, from one to the other. What is open is told to who works on it.
void move_belongings(pqxx::transaction_base& tx, const belongings& what, std::int64_t from, std::int64_t to,
                     const std::string& cause, std::optional<std::int64_t> by);

void note_move(pqxx::transaction_base& tx, customer_move_kind kind, std::int64_t from, std::int64_t to,
               const belongings& what, const std::vector<filled_field>& fills, const std::string& reason,
               std::optional<std::int64_t> by);

/// SELECT … FROM customer_move m with everything that move_of() reads.
extern const std::string move_select;
customer_move move_of(const pqxx::row& r);

/// What moved then, and what came from these addresses and for that number since: tickets and objects.
belongings to_take_back(pqxx::transaction_base& tx, std::int64_t move, std::int64_t has_it);

} // namespace switchboard::store

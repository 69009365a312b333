#pragma once

#include <switchboard/model/customer_object.hpp>
#include <switchboard/store/sent_object.hpp>

#include <pqxx/pqxx>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Whose the objects are that another system sends.
namespace switchboard::store {

/// One of those that were sent, with what became of it so far.
struct owned_object {
    const sent_object* sent = nullptr;
    std::optional<std::int64_t> customer{}; // of one that is removed: nobody
    const party* told_by = nullptr;         // the address that says so; null: the number does
    object_result result{};

    bool is_refused() const { return !result.errors.empty(); }
    void refuse(std::string field, std::string message) {
        result.errors.push_back({std::move(field), std::move(message)});
    }
};

/// Whose each is; who is not known is made, once for all that are his. What is said to be of two is refused. They all
/// stay whose they are until this is committed.
void find_owners(pqxx::transaction_base& tx, const std::vector<owned_object*>& all);

} // namespace switchboard::store

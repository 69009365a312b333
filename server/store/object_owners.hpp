#pragma once

#include "store/new_ids.hpp"

#include <switchboard/model/customer_object.hpp>
#include <switchboard/store/sent_object.hpp>

#include <pqxx/pqxx>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
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

/// Whose each is. They all stay whose they are until this is committed.
class object_owners {
public:
    object_owners(pqxx::transaction_base& tx, const std::vector<owned_object*>& all);

    /// Whose it is, if he is known. What is said to be of two is refused.
    void find(owned_object& w) const;
    /// Who is not known is made, once for all that are his: of what is kept, and not of what is refused.
    void make(owned_object& w);
    /// Those who were made.
    void write();

private:
    using identity_map = std::map<std::pair<std::string, std::string>, std::int64_t>;
    struct newcomer {
        std::int64_t id = 0;
        std::string name;
        std::vector<party> identities;
    };

    pqxx::transaction_base& tx_;
    std::map<std::int64_t, std::int64_t> by_id_; // who has these numbers now
    identity_map by_identity_;
    std::vector<newcomer> made_;
    new_ids ids_;
};

} // namespace switchboard::store

#pragma once

#include <switchboard/model/contact.hpp>
#include <switchboard/model/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace switchboard::store {

/// An object as another system sends it.
struct sent_object {
    std::int64_t line = 0; // where it stood, for what is answered
    std::string source, kind, key;
    std::optional<std::int64_t> customer_id;
    std::vector<party> identities;        // whose it is; those that are known must be one customer's
    std::string name;                     // of somebody who is not known yet
    std::optional<timestamp> observed_at; // empty: now
    std::string values;                   // JSON: what stands in the fields of its kind
    bool removed = false;                 // it is no more: whose it was and its values are not looked at
};

} // namespace switchboard::store

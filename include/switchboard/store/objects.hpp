#pragma once

#include <switchboard/model/actor.hpp>
#include <switchboard/model/contact.hpp>
#include <switchboard/model/customer_object.hpp>
#include <switchboard/model/page.hpp>
#include <switchboard/model/refusal.hpp>
#include <switchboard/model/viewer.hpp>
#include <switchboard/store/database.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace switchboard::store {

/// An object as another system sends it.
struct sent_object {
    std::int64_t line = 0; // where it stood, for what is answered
    std::string source, kind, key;
    std::optional<std::int64_t> customer_id;
    std::vector<party> identities;        // whose it is, without a number; the first that is known decides
    std::string name;                     // of somebody who is not known yet
    std::optional<timestamp> observed_at; // empty: now
    std::string values;                   // JSON: what stands in the fields of its kind
};

/// What other systems know of the customers.
class objects {
public:
    explicit objects(database& db) : db_{db} {}

    /// At most 500 in one transaction; a result for each, in their order. Nothing that was seen earlier takes the place
    /// of what was seen later. Whoever has none of the identities is made.
    boost::asio::awaitable<std::vector<object_result>> put(std::vector<sent_object> all,
                                                           std::optional<std::int64_t> by);

    /// The newest first, without what is sensitive; nothing when the viewer may not see the customer.
    boost::asio::awaitable<std::optional<page<customer_object>>> of(std::int64_t customer, viewer who,
                                                                    page_request part);

    /// Sensitive fields of one, for who may see those; it stands in the audit who saw them, whose, which and why.
    boost::asio::awaitable<std::expected<unmasked_fields, refusal>>
    unmask(std::int64_t id, std::vector<std::string> fields, unmask_reason why, viewer who, actor by);

private:
    database& db_;
};

} // namespace switchboard::store

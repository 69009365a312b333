#pragma once

#include <switchboard/model/actor.hpp>
#include <switchboard/model/customer_object.hpp>
#include <switchboard/model/page.hpp>
#include <switchboard/model/refusal.hpp>
#include <switchboard/model/viewer.hpp>
#include <switchboard/store/database.hpp>
#include <switchboard/store/sent_object.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <vector>

namespace switchboard::store {

/// So long it is kept that an object was removed, and when.
inline constexpr std::chrono::days removal_is_known{30};

/// What other systems know of the customers.
class objects {
public:
    explicit objects(database& db) : db_{db} {}

    /// At most 500 in one transaction; a result for each, in their order. Nothing that was seen earlier takes the place
    /// of what was seen later, and what was removed does not come back by it for `removal_is_known`. Whoever has none
    /// of the identities is made.
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

#pragma once

#include <switchboard/model/customer_move.hpp>
#include <switchboard/model/page.hpp>
#include <switchboard/model/refusal.hpp>
#include <switchboard/model/viewer.hpp>
#include <switchboard/store/database.hpp>
#include <switchboard/store/keep.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace switchboard::store {

/// What is wanted of a split: these addresses are somebody else's, who is called so.
struct customer_split {
    std::vector<address_key> identities;
    std::string name;
};

/// Two records become one person's, or one becomes two people's. Addresses and tickets move in one transaction; the
/// number of whoever went leads to who stayed. For `move_can_be_undone` days it can be undone: what moved goes back,
/// and so does what came from those addresses since.
class customer_moves {
public:
    explicit customer_moves(database& db) : db_{db} {}

    template <class T>
    using answer = boost::asio::awaitable<std::expected<T, refusal>>;

    /// `goes` becomes part of `stays`.
    answer<customer_move_preview> preview_merge(std::int64_t stays, std::int64_t goes, viewer who);
    /// Who stays, as the customer is then.
    answer<customer> merge(std::int64_t stays, std::int64_t goes, viewer who, std::string reason, keep<customer> kept);

    answer<customer_move_preview> preview_split(std::int64_t from, customer_split wanted, viewer who);
    /// The new customer. The tickets go along in which nobody wrote from another address of the old one.
    answer<customer> split(std::int64_t from, customer_split wanted, viewer who, std::string reason,
                           keep<customer> kept);

    /// The customer who had it before. `reason` may be empty.
    answer<customer> undo(std::int64_t customer, std::int64_t move, viewer who, std::string reason,
                          keep<switchboard::customer> kept);

    /// Those of this customer, the newest first; nothing when the viewer may not see the customer.
    boost::asio::awaitable<std::optional<page<customer_move>>> list(std::int64_t customer, viewer who,
                                                                    page_request part);
    /// The same number under another kind of address, or the same name; the likeliest first, 20 at most.
    boost::asio::awaitable<std::optional<std::vector<possible_duplicate>>> duplicates(std::int64_t customer,
                                                                                      viewer who);

private:
    database& db_;
};

} // namespace switchboard::store

#pragma once

#include <switchboard/model/contact.hpp>
#include <switchboard/model/directory.hpp>
#include <switchboard/model/page.hpp>
#include <switchboard/model/record.hpp>
#include <switchboard/model/refusal.hpp>
#include <switchboard/model/ticket.hpp>
#include <switchboard/model/viewer.hpp>
#include <switchboard/store/database.hpp>
#include <switchboard/store/keep.hpp>

#include <boost/asio/awaitable.hpp>

#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace switchboard::store {

/// Somebody who was not known.
struct new_customer {
    std::string name, language, timezone, notes;
    std::vector<party> identities; // as intake keeps them
    std::optional<std::int64_t> organization_id{};
};

struct customer_change {
    std::optional<std::string> name, language, timezone, jurisdiction, notes;
    std::optional<std::optional<std::int64_t>> organization_id{}; // of nothing: belongs to none
};

/// Which customers a list has.
struct customer_filter {
    std::string q{};              // words of names, addresses and numbers
    std::vector<party> exactly{}; // whose whole addresses q may be
    std::optional<std::int64_t> organization_id{};
};

/// The people who write and call. An agent sees those of the tickets that he may see, and those that he made, and for
/// him there are no others; only list() finds more, by a whole identity.
class customers {
public:
    explicit customers(database& db) : db_{db} {}

    using changed = std::expected<customer, refusal>;
    using actor = std::optional<std::int64_t>;

    /// Who has one of the identities `exactly` is found by everybody: whoever knows it in full has it from its owner.
    /// The newest first.
    boost::asio::awaitable<page<customer>> list(viewer who, customer_filter only, page_request part);
    boost::asio::awaitable<std::optional<customer>> get(std::int64_t id, viewer who);
    boost::asio::awaitable<changed> change(std::int64_t id, viewer who, customer_change terms,
                                           std::optional<std::int64_t> expected_version, actor by);
    /// An address that is somebody's already is refused.
    boost::asio::awaitable<changed> create(viewer who, new_customer terms, keep<customer> kept);
    /// The customer has this address, too.
    boost::asio::awaitable<changed> add_identity(std::int64_t id, viewer who, party added, keep<customer> kept);
    /// Somebody has made sure that the address is the customer's; `how`: in words.
    boost::asio::awaitable<changed> confirm_identity(std::int64_t id, viewer who, party confirmed, std::string how,
                                                     keep<customer> kept);
    /// It is not the customer's. Whoever writes from it is somebody new.
    boost::asio::awaitable<changed> remove_identity(std::int64_t id, viewer who, std::string kind, std::string value);
    /// Those that the viewer may see, the newest first; nothing when he may not see the customer. `state`: open,
    /// solved, or empty for both.
    boost::asio::awaitable<std::optional<customer_tickets>> tickets(std::int64_t id, viewer who, std::string state,
                                                                    page_request part);

private:
    database& db_;
};

} // namespace switchboard::store

#pragma once

#include <switchboard/model/directory.hpp>
#include <switchboard/model/page.hpp>
#include <switchboard/model/ticket.hpp>
#include <switchboard/model/viewer.hpp>
#include <switchboard/store/database.hpp>

#include <boost/asio/awaitable.hpp>

#include <expected>
#include <optional>
#include <string>

namespace switchboard::store {

struct customer_change {
    std::optional<std::string> name, language, timezone, jurisdiction, notes;
};

class customers {
public:
    explicit customers(database& db) : db_{db} {}

    using changed = std::expected<customer, refusal<customer>>;
    using actor = std::optional<std::int64_t>;

    /// `q` is part of a name, or the beginning of an identity's value. The newest first.
    boost::asio::awaitable<page<customer>> list(std::string q, page_request part);
    boost::asio::awaitable<std::optional<customer>> get(std::int64_t id);
    boost::asio::awaitable<changed> change(std::int64_t id, customer_change terms,
                                           std::optional<std::int64_t> expected_version, actor by);
    /// Those that the viewer may see, the newest first. `state`: open, solved, or empty for both.
    boost::asio::awaitable<page<ticket_summary>> tickets(std::int64_t id, viewer who, std::string state,
                                                         page_request part);

private:
    database& db_;
};

} // namespace switchboard::store

#pragma once

#include <switchboard/model/calendar.hpp>
#include <switchboard/model/page.hpp>
#include <switchboard/model/refusal.hpp>
#include <switchboard/model/ticket.hpp>
#include <switchboard/store/database.hpp>
#include <switchboard/store/keep.hpp>

#include <boost/asio/awaitable.hpp>

#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace switchboard::store {

/// What is set; what is not there stays as it is, or becomes the default in a new calendar.
struct calendar_change {
    std::optional<std::string> name, timezone;
    std::optional<std::vector<weekly_opening>> hours;
    std::optional<std::vector<special_day>> special_days;
};

/// When queues are open. A calendar that makes no sense as a whole is refused with the field that is wrong.
class calendars {
public:
    explicit calendars(database& db) : db_{db} {}

    using changed = std::expected<calendar, refusal>;
    using actor = std::optional<std::int64_t>;

    boost::asio::awaitable<page<calendar>> list(page_request part);
    boost::asio::awaitable<std::optional<calendar>> get(std::int64_t id);
    boost::asio::awaitable<changed> create(calendar_change terms, actor by, keep<calendar> kept = {});
    boost::asio::awaitable<changed> change(std::int64_t id, calendar_change terms,
                                           std::optional<std::int64_t> expected_version, actor by);
    /// Whose shifts are the hours of this calendar, by name; nothing if there is no such calendar.
    using agents_changed = std::expected<std::vector<named>, refusal>;
    boost::asio::awaitable<std::optional<std::vector<named>>> agents(std::int64_t id);
    /// These and nobody else. An agent works by one calendar at most: the last that was set.
    boost::asio::awaitable<agents_changed> set_agents(std::int64_t id, std::vector<std::int64_t> all, actor by);

    /// A conflict when a queue or an agent keeps to it.
    boost::asio::awaitable<changed> remove(std::int64_t id, actor by);

private:
    database& db_;
};

} // namespace switchboard::store

#pragma once

#include <switchboard/model/directory.hpp>
#include <switchboard/model/page.hpp>
#include <switchboard/model/refusal.hpp>
#include <switchboard/store/database.hpp>
#include <switchboard/store/keep.hpp>

#include <boost/asio/awaitable.hpp>

#include <expected>
#include <optional>
#include <string>

namespace switchboard::store {

struct rule_change {
    std::optional<std::int64_t> position; // of a new rule: without one, behind all others
    std::optional<std::string> name;
    std::optional<std::string> conditions, actions; // JSON objects, already checked
    std::optional<bool> enabled;
};

/// The rules of classification. They are few: a list is always whole.
class rules {
public:
    explicit rules(database& db) : db_{db} {}

    using changed = std::expected<rule, refusal>;
    using actor = std::optional<std::int64_t>;

    boost::asio::awaitable<page<rule>> list(); // in order
    boost::asio::awaitable<std::optional<rule>> get(std::int64_t id);
    boost::asio::awaitable<changed> create(rule_change terms, actor by, keep<rule> kept = {});
    boost::asio::awaitable<changed> change(std::int64_t id, rule_change terms,
                                           std::optional<std::int64_t> expected_version, actor by);
    boost::asio::awaitable<changed> remove(std::int64_t id, actor by);

private:
    database& db_;
};

} // namespace switchboard::store

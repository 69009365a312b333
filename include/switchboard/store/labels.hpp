#pragma once

#include <switchboard/model/directory.hpp>
#include <switchboard/model/page.hpp>
#include <switchboard/store/database.hpp>
#include <switchboard/store/keep.hpp>

#include <boost/asio/awaitable.hpp>

#include <expected>
#include <optional>
#include <string>

namespace switchboard::store {

/// Skills and licences: T is `skill` or `licence`.
class labels {
public:
    explicit labels(database& db) : db_{db} {}

    template <class T>
    using changed = std::expected<T, refusal<T>>;
    using actor = std::optional<std::int64_t>;

    template <class T>
    boost::asio::awaitable<page<T>> list(page_request part);
    template <class T>
    boost::asio::awaitable<std::optional<T>> get(std::int64_t id);
    template <class T>
    boost::asio::awaitable<changed<T>> create(std::string name, actor by, keep<T> kept = {});
    template <class T>
    boost::asio::awaitable<changed<T>> rename(std::int64_t id, std::string name,
                                              std::optional<std::int64_t> expected_version, actor by);
    /// A conflict when an agent has it or a queue, a rule or an open ticket needs it.
    template <class T>
    boost::asio::awaitable<changed<T>> remove(std::int64_t id, actor by);

private:
    database& db_;
};

} // namespace switchboard::store

#pragma once

#include <switchboard/model/directory.hpp>
#include <switchboard/model/page.hpp>
#include <switchboard/store/database.hpp>

#include <boost/asio/awaitable.hpp>

#include <expected>
#include <optional>
#include <string>

namespace switchboard::store {

struct gateway_change {
    std::optional<std::string> name;
    std::optional<std::string> kind; // only of a new gateway
    std::optional<std::int64_t> queue_id;
    std::optional<std::string> settings; // JSON object, already checked
    std::optional<std::string> from_name, from_address;
    std::optional<bool> enabled;
};

class gateways {
public:
    explicit gateways(database& db) : db_{db} {}

    using changed = std::expected<gateway_record, refusal<gateway_record>>;
    using actor = std::optional<std::int64_t>;

    boost::asio::awaitable<page<gateway_record>> list(page_request part);
    boost::asio::awaitable<std::optional<gateway_record>> get(std::int64_t id);
    boost::asio::awaitable<std::optional<gateway_record>> by_name(std::string name);
    boost::asio::awaitable<changed> create(gateway_change terms, actor by);
    boost::asio::awaitable<changed> change(std::int64_t id, gateway_change terms,
                                           std::optional<std::int64_t> expected_version, actor by);

private:
    database& db_;
};

} // namespace switchboard::store

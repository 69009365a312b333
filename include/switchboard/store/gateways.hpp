#pragma once

#include <switchboard/model/directory.hpp>
#include <switchboard/model/page.hpp>
#include <switchboard/model/refusal.hpp>
#include <switchboard/store/database.hpp>
#include <switchboard/store/keep.hpp>
#include <switchboard/util/secret_box.hpp>

#include <boost/asio/awaitable.hpp>

#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace switchboard::store {

struct gateway_change {
    std::optional<std::string> name;
    std::optional<std::string> kind; // only of a new gateway
    std::optional<std::int64_t> queue_id;
    std::optional<std::string> settings;        // JSON object, without the secrets
    std::map<std::string, secret_text> secrets; // that change, by their path in the settings; an empty one is removed
    /// What is wrong with the settings, given what was there before (a new gateway: nothing); empty = nothing.
    std::function<std::optional<std::string>(const gateway_record& before)> judge;
    std::optional<std::string> from_name, from_address;
    std::optional<bool> enabled;
};

class gateways {
public:
    gateways(database& db, secret_box box) : db_{db}, box_{std::move(box)} {}

    using changed = std::expected<gateway_record, refusal>;
    using actor = std::optional<std::int64_t>;

    boost::asio::awaitable<page<gateway_record>> list(page_request part);
    boost::asio::awaitable<std::optional<gateway_record>> get(std::int64_t id);
    boost::asio::awaitable<std::optional<gateway_record>> by_name(std::string name);
    boost::asio::awaitable<changed> create(gateway_change terms, actor by, keep<gateway_record> kept = {});
    boost::asio::awaitable<changed> change(std::int64_t id, gateway_change terms,
                                           std::optional<std::int64_t> expected_version, actor by);

private:
    database& db_;
    const secret_box box_;
};

} // namespace switchboard::store

#pragma once

#include <switchboard/model/secret_text.hpp>
#include <switchboard/store/configuration.hpp>
#include <switchboard/util/secret_box.hpp>

#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace switchboard::store {

struct gateway_change {
    patch<gateway> form;                        // whose settings are without the secrets
    std::map<std::string, secret_text> secrets; // that change, by their path in the settings; an empty one is removed
    /// What is wrong with the settings, given what was there before (a new gateway: nothing); empty = nothing.
    std::function<std::optional<std::string>(const stored_gateway& before)> judge;
};

class gateways {
public:
    gateways(database& db, secret_box box) : db_{db}, box_{std::move(box)} {}

    using changed = std::expected<stored_gateway, refusal>;

    boost::asio::awaitable<page<stored_gateway>> list(page_request part);
    boost::asio::awaitable<std::optional<stored_gateway>> get(std::int64_t id);
    boost::asio::awaitable<std::optional<stored_gateway>> by_name(std::string name);
    boost::asio::awaitable<changed> create(gateway_change terms, actor by, keep<stored_gateway> kept = {});
    boost::asio::awaitable<changed> change(std::int64_t id, gateway_change terms, std::optional<std::int64_t> if_match,
                                           actor by);

private:
    database& db_;
    const secret_box box_;
};

} // namespace switchboard::store

#pragma once

#include <switchboard/model/directory.hpp>
#include <switchboard/model/page.hpp>
#include <switchboard/model/principal.hpp>
#include <switchboard/model/refusal.hpp>
#include <switchboard/store/database.hpp>
#include <switchboard/store/keep.hpp>

#include <boost/asio/awaitable.hpp>

#include <expected>
#include <optional>
#include <string>

namespace switchboard::store {

/// Machines' keys. Secrets come here as sha256 only; a revoked token stays as a row.
class tokens {
public:
    explicit tokens(database& db) : db_{db} {}

    using changed = std::expected<api_token, refusal>;
    using actor = std::optional<std::int64_t>;

    boost::asio::awaitable<page<api_token>> list(page_request part);
    /// `address`: of who asks, for the record.
    boost::asio::awaitable<changed> create(api_token terms, std::string hash, actor by, std::string address = {},
                                           keep<api_token> kept = {});
    boost::asio::awaitable<changed> revoke(std::int64_t id, actor by, std::string address = {});

    /// Who the token of this hash is; empty if there is none, or it was revoked or has expired.
    boost::asio::awaitable<std::optional<principal>> find(std::string hash);

private:
    database& db_;
};

} // namespace switchboard::store

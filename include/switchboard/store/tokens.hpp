#pragma once

#include <switchboard/model/principal.hpp>
#include <switchboard/store/configuration.hpp>
#include <switchboard/store/giver.hpp>

#include <optional>
#include <string>

namespace switchboard::store {

/// Machines' keys: what is more than a noun about them. Secrets come here as sha256 only; a revoked token stays as a
/// row.
class tokens {
public:
    explicit tokens(database& db) : db_{db} {}

    using changed = std::expected<token, refusal>;

    boost::asio::awaitable<changed> create(patch<token> form, std::string hash, actor by, keep<token> kept = {});
    boost::asio::awaitable<changed> revoke(std::int64_t id, giver by);

    /// Who the token of this hash is; empty if there is none, or it was revoked or has expired.
    boost::asio::awaitable<std::optional<principal>> find(std::string hash);

private:
    database& db_;
};

} // namespace switchboard::store

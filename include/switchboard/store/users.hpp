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
#include <vector>

namespace switchboard::store {

struct user_filter {
    std::optional<std::string> role;
    std::optional<std::string> q; // part of the name
    std::optional<bool> active;
    bool searches_logins = false; // q may be part of login or e-mail, too: only where the answer shows these
};

/// Of a new user everything but email and password_hash matters; of a change only what is there.
struct user_change {
    std::optional<std::string> login; // only of a new user
    std::optional<std::string> name, email, role, password_hash;
    std::optional<bool> active;
    std::optional<std::int64_t> grade, units;
    bool must_change_password = false; // with password_hash: somebody else chose it
};

/// The people who work here. Nobody is deleted: who leaves is made inactive, which ends the sessions and the presence.
class users {
public:
    explicit users(database& db) : db_{db} {}

    using changed = std::expected<user, refusal>;
    using actor = std::optional<std::int64_t>; // who does it; empty = a machine

    boost::asio::awaitable<page<user>> list(user_filter filter, page_request part);
    boost::asio::awaitable<std::optional<user>> get(std::int64_t id);
    boost::asio::awaitable<std::optional<user>> by_login(std::string login);
    boost::asio::awaitable<changed> create(user_change terms, actor by, keep<user> kept = {});
    boost::asio::awaitable<changed> change(std::int64_t id, user_change terms,
                                           std::optional<std::int64_t> expected_version, actor by);
    boost::asio::awaitable<std::int64_t> count();

    /// Brings the logins of before to their normal form (util/login.hpp). One whose form another has already stays as
    /// it is, and still signs its owner in: these are what comes back.
    boost::asio::awaitable<std::vector<std::string>> normalize_logins();

private:
    database& db_;
};

} // namespace switchboard::store

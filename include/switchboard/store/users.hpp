#pragma once

#include <switchboard/model/viewer.hpp>
#include <switchboard/store/configuration.hpp>
#include <switchboard/store/giver.hpp>

#include <optional>
#include <string>
#include <vector>

namespace switchboard::store {

struct user_filter {
    std::optional<std::int64_t> role;
    std::optional<std::string> q; // part of the name
    std::optional<bool> active;
    bool searches_logins = false; // q may be part of login or e-mail, too: only where the answer shows these
};

/// A password that somebody gets, which the user must change if somebody else chose it.
struct given_password {
    std::string hash;
    bool must_change = true;
};

/// The people who work here. Nobody is deleted: who leaves is made inactive, which ends the sessions and the presence.
class users {
public:
    explicit users(database& db) : db_{db} {}

    using changed = std::expected<user, refusal>;

    boost::asio::awaitable<page<user>> list(user_filter filter, page_request part);
    boost::asio::awaitable<std::optional<user>> get(std::int64_t id);
    boost::asio::awaitable<std::optional<user>> by_login(std::string login);
    /// What somebody who can sign in may by now; nothing: there is nobody like that.
    boost::asio::awaitable<std::optional<viewer>> eyes_of(std::int64_t id);
    boost::asio::awaitable<std::optional<std::int64_t>> role_named(std::string name);
    /// Without a password, there is no way to sign in.
    boost::asio::awaitable<changed> create(patch<user> form, std::optional<given_password> password, giver by,
                                           keep<user> kept = {});
    boost::asio::awaitable<changed> change(std::int64_t id, patch<user> form, std::optional<given_password> password,
                                           std::optional<std::int64_t> if_match, giver by);
    boost::asio::awaitable<std::int64_t> count();

    /// Brings the logins of before to their normal form (util/login.hpp). One whose form another has already stays as
    /// it is, and still signs its owner in: these are what comes back.
    boost::asio::awaitable<std::vector<std::string>> normalize_logins();

private:
    database& db_;
};

} // namespace switchboard::store

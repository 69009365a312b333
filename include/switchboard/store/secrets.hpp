#pragma once

#include <switchboard/store/database.hpp>
#include <switchboard/util/secret_box.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace switchboard::store {

/// The secrets in the database and the keys of this process do not fit. The words are for people.
class secrets_error : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Where a walk over all secrets is.
struct secret_cursor {
    std::string owner, name;
    std::int64_t owner_id = 0;
};

struct secret_rotation {
    std::int64_t sealed = 0;             // anew, by this step
    std::vector<std::string> unreadable; // why each of them stays as it is
    secret_cursor next;
    bool done = false;
};

/// All secrets of an installation, whoever they belong to.
class secrets {
public:
    secrets(database& db, secret_box box) : db_{db}, box_{std::move(box)} {}

    /// Before anything reads them: moves secrets that still stand in the open into sealed rows, one node at a time.
    /// Throws `secrets_error` where there are secrets and no key, or a key is missing.
    boost::asio::awaitable<void> settle();

    /// How many secrets each key seals, by its id.
    boost::asio::awaitable<std::map<std::string, std::int64_t>> by_key();

    /// Gives up what this key sealed, for good: what is gone, for people.
    boost::asio::awaitable<std::vector<std::string>> forget(std::string key_id);

    /// Seals up to `most` secrets after `from` anew with the newest key, in one transaction.
    boost::asio::awaitable<secret_rotation> rotate(secret_cursor from, std::int64_t most);

private:
    database& db_;
    const secret_box box_;
};

/// What is wrong with these keys for a database whose secrets are sealed with those: for people; empty = nothing.
std::string key_problem(const secret_box& box, const std::map<std::string, std::int64_t>& by_key);

} // namespace switchboard::store

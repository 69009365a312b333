#include "app/first_start.hpp"

#include <switchboard/store/users.hpp>
#include <switchboard/util/hash.hpp>

#include <fmt/format.h>

namespace switchboard::app {

boost::asio::awaitable<void> greet(store::database& db) {
    store::users users{db};
    if (co_await users.count() > 0) co_return;
    const auto password = random_hex(10);
    patch<user> admin;
    admin.values.login = "admin";
    admin.values.name = "Administrator";
    admin.values.roles.emplace_back(static_cast<std::int64_t>(shipped_role::admin));
    if (co_await users.create(std::move(admin), store::given_password{hash_password(password)}, {}))
        fmt::print("First start: sign in as admin with the password {}; you are asked for a new one.\n", password);
}

} // namespace switchboard::app

#include "api/passwords.hpp"

#include "api/wire/unique.hpp"

#include <switchboard/util/hash.hpp>
#include <switchboard/util/offload.hpp>
#include <switchboard/util/password_rules.hpp>

namespace switchboard::api {

boost::asio::awaitable<bool> is_password(offload_pool& passwords, std::string hash, std::string given) {
    auto job = [hash = std::move(hash), given = std::move(given)] {
        static const std::string nobodys = hash_password(random_hex(16)); // made by whoever is first, known or not
        const bool right = verify_password(hash.empty() ? nobodys : hash, given);
        return right && !hash.empty();
    };
    return offload(passwords, std::move(job));
}

boost::asio::awaitable<std::expected<std::string, problem>>
new_password_hash(offload_pool& passwords, std::string field, std::string password, std::string login) {
    if (const auto fault = password_fault(password, login)) co_return std::unexpected{invalid_field(field, *fault)};
    auto job = [text = std::move(password)] { return hash_password(text); };
    co_return co_await offload(passwords, std::move(job));
}

} // namespace switchboard::api

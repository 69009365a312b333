#pragma once

#include <switchboard/api/router_options.hpp>
#include <switchboard/util/budget.hpp>

#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>

namespace switchboard::api {

/// How many wrong passwords there may be: by address, by account and in total; from a place where the owner has signed
/// in before, by place and account alone, so that an attack from elsewhere locks no owner out. Every try takes its
/// place before its work is done and gives it back unless the password was wrong: many at once gain nothing, and right
/// ones and our own failures cost nothing. Lives on the io thread.
class sign_in_guard {
public:
    explicit sign_in_guard(const sign_in_limits& limits, rate_budget::time_source now = rate_budget::clock::now);

    /// A try that is under way.
    class attempt {
    public:
        attempt() = default;
        attempt(attempt&&) noexcept = default;
        attempt& operator=(attempt&&) = delete;
        ~attempt();

        /// The password was wrong: the place is not given back.
        void wrong() { given_back_ = false; }

    private:
        friend sign_in_guard;
        struct unset {
            void operator()(sign_in_guard*) const {}
        };
        std::unique_ptr<sign_in_guard, unset> of_; // empty once it was moved from
        held_budget::share running_;
        std::string login_, prefix_;
        bool known_place_ = false;
        bool given_back_ = true;
    };

    struct refused {
        std::chrono::seconds wait{};
        bool spent = false; // by wrong passwords; else too many are under way
    };

    /// `login` in its normal form, `prefix` as util/address makes it.
    std::expected<attempt, refused> enter(const std::string& login, const std::string& prefix, bool known_place);

    /// Asking who a login is costs a look into the database, which strangers may have only so often at a time.
    std::optional<held_budget::share> look_up(const std::string& prefix) { return looking_up_.take(prefix); }

private:
    rate_budget addresses_, accounts_, known_;
    held_budget looking_up_, running_;
};

} // namespace switchboard::api

#include "api/sign_in_guard.hpp"

#include <algorithm>

namespace switchboard::api {
namespace {

std::string both(const std::string& login, const std::string& prefix) {
    return login + '\n' + prefix;
}

} // namespace

sign_in_guard::sign_in_guard(const sign_in_limits& l, rate_budget::time_source now)
    : addresses_{{l.wrong_by_address, l.window}, {l.wrong_in_total, l.window}, now},
      accounts_{{l.wrong_by_account, l.window}, {l.wrong_in_total, l.window}, now},
      known_{{l.wrong_by_account, l.window}, {INT32_MAX, l.window}, now},
      looking_up_{{l.at_once_by_address, 2 * l.at_once}}, running_{{l.at_once_by_address, l.at_once}} {}

std::expected<sign_in_guard::attempt, sign_in_guard::refused>
sign_in_guard::enter(const std::string& login, const std::string& prefix, bool known_place) {
    constexpr std::chrono::seconds soon{1};
    attempt mine;
    if (known_place) {
        if (const auto wait = known_.take(both(login, prefix))) return std::unexpected{refused{*wait, true}};
    } else {
        auto running = running_.take(prefix);
        if (!running) return std::unexpected{refused{soon, false}};
        if (const auto wait = std::max(addresses_.wait_for(prefix), accounts_.wait_for(login)))
            return std::unexpected{refused{*wait, true}};
        addresses_.charge(prefix);
        accounts_.charge(login);
        mine.running_ = std::move(*running);
    }
    mine.of_.reset(this);
    mine.login_ = login;
    mine.prefix_ = prefix;
    mine.known_place_ = known_place;
    return mine;
}

sign_in_guard::attempt::~attempt() {
    if (!of_ || !given_back_) return;
    if (known_place_) {
        of_->known_.give_back(both(login_, prefix_));
    } else {
        of_->addresses_.give_back(prefix_);
        of_->accounts_.give_back(login_);
    }
}

} // namespace switchboard::api

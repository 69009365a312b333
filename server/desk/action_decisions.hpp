#pragma once

#include <switchboard/desk/requests.hpp>
#include <switchboard/model/refusal.hpp>
#include <switchboard/store/action_rows.hpp>

#include <expected>
#include <optional>
#include <string>

/// What is done to what a customer has, decided: from what is at hand, who asks, and what for. Pure.
namespace switchboard::desk {

using decided_action = std::expected<action, refusal>;
using seen_action = std::optional<std::int64_t>; // its version

inline constexpr auto no_such_action = "there is no such action";

/// Why none of these limits covers so much; empty amount: it costs nothing.
struct beyond {
    limit_exceeded what = limit_exceeded::no_authority;
    std::optional<std::int64_t> bound{}, used{};
};
std::optional<beyond> why_beyond(const std::vector<store::limit_at_hand>& limits, std::optional<std::int64_t> amount);

decided_action decide_request(const store::action_at_hand& at, const viewer& me, const action_wish& wish);
decided_action decide_approval(const store::action_at_hand& at, const viewer& me, seen_action seen,
                               std::optional<std::int64_t> amount);
decided_action decide_refusal_of(const store::action_at_hand& at, const viewer& me, seen_action seen,
                                 const std::string& reason);
decided_action decide_withdrawal(const store::action_at_hand& at, const viewer& me, seen_action seen);
decided_action decide_confirmation(const store::action_at_hand& at, const viewer& me, seen_action seen,
                                   const std::string& reference);
decided_action decide_failure(const store::action_at_hand& at, const viewer& me, seen_action seen,
                              const std::string& reason);

} // namespace switchboard::desk

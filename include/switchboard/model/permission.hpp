#pragma once

#include <switchboard/model/describe.hpp>

#include <boost/describe/enum.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

/// Who may do what. A role (model/role.hpp) is a named set of these, each with how far it reaches; who has several
/// roles may what any of them grants.
namespace switchboard {

/// Told with a dot: ticket.read.
BOOST_DEFINE_FIXED_ENUM_CLASS(permission, std::uint8_t, ticket_read, ticket_note, ticket_reply, ticket_edit,
                              ticket_transfer, ticket_escalate, ticket_hold, ticket_solve, ticket_reopen, ticket_claim,
                              ticket_assign, action_request, callback_promise, followup_promise, contact_raw,
                              customer_read, customer_edit, customer_merge, customer_sensitive, organization_edit,
                              object_write, quarantine_read, quarantine_replay, team_watch, routing_simulate,
                              escalation_take, user_read, config_read, config_queues, config_skills, config_people,
                              config_roles, config_hours, config_sla, config_rules, config_gateways, config_tokens,
                              config_reasons, config_objects, config_actions, system_read, audit_read)
template <>
inline constexpr bool is_dotted<permission> = true;

/// Which tickets, and through them which customers: those that one has, those of one's queues too, or all.
BOOST_DEFINE_FIXED_ENUM_CLASS(reach, std::uint8_t, own, queues, all)

/// Whether there is something to reach: everything else is granted as a whole, with `all`.
constexpr bool reaches_tickets(permission p) {
    return p <= permission::followup_promise || p == permission::customer_read || p == permission::customer_edit;
}

/// What comes back from a change of these is that somebody may more or less, or sees another part.
constexpr bool is_configuration(permission p) {
    return p >= permission::config_queues && p <= permission::config_actions;
}

/// Everything that somebody may do, each as far as it reaches.
class grants {
public:
    /// The widest counts.
    constexpr void add(permission p, reach far = reach::all) {
        auto& now = far_[static_cast<std::size_t>(p)];
        if (!now || *now < far) now = far;
    }

    constexpr void add(const grants& more) {
        for (std::size_t i = 0; i < far_.size(); ++i) far_[i] = std::max(far_[i], more.far_[i]);
    }

    constexpr bool may(permission p) const { return reach_of(p).has_value(); }
    /// Nothing: not permitted at all.
    constexpr std::optional<reach> reach_of(permission p) const { return far_[static_cast<std::size_t>(p)]; }
    constexpr bool reaches_all(permission p) const { return reach_of(p) == reach::all; }

    /// Whether all of those are among these.
    constexpr bool cover(const grants& others) const {
        for (std::size_t i = 0; i < far_.size(); ++i)
            if (far_[i] < others.far_[i]) return false; // nothing is less than something
        return true;
    }

    /// What nothing is kept from.
    static constexpr grants everything() {
        grants out;
        with_names<permission>([&]<class... N> { (out.add(N::value), ...); });
        return out;
    }

private:
    static constexpr std::size_t count = with_names<permission>([]<class... N> { return sizeof...(N); });
    std::array<std::optional<reach>, count> far_{};
};

/// What being given work takes: to read tickets and to answer them, one's own at least. Asked wherever a ticket is
/// offered, given, taken or left in somebody's hands; who has not all of these is offline and has none.
inline constexpr std::array needed_for_work{permission::ticket_read, permission::ticket_reply};
constexpr bool takes_work(const grants& of) {
    return std::ranges::all_of(needed_for_work, [&](permission p) { return of.may(p); });
}

/// Whether somebody may give another these. Who both makes roles and gives them could give himself anything; nobody
/// else gives what he has not.
constexpr bool may_give(const grants& own, const grants& others) {
    return (own.may(permission::config_people) && own.may(permission::config_roles)) || own.cover(others);
}

} // namespace switchboard

#pragma once

#include <switchboard/model/events/contacts.hpp>
#include <switchboard/model/events/offers.hpp>
#include <switchboard/model/events/people.hpp>
#include <switchboard/model/events/tickets.hpp>

#include <array>
#include <concepts>
#include <optional>
#include <string_view>

/// What happens here, a struct for each type of event, with who may see it: the row of the log, the frame of the live
/// feed, the line of the timeline and the published schema are made from it. A member that has nothing to say is there
/// all the same, empty or null.
namespace switchboard::events {

template <class E>
concept one_of_them = described<E> && requires {
    { E::type } -> std::convertible_to<std::string_view>;
    { E::to } -> std::convertible_to<audience>;
};

struct kind {
    std::string_view type;
    audience to;
};

template <one_of_them... E>
struct list {
    static constexpr std::array kinds{kind{E::type, E::to}...};
};

using all =
    list<contact_received, contact_changed, contact_sent, contact_delivery, note_added, draft_changed, viewer_changed,
         typing, ticket_changed, follow_up_promised, follow_up_moved, follow_up_due, follow_up_kept, follow_up_dropped,
         follow_up_reopened, action_changed, offer_created, offer_accepted, offer_declined, offer_timed_out,
         offer_rescinded, presence_changed, customer_changed, object_changed, config_changed>;

/// Calls f.operator()<E...>() with the type of each.
template <class F>
constexpr auto with_all(F f) {
    return [&]<class... E>(list<E...>) { return f.template operator()<E...>(); }(all{});
}

constexpr std::optional<audience> audience_of(std::string_view type) {
    for (const auto& known : all::kinds)
        if (known.type == type) return known.to;
    return std::nullopt;
}

} // namespace switchboard::events

#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace switchboard {

/// Whom the events of a type are pushed to, beside supervisors, admins and machines that read, who see all of them.
enum class audience {
    everybody, // they carry ids and names of fields, no words: what an id stands for is asked for under one's own right
    ticket,    // the members of the event's queue, and its agent
    agent      // its agent
};

struct event_kind {
    std::string_view type;
    audience to;
};

/// Every type of event that there is. What each carries is for its audience's eyes and for nobody else's.
inline constexpr std::array event_kinds{
    event_kind{"contact.received", audience::ticket}, // sender, subject, preview, the ticket; without one: quarantine
    event_kind{"contact.changed", audience::ticket},  // of a call of which more was told: subject, talk time
    event_kind{"contact.sent", audience::ticket},     // preview of a reply, the ticket
    event_kind{"contact.delivery", audience::ticket}, // what a mail server said, which may name the recipient
    event_kind{"note.added", audience::ticket},       // the note's text
    event_kind{"draft.changed", audience::ticket},    // whose draft has begun or ended; not a word of it
    event_kind{"viewer.changed", audience::ticket},   // in no log: who has the ticket open, and writes
    event_kind{"ticket.changed", audience::ticket},   // subject and customer's name, a callback's number
    event_kind{"offer.created", audience::ticket},    // the ticket
    event_kind{"offer.accepted", audience::ticket},
    event_kind{"offer.declined", audience::ticket},
    event_kind{"offer.timed_out", audience::ticket},
    event_kind{"offer.rescinded", audience::ticket},
    event_kind{"presence.changed", audience::agent},     // the reason why somebody is away
    event_kind{"typing", audience::agent},               // in no log: a visitor's name, for the ticket's owner
    event_kind{"customer.changed", audience::everybody}, // customer_id, version, names of fields
    event_kind{"config.changed", audience::everybody},   // kind, id
};

constexpr std::optional<audience> audience_of(std::string_view type) {
    const auto found = std::ranges::find(event_kinds, type, &event_kind::type);
    if (found == event_kinds.end()) return std::nullopt;
    return found->to;
}

/// A declared type's name. One that is not declared does not compile.
class event_type {
public:
    consteval event_type(const char* name) : name_{name} {
        if (!audience_of(name_)) throw std::logic_error{"declare this type in event_kinds, with its audience"};
    }

    /// A name that is put together while we run. Throws std::logic_error for one that is not declared.
    static event_type named(std::string_view name) {
        const auto found = std::ranges::find(event_kinds, name, &event_kind::type);
        if (found == event_kinds.end()) throw std::logic_error{"there is no event type " + std::string{name}};
        return event_type{found};
    }

    constexpr std::string_view name() const { return name_; }

private:
    constexpr explicit event_type(const event_kind* kind) : name_{kind->type} {}
    std::string_view name_;
};

} // namespace switchboard

#pragma once

#include <switchboard/model/contact.hpp>
#include <switchboard/model/gateway_settings.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace switchboard::channels {

/// What every phone system says about a call, in its own words; and what follows from it in ours.
struct call {
    std::string from, to; // as dialed
    std::string from_name, to_name;
    std::string direction; // in | out, where the sender's word can be trusted; empty = decide by the numbers
    std::string hint;      // in | out, where the numbers do not decide
    std::optional<timestamp> started, answered, ended; // answered: by a person, not by the switch
    std::optional<std::int64_t> talk_s, ring_s;        // empty = from the times
    /// Of a caller who was put through from one person to another: when he talked, in order. Empty = all the time.
    std::vector<std::pair<timestamp, timestamp>> talks;
    std::string disposition; // answered missed busy no_answer cancelled rejected congestion failed …
};

/// A number as a party: `tel` in E.164; an extension or a SIP name as a name without identity; nobody when withheld.
party party_of(std::string_view dialed, std::string_view name, const gateway_settings& settings);

/// Whether the company answers at this number: an extension or an own number of the gateway.
bool is_own_line(std::string_view dialed, const gateway_settings& settings);

/// in | out as seen from the company. Switches speak of their own legs, so the configured lines decide first, then the
/// hint, then that an extension which calls a number outside is ours. Else it came in, where somebody will see it.
std::string direction_of(const call& call, const gateway_settings& settings);

/// The part of a contact that all phone systems share; adds ring_s, disposition, answered_at, … to the details.
inbound_contact contact_of(const call& call, const gateway_settings& settings, nlohmann::json& details);

/// Says in the details that this contact is one leg of a call, which others may follow (calls.hpp).
void add_leg(nlohmann::json& details, const inbound_contact& contact);

/// Text of a phone system as UTF-8: it is that, or the gateway's charset, or windows-1252.
std::string readable(std::string_view text, const gateway_settings& settings);

/// How a party is called in a subject line: its number, its name, or that nobody is known.
std::string display_name(const party& who);
std::string call_subject(const inbound_contact& contact);

/// Empty where the clock says nonsense: before 1970 or after 2200.
std::optional<timestamp> time_of_micros(std::int64_t since_epoch);

} // namespace switchboard::channels

#pragma once

#include "store/ticket_rows.hpp"

#include <pqxx/pqxx>

#include <cstdint>
#include <optional>
#include <string>

namespace switchboard::store {

/// A licence that the ticket asks for and the agent does not hold now: "name (jurisdiction)".
std::optional<std::string> uncovered_licence(pqxx::transaction_base& tx, std::int64_t ticket, std::int64_t agent,
                                             std::int64_t min_validity_s);

/// Why an agent cannot take a ticket now, for himself to read.
struct not_for_you {
    std::string words;
    bool full = false; // by what he has in hand, and so not for ever
};
/// The conditions of routing, asked for one ticket and one agent; nothing = he can. Of what rests on hold with him,
/// only those that keep it from him: licences, his channels, his room. Whoever then takes it has locked his loads
/// before.
std::optional<not_for_you> why_not_take(pqxx::transaction_base& tx, const locked_ticket& t, std::int64_t agent,
                                        std::int64_t min_licence_validity_s);

/// What routing would ask of an agent for a ticket and he has not, licences and room apart, in words; empty = nothing.
/// Of a ticket that rests with him only his channels count.
std::string shortcoming_of(pqxx::transaction_base& tx, std::int64_t ticket, std::int64_t agent, bool rests_with_him);

/// The units that a ticket takes of an agent's room.
std::int64_t weight_of(pqxx::transaction_base& tx, const locked_ticket& t, std::int64_t agent);

} // namespace switchboard::store

#pragma once

#include <switchboard/model/ticket.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstddef>

/// The JSON of what events carry: the same fields as on the REST wire.
namespace switchboard::store {

/// Of a contact's text, in an event.
inline constexpr std::size_t preview_bytes = 200;

nlohmann::json to_json(const ticket_summary& t);
nlohmann::json to_json(const offer& o);
nlohmann::json to_json(const presence& p);
nlohmann::json to_json(const note& n);
nlohmann::json to_json(const party& p);

} // namespace switchboard::store

#pragma once

#include <switchboard/model/contact.hpp>

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

/// The column `recipients` of a contact: {"to": [party], "cc": [party], "reply_to": [party]}.
namespace switchboard::store {

std::vector<party> parties_from(const nlohmann::json& recipients, const char* key);
std::string recipients_json(const inbound_contact& c);
std::string recipients_json(const std::vector<party>& to, const std::vector<party>& cc);

} // namespace switchboard::store

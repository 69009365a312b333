#pragma once

#include <switchboard/model/contact.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace switchboard::channels {

/// What a receiver says about a fax beside the call that carried it.
struct fax_facts {
    std::optional<std::int64_t> pages;
    std::string station_id; // TSI or CSI: what the other machine calls itself, not to be trusted
    std::string error;
    bool incomplete = false; // reception broke off
};

/// Makes a fax of a contact whose parties and direction are known: channel, subject, thread, flags, details.
void describe_fax(inbound_contact& contact, const fax_facts& facts, nlohmann::json& details);

} // namespace switchboard::channels

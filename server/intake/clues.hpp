#pragma once

#include <switchboard/intake/config.hpp>
#include <switchboard/store/intake.hpp>

#include <string>
#include <vector>

namespace switchboard::intake {

/// What a mail names its ticket by when no message that is known here does: the strongest first. A mail whose sender is
/// not believed names nothing.
std::vector<std::string> clues_of(const inbound_contact& c);

/// One of them with everybody through whom the mail can belong to a ticket: its sender, and those to whom it goes too.
std::vector<store::clue_of> asked_with(const std::string& clue, const inbound_contact& c, const intake_config& config);

/// With everybody who takes part in a ticket by this mail.
std::vector<store::clue_of> left_with(const std::string& clue, const inbound_contact& c, const intake_config& config);

} // namespace switchboard::intake

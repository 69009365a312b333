#pragma once

#include <switchboard/intake/config.hpp>
#include <switchboard/model/contact.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::intake {

/// What a new ticket is, from its first contact.
struct classification {
    std::int64_t queue_id = 0;
    std::int64_t priority = 5, tier = 1, difficulty = 0;
    std::vector<skill_need> skills; // the queue's included
    std::vector<licence_need> licences;
    std::string language;
};

/// Applies the rules in order: the first to name a queue, priority, tier, difficulty or language wins, skills and
/// licences add up (of two levels of one skill the higher), `stop` ends the run. A rule that names a queue which is
/// gone or inactive does not move the ticket.
classification classify(const intake_config& config, const intake_gateway& from, const inbound_contact& contact);

} // namespace switchboard::intake

#pragma once

#include <switchboard/engine/explanation.hpp>
#include <switchboard/model/routing_explanation.hpp>
#include <switchboard/store/routing.hpp>

#include <map>
#include <string>
#include <vector>

/// How agents stand to a ticket, in words: which skill or licence is missing, what fills whose hands. Pure.
namespace switchboard::routing {

using agent_names = std::map<std::int64_t, std::string>;

/// What is known of the agents whom an explanation names.
struct agents_known {
    agent_names names;
    std::map<std::int64_t, std::vector<work_in_hand>> hands;

    [[nodiscard]] named who(std::int64_t id) const;
    [[nodiscard]] std::vector<work_in_hand> in_hand(std::int64_t id) const;
};

std::string name_in(const agent_names& names, std::int64_t id); // "somebody" if it is not known

/// "Spanish 3", "Insurance (DE)".
std::string term_words(const shortfall& s, const store::routing_history& h);

/// "lacks Spanish 3: has 1", "lacks the licence Insurance (DE)".
std::string lack_words(const shortfall& s, const store::routing_history& h);

/// "3 of 3 e-mails and 1 of 1 call"; empty for empty hands.
std::string hands_words(const std::vector<work_in_hand>& hands);

/// Of one agent, what keeps him: "not in the queue". Of a skill or a licence without its name.
std::string missing_words(std::string_view reason);

/// Everybody whom the explanation names, by name.
std::vector<agent_standing> standings(const explanation& e, const agents_known& known, const store::routing_history& h);

} // namespace switchboard::routing

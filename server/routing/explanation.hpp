#pragma once

#include "routing/standing.hpp"

#include <switchboard/engine/explanation.hpp>
#include <switchboard/model/routing_explanation.hpp>
#include <switchboard/store/routing.hpp>

#include <map>
#include <set>
#include <string>

/// Decisions and explanations in words. Pure: names come from the caller.
namespace switchboard::routing {

/// The agents that words about these decisions name.
std::set<std::int64_t> agents_in(const std::vector<routing_decision>& decisions);

/// "Waited 41 s; Ana and Ben could take it; Ana was idle longer." `steps`: of the ticket's queue.
std::string words_of(const routing_decision& d, const store::routing_history& h, const std::vector<queue_step>& steps,
                     const agent_names& names);

/// "drops 'French'": what a step changes.
std::string words_of(const queue_step& s, const store::routing_history& h);

/// Why it waits, sentence by sentence. `w` is filled but for the words.
std::vector<std::string> words_of(const waiting_reasons& w, const store::routing_history& h, timestamp now);

/// An explanation with names; `source` as waiting_reasons::source. `steps`: of the ticket's queue.
waiting_reasons to_reasons(const explanation& e, const agents_known& known, const store::routing_history& h,
                           const std::vector<queue_step>& steps, std::string source, timestamp now);

/// Asks a new engine, made of rows, what the leader's own would say of this ticket.
std::optional<explanation> explain_from(const store::routing_surroundings& around, timestamp now,
                                        const engine_settings& settings = {});

/// The same of a ticket in whatever state, as if it were to be given away now.
std::optional<explanation> explain_by_hand(store::routing_surroundings around, timestamp now,
                                           const engine_settings& settings = {});

/// How many of the tickets would find nobody, whoever signs in. `steps` in place of those of the queue.
queue_check check(store::routing_surroundings around, std::int64_t queue,
                  const std::optional<std::vector<queue_step>>& steps, timestamp now,
                  const engine_settings& settings = {});

} // namespace switchboard::routing

#pragma once

#include "store/pipeline.hpp"

#include <switchboard/store/intake_rows.hpp>

#include <string>
#include <utility>
#include <vector>

/// The tickets that a group of contacts may belong to.
namespace switchboard::store {

/// A list of pairs as the two array parameters of unnest($1, $2).
template <class A, class B>
std::pair<std::string, std::string> arrays_of(const std::vector<std::pair<A, B>>& pairs) {
    std::vector<A> first;
    std::vector<B> second;
    first.reserve(pairs.size());
    second.reserve(pairs.size());
    for (const auto& [a, b] : pairs) {
        first.push_back(a);
        second.push_back(b);
    }
    return {array_literal(first), array_literal(second)};
}

/// Tickets that share a clue with a mail, and in which its writer takes part.
void find_clues(pipeline& from, const intake_questions& q, intake_answers& out);

/// Locks them: those that are named, those of the messages and clues, those that callers have open, and the newest of
/// each thread.
void find_tickets(pipeline& from, const intake_questions& q, intake_answers& out);

} // namespace switchboard::store

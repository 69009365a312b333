#pragma once

#include <switchboard/model/noun.hpp>

namespace switchboard {

constexpr std::int64_t longest_target_s = 31'536'000; // a year

/// What a queue promises to tickets of one priority; without a priority, to those that no other target names.
struct sla_target {
    read_only<row_id> id;
    reference<"queue"> queue_id;
    std::optional<integer<0, 9>> priority;
    integer<1, longest_target_s> first_answer_s;
    std::optional<integer<1, longest_target_s>> solution_s;
    read_only<row_id> version;
};
DESCRIBE(sla_target, (id, "Its number."), (queue_id, "Whose tickets it is promised to."),
         (priority, "Which of them: those of this priority; without one, those that no other target names."),
         (first_answer_s, "How long the first answer may take, in seconds of the queue's hours."),
         (solution_s,
          "How long the solution may take, in seconds of the queue's hours; without it, nothing is promised."),
         (version, "Grows with each change; If-Match compares it."))

} // namespace switchboard

#pragma once

#include <switchboard/model/describe.hpp>
#include <switchboard/model/ticket.hpp>

#include <chrono>

namespace switchboard {

/// One call to somebody who is to be called back.
struct callback_attempt {
    std::int64_t n = 0;
    std::optional<named> agent; // empty: the gateway dialled
    timestamp at{};
    std::string result; // answered no_answer busy failed
    std::string note;
};
DESCRIBE(callback_attempt, (n, "Which attempt it was, from 1."), (agent, "Who called; empty: the gateway dialled."),
         (at, "When it was."), (result, "How it went."), (note, "What the agent noted."))

/// A promise to call somebody back. The fields are the wire's.
struct callback {
    std::int64_t id = 0;
    std::int64_t ticket_id = 0;
    std::string phone; // E.164
    std::string mode; // agent_first: an agent has the ticket and dials; customer_first: the gateway dials, then routing
    std::string state;                  // scheduled dialling done failed missed cancelled
    timestamp not_before{};             // of the next attempt
    std::optional<timestamp> not_after; // the window's end; empty = open
    std::int64_t attempts_allowed = 3;
    std::int64_t retry_s = 900;
    std::string requested_by; // agent customer queue
    std::string note;
    timestamp created_at{};
    std::optional<timestamp> ended_at;
    std::vector<callback_attempt> attempts;
};
DESCRIBE(callback, (id, "Its number."), (ticket_id, "The ticket that it belongs to."),
         (phone, "The number to call, with its country code."),
         (mode, "Who dials: the agent who has the ticket, or the gateway before an agent is sought."),
         (state, "Where it is on its way."), (not_before, "When the next attempt may begin."),
         (not_after, "When it is too late; empty: never."), (attempts_allowed, "How often it is tried."),
         (retry_s, "How long to wait between attempts, in seconds."), (requested_by, "Who asked for it."),
         (note, "What should be known for the call."), (created_at, "When it was promised."),
         (ended_at, "When it was over."), (attempts, "The attempts so far."))

/// How long a gateway that dials may take to say how it went.
inline constexpr std::chrono::seconds longest_dial{120};

/// What follows from an attempt: the callback is done, tried again at a time, or given up.
struct after_attempt {
    enum class kind { done, again, given_up } what = kind::done;
    timestamp at{}; // of again
};

/// `c` with this attempt among its attempts. It is tried again after retry_s while attempts are left and that lies
/// before the window's end.
after_attempt judge_attempt(const callback& c, std::string_view result, timestamp now);

/// What is wrong with a window that is asked for now, naming the field. It may lie a year ahead at most.
struct wrong_window {
    std::string field, message;
};
std::optional<wrong_window> judge_window(timestamp not_before, std::optional<timestamp> not_after, timestamp now);

} // namespace switchboard

#pragma once

#include "api/wire/describe.hpp"
#include "api/wire/types.hpp"

#include <switchboard/model/time.hpp>

#include <optional>

/// What is asked of callbacks.
namespace switchboard::api {

using call_result = name_in<switchboard::call_result>;

struct callback_request {
    std::optional<label<64>> phone; // with its country code; absent = where the customer called from
    std::optional<timestamp> not_before, not_after;
    std::optional<name_in<callback_mode>> mode;
    std::optional<integer<1, 9>> attempts;
    std::optional<integer<60, 604'800>> retry_s;
    std::optional<text<0, 10'000>> note;
};
DESCRIBE(callback_request, (phone, "The number with its country code; absent: where the customer called from."),
         (not_before, "When the first attempt may begin, at most a year ahead."), (not_after, "When it is too late."),
         (mode, "Who dials: the agent who has the ticket, or the gateway before an agent is sought."),
         (attempts, "How often it is tried."), (retry_s, "How long to wait between attempts, in seconds."),
         (note, "What should be known for the call."))

struct callback_attempt_request {
    call_result result;
    std::optional<text<0, 10'000>> note;
};
DESCRIBE(callback_attempt_request, (result, "How the call went."), (note, "What should be remembered of it."))

struct dial_result_request {
    call_result result;
};
DESCRIBE(dial_result_request, (result, "How the call went."))

} // namespace switchboard::api

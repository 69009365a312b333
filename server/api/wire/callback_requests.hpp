#pragma once

#include "api/wire/describe.hpp"
#include "api/wire/types.hpp"

#include <switchboard/model/time.hpp>

#include <optional>

/// What is asked of callbacks.
namespace switchboard::api {

using call_result = one_of<"answered", "no_answer", "busy", "failed">;

struct callback_request {
    std::optional<label<64>> phone; // with its country code; absent = where the customer called from
    std::optional<timestamp> not_before, not_after;
    std::optional<one_of<"agent_first", "customer_first">> mode;
    std::optional<integer<1, 9>> attempts;
    std::optional<integer<60, 604'800>> retry_s;
    std::optional<text<0, 10'000>> note;
};
BOOST_DESCRIBE_STRUCT(callback_request, (), (phone, not_before, not_after, mode, attempts, retry_s, note))

struct callback_attempt_request {
    call_result result;
    std::optional<text<0, 10'000>> note;
};
BOOST_DESCRIBE_STRUCT(callback_attempt_request, (), (result, note))

struct dial_result_request {
    call_result result;
};
BOOST_DESCRIBE_STRUCT(dial_result_request, (), (result))

} // namespace switchboard::api

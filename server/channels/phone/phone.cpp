#include "channels/phone/phone.hpp"

#include <switchboard/util/text.hpp>

#include "channels/json_fields.hpp"
#include "channels/phone/call.hpp"
#include "channels/records.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace switchboard::channels {

namespace {

using nlohmann::json;

/// "NO ANSWER" and "no-answer" are one word to us.
std::string as_word(std::string_view text) {
    auto word = lower_ascii(trim(text));
    std::ranges::replace_if(word, [](char c) { return c == ' ' || c == '-'; }, '_');
    return word;
}

void check_order(json_fields& in, const call& call) {
    const auto after = [](const auto& later, const auto& earlier) { return !later || !earlier || *later >= *earlier; };
    if (!after(call.answered, call.started)) in.fail("answered_at", "must not be before started_at");
    if (!after(call.ended, call.started)) in.fail("ended_at", "must not be before started_at");
    if (!after(call.ended, call.answered)) in.fail("ended_at", "must not be before answered_at");
}

normalized_record read_event(json_fields& in) {
    contact_event event;
    event.type = in.one_of("event", {"ringing", "answered", "hangup"});
    event.of = in.required_text("call_id");
    event.at = in.time("at");
    json details;
    details["direction"] = in.one_of("direction", {"in", "out"});
    for (const char* name : {"from", "to", "agent", "queue", "cause"}) details[name] = in.text(name);
    if (in.error()) return *in.error();
    event.details = details_text(details);
    return event;
}

normalized_record read_call(json_fields& in, bool has_from, const gateway_settings& settings) {
    call call;
    const auto id = in.required_text("call_id");
    if (in.required_text("direction").empty()) return *in.error();
    call.direction = in.one_of("direction", {"in", "out"});
    call.from = in.text("from");
    // A hidden number is sent as "", null or "anonymous"; a sender that says nothing has a fault.
    if (!has_from) in.fail("from", "is required");
    call.to = call.direction == "out" ? in.required_text("to") : in.text("to");
    in.required_text("started_at");
    call.started = in.time("started_at");
    call.answered = in.time("answered_at");
    call.ended = in.time("ended_at");
    call.disposition = as_word(in.text("disposition"));
    json details;
    details["call_id"] = id;
    for (const char* name : {"agent", "queue", "recording_url"}) details[name] = in.text(name);
    const auto notes = in.text("notes");
    check_order(in, call);
    if (in.error()) return *in.error();

    auto contact = contact_of(call, settings, details);
    contact.external_id = contact.thread_key = id;
    contact.text = notes;
    contact.details = details_text(details);
    return contact;
}

} // namespace

std::vector<normalized_record> normalize_phone(const gateway_settings& settings, const raw_input& input,
                                               const limits& bounds) {
    const auto value = read_json(input.body, bounds);
    if (!value) return {refused_input{.status = 400, .reason = value.error(), .field = ""}};
    json_fields in(*value);
    if (in.error()) return {*in.error()};
    if (value->contains("event")) return {read_event(in)};
    return {read_call(in, value->contains("from"), settings)};
}

} // namespace switchboard::channels

#include "channels/phone/freeswitch.hpp"

#include <switchboard/util/hash.hpp>
#include <switchboard/util/json.hpp>
#include <switchboard/util/text.hpp>

#include "channels/fax/fax_contact.hpp"
#include "channels/form.hpp"
#include "channels/json_fields.hpp"
#include "channels/phone/call.hpp"
#include "channels/phone/xml_cdr.hpp"
#include "channels/records.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace switchboard::channels {

namespace {

using nlohmann::json;

/// The CDR inside "cdr=…": raw, percent-encoded or base64, whatever the content type claims.
std::string unwrap_form(std::string_view body) {
    auto value = trim(body);
    if (!value.starts_with("cdr=")) return std::string(value);
    value = trim(value.substr(4));
    if (value.starts_with('{') || value.starts_with('<')) return std::string(value);
    value = value.substr(0, value.find('&'));
    auto text = url_decode(value, plus_sign::stays);
    if (text.starts_with('{') || text.starts_with('<')) return url_decode(value, plus_sign::is_space);
    std::string decoded;
    return base64_decode(text, decoded) ? decoded : text;
}

/// `encode-values` percent-encodes each text. An encoded text has none of the characters that the encoder replaces, so
/// a plain text that happens to hold a percent sign is left alone.
std::string decode_value(const std::string& text) {
    const bool encoded = text.contains('%') && text.find_first_of("\r\n \"#&+:;<=>?@[\\]^`{|}") == std::string::npos;
    return encoded ? url_decode(text, plus_sign::stays) : text;
}

std::string text_at(const json& object, std::string_view name, const gateway_settings& settings) {
    if (!object.is_object()) return "";
    const auto found = object.find(name);
    if (found == object.end()) return "";
    if (found->is_string())
        return std::string(trim(readable(decode_value(found->get_ref<const std::string&>()), settings)));
    return found->is_number() ? found->dump() : "";
}

std::optional<std::int64_t> number_at(const json& object, std::string_view name) {
    const auto text = text_at(object, name, {});
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

/// One leg's record with the places where switches of different ages put things.
class leg {
public:
    leg(const json& cdr, const gateway_settings& settings)
        : cdr_(cdr), settings_(settings), variables_(member(cdr, "variables")) {
        const auto& flow = member(cdr, "callflow");
        flow_ = &flow;
        // The newest profile comes first; the oldest one still has the number that the caller dialed.
        const auto& oldest = flow.is_array() && !flow.empty() ? flow.back() : flow;
        profile_ = &member(oldest, "caller_profile");
        times_ = &member(flow.is_array() && !flow.empty() ? flow.front() : flow, "times");
        if (times_->empty()) times_ = &member(cdr_, "times");
    }

    std::string variable(std::string_view name) const { return text_at(variables_, name, settings_); }
    std::optional<std::int64_t> number(std::string_view name) const { return number_at(variables_, name); }
    std::string profile(std::string_view name) const { return text_at(*profile_, name, settings_); }

    std::string first_of(std::initializer_list<std::string_view> names) const {
        for (const auto name : names)
            if (auto value = variable(name); !value.empty()) return value;
        return "";
    }

    /// Microseconds where there are some, else seconds, else the profile's time; 0 means "never".
    std::optional<timestamp> time(std::string_view stem, std::string_view profile_name) const {
        if (const auto micros = number(fmt::format("{}_uepoch", stem)); micros && *micros > 0)
            return time_of_micros(*micros);
        if (const auto moment = time_of(stem)) return moment;
        return time_of_micros(number_at(*times_, profile_name).value_or(0));
    }
    std::optional<timestamp> time_of(std::string_view stem) const {
        constexpr std::int64_t end_of_clock = 10'000'000'000; // seconds, year 2286
        const auto seconds = number(fmt::format("{}_epoch", stem)).value_or(0);
        return seconds > 0 && seconds < end_of_clock ? time_of_micros(seconds * 1'000'000) : std::nullopt;
    }

    std::string uuid() const {
        auto id = variable("uuid");
        return id.empty() ? profile("uuid") : id;
    }

    std::string other_leg() const {
        for (const char* name : {"bridge_uuid", "last_bridge_to", "signal_bond", "fifo_bridge_uuid"})
            if (auto id = variable(name); !id.empty() && id != uuid()) return id;
        return "";
    }

    /// The same for all legs of a call. A leg that the switch made for another names that one; its call_uuid may be its
    /// own (signalwire/freeswitch#1042).
    std::string call_key() const {
        const auto own = uuid();
        for (const char* name : {"call_uuid", "originating_leg_uuid", "originator"})
            if (auto id = variable(name); !id.empty() && id != own) return id;
        const auto other = other_leg();
        const auto role = variable("last_bridge_role");
        if (other.empty() || role == "originator" || !variable("originated_legs").empty()) return own;
        if (role == "originatee" || variable("direction") == "outbound") return other;
        return variable("direction") == "inbound" ? own : std::min(own, other);
    }

    /// When a person took the call, the switch's own answer (music of a queue, a menu, a voicemail box) aside.
    std::optional<timestamp> answered_by_person() const {
        const auto answered = time("answer", "answered_time");
        if (const auto agent = time_of("cc_queue_answered")) return agent;
        if (!answered) return std::nullopt;
        for (const auto bridged : {time("bridge", "bridged_time"), time_of("fifo_bridge")})
            if (bridged) return std::max(*answered, *bridged);
        const bool was_called = variable("direction") == "outbound";
        if (!other_leg().empty() || was_called || variable("cc_cause") == "answered") return answered;
        if (!first_of({"cc_queue", "cc_cause", "cc_cancel_reason"}).empty()) return std::nullopt;
        const auto application = last_application();
        const bool dialed_in_vain = application == "bridge" && !variable("originate_disposition").empty() &&
                                    variable("originate_disposition") != "SUCCESS";
        return dialed_in_vain || is_of_the_switch(application) ? std::nullopt : answered;
    }

    /// Each turn of a call that was put through has a profile of its own, which ends with `transfer_time`. Empty where
    /// nobody talked before the last.
    std::vector<std::pair<timestamp, timestamp>> talks() const {
        std::vector<std::pair<timestamp, timestamp>> out;
        if (!flow_->is_array()) return out;
        bool put_through = false;
        for (const auto& turn : *flow_) {
            const auto& times = member(turn, "times");
            const auto moment = [&](std::string_view name) {
                return time_of_micros(number_at(times, name).value_or(0));
            };
            const auto begin = moment("bridged_time"), through = moment("transfer_time");
            auto end = through ? through : moment("hangup_time");
            if (!end) end = time("end", "hangup_time");
            if (!begin || !end || *end <= *begin) continue;
            put_through = put_through || through;
            out.emplace_back(*begin, *end);
        }
        if (!put_through) return {};
        std::ranges::sort(out);
        return out;
    }

    /// Who took it: the queue's word, or whose telephone this leg has called.
    std::string agent() const {
        auto name = variable("cc_agent");
        if (name.empty() && variable("direction") == "outbound" && answered_by_person())
            name = first_of({"dialed_user", "dialed_extension"});
        if (name.empty() && variable("direction") == "outbound" && answered_by_person() &&
            std::ranges::find(settings_.extensions, profile("destination_number")) != settings_.extensions.end())
            name = profile("destination_number");
        return name;
    }

    std::string last_application() const {
        if (auto name = variable("last_app"); !name.empty()) return name;
        const auto& log = member(member(cdr_, "app_log"), "applications");
        return log.is_array() && !log.empty() ? text_at(log.back(), "app_name", settings_) : "";
    }

    /// By which the switch speaks itself.
    static bool is_of_the_switch(std::string_view application) {
        static constexpr std::array names{"callcenter", "fifo", "voicemail", "ivr", "playback", "play_and_get_digits",
                                          "phrase", "speak", "say", "read", "record", "detect_speech",
                                          "endless_playback", "gentones", "sleep", "park", "echo", "hold", "answer",
                                          "hangup", "respond", "set", "export", "log", "info", "transfer", "directory",
                                          // scripts: what they bridge has its times, and is asked for first
                                          "lua", "javascript", "python", "python3", "perl", "socket", "valet_park"};
        return std::ranges::find(names, application) != names.end();
    }

private:
    const json& cdr_;
    const gateway_settings& settings_;
    const json& variables_;
    const json* flow_ = nullptr;
    const json* profile_ = nullptr;
    const json* times_ = nullptr;
};

std::string disposition_of(const std::string& cause, bool answered) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 16> words = {{
        {"USER_BUSY", "busy"},
        {"NO_ANSWER", "no_answer"},
        {"NO_USER_RESPONSE", "no_answer"},
        {"ALLOTTED_TIMEOUT", "no_answer"},
        {"PROGRESS_TIMEOUT", "no_answer"},
        {"SUBSCRIBER_ABSENT", "no_answer"},
        {"USER_NOT_REGISTERED", "no_answer"},
        {"NORMAL_CLEARING", "no_answer"},
        {"ORIGINATOR_CANCEL", "cancelled"},
        {"CALL_REJECTED", "rejected"},
        {"OUTGOING_CALL_BARRED", "rejected"},
        {"LOSE_RACE", "answered_elsewhere"},
        {"PICKED_OFF", "answered_elsewhere"},
        {"NORMAL_CIRCUIT_CONGESTION", "congestion"},
        {"SWITCH_CONGESTION", "congestion"},
        {"NORMAL_TEMPORARY_FAILURE", "congestion"},
    }};
    if (answered) return "answered";
    if (cause.empty()) return "";
    const auto* known = std::ranges::find(words, cause, &std::pair<std::string_view, std::string_view>::first);
    return std::string(known == words.end() ? "failed" : known->second);
}

call call_of(const leg& leg) {
    call call;
    call.from = leg.profile("caller_id_number");
    if (call.from.empty())
        call.from = leg.first_of({"sip_from_user", "effective_caller_id_number", "caller_id_number"});
    call.from_name = leg.profile("caller_id_name");
    call.to = leg.profile("destination_number");
    if (call.to.empty()) call.to = leg.first_of({"sip_req_user", "sip_to_user", "destination_number", "dialed_user"});
    if (leg.variable("direction") == "outbound") call.hint = "out";
    call.started = leg.time("start", "created_time");
    const auto first_answer = leg.time("answer", "answered_time");
    call.answered = leg.answered_by_person();
    call.ended = leg.time("end", "hangup_time");
    call.talks = leg.talks();
    if (!call.talks.empty()) {
        timestamp::duration whole{};
        for (const auto& [from, until] : call.talks) whole += until - from;
        call.answered = call.talks.front().first;
        call.talk_s = std::chrono::floor<std::chrono::seconds>(whole).count();
        call.disposition = "answered";
        return call;
    }
    if (const auto talk = leg.number("billsec"); talk && *talk >= 0) call.talk_s = talk;
    const bool by_switch = first_answer && !call.answered;
    if (by_switch) call.talk_s = 0;
    if (call.answered && call.answered != first_answer) call.talk_s.reset(); // it counts from the switch's answer
    call.disposition = disposition_of(leg.variable("hangup_cause"), call.answered || call.talk_s.value_or(0) > 0);
    if (!by_switch) return call;
    if (leg.last_application() == "voicemail")
        call.disposition = "voicemail";
    else if (!leg.first_of({"cc_queue", "fifo_name"}).empty())
        call.disposition = "abandoned";
    return call;
}

json details_of(const leg& leg) {
    json details;
    details["call_id"] = leg.call_key();
    details["hangup_cause"] = leg.variable("hangup_cause");
    details["sip_call_id"] = leg.variable("sip_call_id");
    details["agent"] = leg.agent();
    details["queue"] = leg.variable("cc_queue");
    details["extension"] = leg.variable("dialed_user");
    details["other_leg"] = leg.other_leg();
    details["recording_url"] = leg.first_of({"recording_url", "record_path", "record_file", "record_filename",
                                             "recording_path", "recording_file", "record_name"});
    return details;
}

bool is_fax(const leg& leg) {
    return !leg.first_of({"fax_success", "fax_result_code", "fax_document_transferred_pages", "fax_remote_station_id"})
                .empty();
}

normalized_record read_leg(const json& cdr, std::string_view raw, const raw_input& input,
                           const gateway_settings& settings) {
    const leg leg(cdr, settings);
    auto id = leg.uuid();
    if (id.empty()) id = query_value(input, "uuid");
    if (id.starts_with("a_") || id.starts_with("b_")) id.erase(0, 2); // mod_json_cdr's mark of the leg
    if (id.empty()) return quarantined("phone", raw, "a CDR without uuid");

    auto details = details_of(leg);
    const auto call = call_of(leg);
    auto contact = contact_of(call, settings, details);
    if (is_fax(leg)) {
        fax_facts fax;
        fax.pages = leg.number("fax_document_transferred_pages");
        fax.station_id = leg.variable("fax_remote_station_id");
        if (leg.variable("fax_success") == "0") fax.error = leg.variable("fax_result_text");
        fax.incomplete = leg.variable("fax_success") == "0";
        std::erase(contact.flags, "missed");
        describe_fax(contact, fax, details);
    }
    contact.external_id = id;
    if (contact.channel == "phone") {
        contact.thread_key = leg.call_key().empty() ? id : leg.call_key();
        add_leg(details, contact);
    }
    contact.details = details_text(details);
    return contact;
}

} // namespace

std::vector<normalized_record> normalize_freeswitch(const gateway_settings& settings, const raw_input& input,
                                                    const limits& bounds) {
    const auto text = unwrap_form(input.body);
    const auto cdr = text.starts_with('<') ? read_xml_cdr(text, bounds, settings) : read_json(text, bounds);
    if (!cdr) return {quarantined("phone", input.body, cdr.error())};
    if (!cdr->is_array()) return {read_leg(*cdr, input.body, input, settings)};

    if (cdr->size() > bounds.records) return {too_many_records("phone", input.body, bounds)};
    std::vector<normalized_record> records;
    for (const auto& one : *cdr) {
        auto bytes = one.dump();
        auto record = read_leg(one, bytes, input, settings);
        if (auto* contact = std::get_if<inbound_contact>(&record)) contact->own_bytes = std::move(bytes);
        records.push_back(std::move(record));
    }
    return records;
}

} // namespace switchboard::channels

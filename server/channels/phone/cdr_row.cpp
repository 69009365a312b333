#include "channels/phone/cdr_row.hpp"

#include <switchboard/channels/phone_number.hpp>
#include <switchboard/util/hash.hpp>
#include <switchboard/util/text.hpp>
#include <switchboard/util/time.hpp>

#include "channels/phone/call.hpp"
#include "channels/records.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace switchboard::channels {

namespace {

using nlohmann::json;

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
    return number;
}

/// "00:08:10"
std::optional<std::int64_t> clock_seconds(std::string_view text) {
    std::int64_t seconds = 0;
    for (int part = 0; part < 3; ++part) {
        const auto end = part < 2 ? text.find(':') : text.size();
        const auto number = end == std::string_view::npos ? std::nullopt : whole_number(text.substr(0, end));
        if (!number || *number > 10'000) return std::nullopt;
        seconds = seconds * 60 + *number;
        text.remove_prefix(std::min(text.size(), end + 1));
    }
    return seconds;
}

const std::map<std::string, std::string, std::less<>> dispositions = {
    {"ANSWERED", "answered"},     {"NO ANSWER", "no_answer"}, {"NOANSWER", "no_answer"}, {"BUSY", "busy"},
    {"CONGESTION", "congestion"}, {"FAILED", "failed"},       {"CANCEL", "no_answer"}, // the caller gave up: cdr.conf's
                                                                                       // canceldispositionenabled
};

/// `"Jane Doe" <4930…>` without the number.
std::string name_of_clid(std::string_view clid) {
    clid = trim(clid.substr(0, clid.rfind('<')));
    while (clid.size() >= 2 && clid.starts_with('"') && clid.ends_with('"')) clid = clid.substr(1, clid.size() - 2);
    return std::string(trim(clid));
}

/// Contexts are named by hand, but nearly everywhere after the direction that they serve.
std::string hint_of(std::string_view context) {
    const auto name = lower_ascii(context);
    for (const char* word : {"from-trunk", "from-pstn", "from-did", "inbound", "incoming"})
        if (name.contains(word)) return "in";
    for (const char* word : {"from-internal", "outbound", "outgoing"})
        if (name.contains(word)) return "out";
    return "";
}

/// "PJSIP/1004-00000033" and "Local/1004@from-queue-0001;1": whose telephone that is.
std::string owner_of_channel(std::string_view channel) {
    const auto slash = channel.find('/');
    if (slash == std::string_view::npos) return "";
    channel.remove_prefix(slash + 1);
    const auto at = channel.find('@');
    return std::string(channel.substr(0, at == std::string_view::npos ? channel.rfind('-') : at));
}

/// "Ext.1003", as 3CX writes an extension.
std::string dialed(std::string number) {
    if (number.starts_with("Ext.")) number.erase(0, 4);
    return number;
}

/// Applications by which the switch answers a call itself. A call that one of them has and that no other channel joined
/// was not answered by a person.
bool is_of_the_switch(std::string_view application) {
    static constexpr std::array names{
        "queue",        "voicemail", "voicemailmain", "playback",  "background",  "backgrounddetect",
        "waitexten",    "wait",      "read",          "answer",    "musiconhold", "startmusiconhold",
        "playtones",    "ringing",   "progress",      "saydigits", "saynumber",   "sayalpha",
        "echo",         "milliwatt", "directory",     "hangup",    "congestion",  "busy",
        "minivmrecord", "record",    "goto",          "gotoif",    "set",         "noop",
        "macro",        "gosub",     "return"};
    return std::ranges::find(names, lower_ascii(application)) != names.end();
}

/// Applications that need no second channel in the row for somebody to be heard.
bool joins_people(std::string_view application) {
    static constexpr std::array names{"dial",   "appdial", "appdial2", "appqueue", "confbridge", "meetme",
                                      "bridge", "pickup",  "page",     "chanspy",  "slastation", "slatrunk"};
    return std::ranges::find(names, application) != names.end();
}

class cdr_row_reader {
public:
    cdr_row_reader(const cdr_row& row, const gateway_settings& settings)
        : row_(row), settings_(settings), zone_(settings.timezone.empty() ? "UTC" : settings.timezone) {}

    std::expected<inbound_contact, std::string> read() {
        if (auto wrong = what_is_wrong(); !wrong.empty()) return std::unexpected(std::move(wrong));
        auto call = call_of();
        json details = details_of(call);
        auto contact = contact_of(call, settings_, details);
        contact.text = get("notes");
        contact.external_id = row_id();
        contact.thread_key = call_id();
        add_leg(details, contact);
        contact.details = details_text(details);
        return contact;
    }

private:
    std::string get(std::string_view name) const {
        const auto found = row_.find(name);
        return found == row_.end() ? "" : std::string(trim(found->second));
    }

    std::optional<timestamp> time(std::string_view name, std::optional<timestamp> not_before) const {
        if (const auto zoned = parse_rfc3339(get(name))) return zoned;
        return parse_local(get(name), zone_, settings_.time_format, not_before);
    }

    std::string what_is_wrong() const {
        const auto shape = settings_.time_format.empty() ? "YYYY-MM-DD HH:MM:SS" : settings_.time_format;
        if (!time("start", {})) return fmt::format("the start time is missing or not {}", shape);
        for (const char* name : {"answer", "end"})
            if (!get(name).empty() && !time(name, {})) return fmt::format("the {} time is not {}", name, shape);
        for (const char* name : {"duration", "billsec"})
            if (const auto count = get(name); !count.empty() && !whole_number(count))
                return fmt::format("{} is not a number of seconds", name);
        if (const auto clock = get("duration_hms"); !clock.empty() && !clock_seconds(clock))
            return "duration_hms is not HH:MM:SS";
        if (const auto word = get("disposition"); !word.empty() && !dispositions.contains(word))
            return "the disposition is unknown";
        if (get("src").empty() && get("dst").empty() && get("channel").empty())
            return "src, dst and channel are all empty";
        return "";
    }

    /// When the channel was made, which its id says in UTC: "1793511000.3", "pbx-1793511000.3".
    std::optional<timestamp> made_at() const {
        for (const char* name : {"uniqueid", "linkedid"}) {
            const auto id = get(name);
            const auto whole = std::string_view(id).substr(0, id.rfind('.'));
            const auto seconds = whole_number(whole.substr(whole.find_last_not_of("0123456789") + 1));
            constexpr std::int64_t year_2000 = 946'684'800, year_2200 = 7'258'118'400;
            if (whole.size() < id.size() && seconds && *seconds >= year_2000 && *seconds < year_2200)
                return timestamp(std::chrono::seconds(*seconds));
        }
        return std::nullopt;
    }

    bool is_answered_by_the_switch() const {
        const auto application = lower_ascii(get("lastapp"));
        if (!get("dstchannel").empty()) return false;
        // A script, a recording, a bot: whatever it is called, nobody has joined.
        if (row_.contains("lastapp") && row_.contains("dstchannel")) return !joins_people(application);
        if (!is_of_the_switch(application)) return false;
        return application != "queue" || row_.contains("dstchannel"); // else an agent may have joined
    }

    call call_of() const {
        call call;
        call.from = dialed(get("src"));
        call.from_name = name_of_clid(get("clid"));
        call.to = dialed(get("dst"));
        call.hint = hint_of(get("dcontext"));
        // The clock that is set back: what comes later in a call is later.
        const auto made = made_at();
        call.started = time("start", made ? std::optional(*made - std::chrono::minutes(1)) : std::nullopt);
        call.answered = time("answer", call.started);
        call.ended = time("end", call.answered ? call.answered : call.started);
        call.talk_s = whole_number(get("billsec"));
        if (const auto word = dispositions.find(get("disposition")); word != dispositions.end())
            call.disposition = word->second;
        // An application may answer a call that is then counted as not answered.
        if (!call.disposition.empty() && call.disposition != "answered") call.answered.reset();
        if (!call.talk_s && call.answered) call.talk_s = clock_seconds(get("duration_hms"));
        const auto total = whole_number(get("duration"));
        if (total && call.talk_s && *total >= *call.talk_s) call.ring_s = *total - *call.talk_s;
        if (call.answered || call.disposition == "answered" || call.talk_s.value_or(0) > 0) {
            if (is_answered_by_the_switch()) {
                call.answered.reset();
                call.talk_s = 0;
                call.ring_s = total;
                const auto application = lower_ascii(get("lastapp"));
                call.disposition = application == "queue"                 ? "abandoned"
                                   : application.starts_with("voicemail") ? "voicemail"
                                                                          : "no_answer";
            }
        }
        return call;
    }

    json details_of(const call& call) const {
        json details;
        details["call_id"] = call_id();
        for (const char* name : {"dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata", "accountcode",
                                 "peeraccount", "userfield", "queue", "reason", "recording_url"})
            details[name] = get(name);
        const bool answered = call.answered || call.talk_s.value_or(0) > 0 || call.disposition == "answered";
        const auto owner = owner_of_channel(get("dstchannel"));
        if (names_agent(call))
            details["agent"] = dialed(get("agent"));
        else if (answered && is_extension(owner))
            details["agent"] = owner;
        else if (is_extension(call.from)) // he called
            details["agent"] = call.from;
        // The queue itself answers, to play its music: talk begins later, which only the agent's leg knows.
        if (answered && lower_ascii(get("lastapp")) == "queue") details["queue_answer"] = true;
        return details;
    }

    bool is_extension(std::string_view number) const {
        return std::ranges::find(settings_.extensions, number) != settings_.extensions.end();
    }

    /// 3CX names where a call has ended, which may be a queue that nobody answered for, or the line that it left by.
    bool names_agent(const call& call) const {
        const auto agent = dialed(get("agent"));
        if (agent.empty()) return false;
        if (is_extension(agent)) return true;
        const bool is_number = agent.find_first_not_of("0123456789") == std::string::npos;
        if (is_number && !settings_.extensions.empty()) return false;
        const auto kind = lower_ascii(get("final_type"));
        return agent != call.from && (kind.empty() || kind.contains("extension"));
    }

    /// The same for all rows of a call. Without an id it is what those rows have in common.
    std::string call_id() const {
        if (auto id = get("linkedid"); !id.empty()) return id;
        if (auto id = get("uniqueid"); !id.empty()) return id;
        if (get("channel").empty() && is_withheld_number(get("src"))) return row_id();
        return "hash:" +
               sha256_hex(fmt::format("{}\n{}\n{}\n{}", get("src"), get("dst"), get("start"), get("channel")));
    }

    std::string row_id() const {
        const auto unique = get("uniqueid");
        const auto sequence = get("sequence");
        if (!unique.empty() && !sequence.empty()) return unique + "." + sequence;
        // Without a sequence a forked, queued or transferred call has several rows of one id, or of none.
        std::string whole;
        for (const auto& [name, value] : row_) whole += name + "\n" + value + "\n";
        constexpr std::size_t enough = 12; // beside an id
        const auto hash = sha256_hex(whole);
        return unique.empty() ? "hash:" + hash : unique + ":" + hash.substr(0, enough);
    }

    const cdr_row& row_;
    const gateway_settings& settings_;
    const std::string zone_;
};

} // namespace

std::expected<inbound_contact, std::string> read_cdr_row(const cdr_row& row, const gateway_settings& settings) {
    return cdr_row_reader(row, settings).read();
}

} // namespace switchboard::channels

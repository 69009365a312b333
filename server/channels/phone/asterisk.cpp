#include "channels/phone/asterisk.hpp"

#include <switchboard/util/hash.hpp>
#include <switchboard/util/text.hpp>
#include <switchboard/util/time.hpp>

#include "channels/csv.hpp"
#include "channels/phone/call.hpp"
#include "channels/records.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>

namespace switchboard::channels {

namespace {

using nlohmann::json;
using column_names = std::vector<std::string>;

// cdr_csv: the first sixteen always, the rest as cdr.conf says.
const column_names csv_columns = {"accountcode", "src",      "dst",         "dcontext", "clid",     "channel",
                                  "dstchannel",  "lastapp",  "lastdata",    "start",    "answer",   "end",
                                  "duration",    "billsec",  "disposition", "amaflags", "uniqueid", "userfield",
                                  "peeraccount", "linkedid", "sequence"};
constexpr std::size_t fewest_columns = 16;
// The mapping that Asterisk ships as its sample for cdr_custom.
const column_names custom_columns = {"clid",        "src",      "dst",       "dcontext",    "channel",
                                     "dstchannel",  "lastapp",  "lastdata",  "start",       "answer",
                                     "end",         "duration", "billsec",   "disposition", "amaflags",
                                     "accountcode", "uniqueid", "userfield", "sequence"};

using row = std::map<std::string, std::string, std::less<>>;

std::string get(const row& row, std::string_view name) {
    const auto found = row.find(name);
    return found == row.end() ? "" : std::string(trim(found->second));
}

row to_row(const column_names& names, const csv_fields& fields) {
    row out;
    for (std::size_t i = 0; i < std::min(names.size(), fields.size()); ++i)
        out[lower_ascii(trim(names[i]))] = fields[i];
    return out;
}

bool is_header(const csv_fields& fields) {
    const auto has = [&](std::string_view name) {
        return std::ranges::any_of(fields, [&](const std::string& field) { return lower_ascii(trim(field)) == name; });
    };
    return has("src") && has("dst");
}

std::optional<std::int64_t> whole_number(const std::string& text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
    return number;
}

const std::map<std::string, std::string, std::less<>> dispositions = {
    {"ANSWERED", "answered"}, {"NO ANSWER", "no_answer"},   {"NOANSWER", "no_answer"},
    {"BUSY", "busy"},         {"CONGESTION", "congestion"}, {"FAILED", "failed"},
};

/// What a CDR must have whatever its columns: else these are the wrong columns or another kind of file (CEL).
std::string what_is_wrong(const row& row, const std::string& zone) {
    if (!parse_local(get(row, "start"), zone)) return "the start time is missing or not YYYY-MM-DD HH:MM:SS";
    for (const char* name : {"answer", "end"})
        if (const auto time = get(row, name); !time.empty() && !parse_local(time, zone))
            return fmt::format("the {} time is not YYYY-MM-DD HH:MM:SS", name);
    for (const char* name : {"duration", "billsec"})
        if (const auto count = get(row, name); !count.empty() && !whole_number(count))
            return fmt::format("{} is not a number of seconds", name);
    if (const auto word = get(row, "disposition"); !word.empty() && !dispositions.contains(word))
        return "the disposition is unknown";
    if (get(row, "src").empty() && get(row, "dst").empty() && get(row, "channel").empty())
        return "src, dst and channel are all empty";
    return "";
}

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

class cdr_file {
public:
    cdr_file(const gateway_settings& settings, std::string_view text)
        : settings_(settings), zone_(settings.timezone.empty() ? "UTC" : settings.timezone), reader_(text) {}

    /// Empty when there are more than so many.
    std::vector<normalized_record> read(std::size_t most) {
        std::vector<normalized_record> records;
        while (auto line = reader_.next()) {
            if (records.size() == most) return {};
            records.push_back(read_line(*line));
        }
        return records;
    }

private:
    normalized_record read_line(const csv_reader::record& line) {
        if (!line.fields) return broken(line.raw, "its quotes do not add up");
        if (is_header(*line.fields)) {
            header_ = *line.fields;
            return ignored_input{"the header line"};
        }
        auto found = to_cdr(*line.fields);
        if (found) return read_cdr(*found, line.raw);
        if (reader_.split_last()) return broken(first_line(line.raw), found.error());
        return broken(line.raw, found.error());
    }

    std::expected<row, std::string> to_cdr(const csv_fields& fields) const {
        if (const auto& names = settings_.columns.empty() ? header_ : settings_.columns; !names.empty()) {
            if (fields.size() > names.size())
                return std::unexpected(fmt::format("{} fields for {} columns", fields.size(), names.size()));
            return checked(to_row(names, fields));
        }
        if (fields.size() < fewest_columns || fields.size() > csv_columns.size())
            return std::unexpected(fmt::format("{} fields, an Asterisk CDR has 16 to 21", fields.size()));
        auto found = checked(to_row(csv_columns, fields));
        if (found || fields.size() != custom_columns.size()) return found;
        auto custom = checked(to_row(custom_columns, fields));
        return custom ? custom : found;
    }

    std::expected<row, std::string> checked(row row) const {
        auto wrong = what_is_wrong(row, zone_);
        if (!wrong.empty()) return std::unexpected(std::move(wrong));
        return row;
    }

    static inbound_contact broken(std::string_view line, const std::string& why) {
        auto contact = quarantined("phone", line, "not a CDR line: " + why);
        contact.text = line;
        return contact;
    }

    std::string id_of(const row& row, std::string_view raw) {
        const auto unique = get(row, "uniqueid");
        const auto sequence = get(row, "sequence");
        if (unique.empty())
            return "hash:" + sha256_hex(fmt::format("{}\n{}\n{}\n{}", get(row, "src"), get(row, "dst"),
                                                    get(row, "start"), get(row, "channel")));
        if (!sequence.empty()) return unique + "." + sequence;
        // Without a sequence a forked or queued call writes several rows under one id; each is its own contact.
        auto [first, is_new] = rows_.try_emplace(unique, raw);
        return is_new || first->second == raw ? unique : unique + ":" + sha256_hex(raw).substr(0, 12);
    }

    inbound_contact read_cdr(const row& row, std::string_view raw) {
        call call;
        call.from = get(row, "src");
        call.from_name = name_of_clid(get(row, "clid"));
        call.to = get(row, "dst");
        call.hint = hint_of(get(row, "dcontext"));
        call.started = parse_local(get(row, "start"), zone_);
        call.answered = parse_local(get(row, "answer"), zone_);
        call.ended = parse_local(get(row, "end"), zone_);
        call.talk_s = whole_number(get(row, "billsec"));
        if (const auto word = dispositions.find(get(row, "disposition")); word != dispositions.end())
            call.disposition = word->second;
        // An application may answer a call that is then counted as not answered.
        if (!call.disposition.empty() && call.disposition != "answered") call.answered.reset();
        if (const auto total = whole_number(get(row, "duration")); total && call.talk_s && *total >= *call.talk_s)
            call.ring_s = *total - *call.talk_s;

        json details;
        const auto linked = get(row, "linkedid");
        details["call_id"] = linked.empty() ? get(row, "uniqueid") : linked;
        for (const char* name : {"dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata", "accountcode",
                                 "peeraccount", "userfield"})
            details[name] = get(row, name);
        auto contact = contact_of(call, settings_, details);
        contact.external_id = id_of(row, raw);
        contact.thread_key = linked;
        contact.details = details_text(details);
        return contact;
    }

    const gateway_settings& settings_;
    std::string zone_;
    csv_reader reader_;
    column_names header_;
    std::map<std::string, std::string_view> rows_; // the first row of each uniqueid
};

} // namespace

std::vector<normalized_record> normalize_asterisk(const gateway_settings& settings, const raw_input& input,
                                                  const limits& bounds) {
    auto body = input.body;
    if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
    auto records = cdr_file(settings, body).read(bounds.records);
    if (records.empty() && !trim(body).empty()) return {too_many_records("phone", input.body, bounds)};
    return records;
}

} // namespace switchboard::channels

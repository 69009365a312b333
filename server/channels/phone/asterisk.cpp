#include "channels/phone/asterisk.hpp"

#include <switchboard/util/text.hpp>

#include "channels/csv.hpp"
#include "channels/email/charset.hpp"
#include "channels/phone/call.hpp"
#include "channels/phone/cdr_row.hpp"
#include "channels/records.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace switchboard::channels {

namespace {

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

cdr_row to_row(const column_names& names, const csv_fields& fields) {
    cdr_row out;
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

/// The file as UTF-8. One that several programs have written may have several charsets, a line each.
std::string readable_lines(std::string_view text, const gateway_settings& settings) {
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) return email::to_utf8(text, "utf-16");
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto line = text.substr(0, std::min(text.size() - 1, text.find('\n')) + 1);
        out += readable(line, settings);
        text.remove_prefix(line.size());
    }
    return out;
}

class cdr_file {
public:
    cdr_file(const gateway_settings& settings, std::string_view text) : settings_(settings), reader_(text) {}

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
        auto found = read_fields(*line.fields);
        if (found) {
            found->own_bytes = line.raw;
            return std::move(*found);
        }
        if (reader_.split_last()) return broken(first_line(line.raw), found.error());
        return broken(line.raw, found.error());
    }

    std::expected<inbound_contact, std::string> read_fields(csv_fields fields) const {
        if (const auto& names = settings_.columns.empty() ? header_ : settings_.columns; !names.empty()) {
            while (fields.size() > names.size() && trim(fields.back()).empty()) fields.pop_back();
            if (fields.size() > names.size())
                return std::unexpected(fmt::format("{} fields for {} columns", fields.size(), names.size()));
            return read_cdr_row(to_row(names, fields), settings_);
        }
        if (fields.size() < fewest_columns || fields.size() > csv_columns.size())
            return std::unexpected(fmt::format("{} fields, an Asterisk CDR has 16 to 21", fields.size()));
        auto found = read_cdr_row(to_row(csv_columns, fields), settings_);
        if (found || fields.size() != custom_columns.size()) return found;
        auto custom = read_cdr_row(to_row(custom_columns, fields), settings_);
        return custom ? custom : found;
    }

    static inbound_contact broken(std::string_view line, const std::string& why) {
        auto contact = quarantined("phone", line, "not a CDR line: " + why);
        contact.text = line;
        return contact;
    }

    const gateway_settings& settings_;
    csv_reader reader_;
    column_names header_;
};

} // namespace

std::vector<normalized_record> normalize_asterisk(const gateway_settings& settings, const raw_input& input,
                                                  const limits& bounds) {
    const auto text = readable_lines(input.body, settings);
    std::string_view body = text;
    if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
    auto records = cdr_file(settings, body).read(bounds.records);
    if (records.empty() && !trim(body).empty()) return {too_many_records("phone", input.body, bounds)};
    return records;
}

} // namespace switchboard::channels

#include "channels/csv.hpp"

#include <switchboard/util/text.hpp>

namespace switchboard::channels {

namespace {

// A quote left open would else be searched to the end of the file, again and again for each line.
constexpr std::size_t most_lines_in_record = 16;
constexpr std::size_t most_fields = 200;

struct parsed {
    csv_fields fields;
    std::size_t length; // with the line break
};

std::optional<parsed> parse_record(std::string_view text) {
    parsed out{};
    std::size_t i = 0, lines = 0;
    while (true) {
        std::string field;
        if (i < text.size() && text[i] == '"') {
            for (++i;; ++i) {
                if (i >= text.size()) return std::nullopt;
                if (text[i] == '\n' && ++lines > most_lines_in_record) return std::nullopt;
                if (text[i] == '"' && (i + 1 >= text.size() || text[i + 1] != '"')) break;
                if (text[i] == '"') ++i;
                field += text[i];
            }
            ++i;
        } else {
            const auto end = text.find_first_of(",\r\n", i);
            field = text.substr(i, end == std::string_view::npos ? end : end - i);
            i = end == std::string_view::npos ? text.size() : end;
        }
        out.fields.push_back(std::move(field));
        if (out.fields.size() > most_fields) return std::nullopt;
        if (i < text.size() && text[i] == ',') {
            ++i;
            continue;
        }
        if (i < text.size() && text[i] == '\r') ++i;
        if (i < text.size() && text[i] != '\n') return std::nullopt;
        out.length = i < text.size() ? i + 1 : i;
        return out;
    }
}

} // namespace

std::string_view first_line(std::string_view text) {
    auto line = text.substr(0, text.find('\n'));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

std::optional<csv_reader::record> csv_reader::next() {
    while (!rest_.empty() && trim(first_line(rest_)).empty()) {
        const auto end = rest_.find('\n');
        rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    }
    if (rest_.empty()) return std::nullopt;
    last_ = rest_;
    auto parsed = parse_record(rest_);
    const auto line_end = rest_.find('\n');
    const auto length = parsed ? parsed->length : line_end == std::string_view::npos ? rest_.size() : line_end + 1;
    last_raw_ = rest_.substr(0, length);
    while (last_raw_.ends_with('\n') || last_raw_.ends_with('\r')) last_raw_.remove_suffix(1);
    rest_.remove_prefix(length);
    if (!parsed) return record{last_raw_, std::nullopt};
    return record{last_raw_, std::move(parsed->fields)};
}

bool csv_reader::split_last() {
    const auto line_end = last_raw_.find('\n');
    if (line_end == std::string_view::npos) return false;
    rest_ = last_.substr(line_end + 1);
    return true;
}

} // namespace switchboard::channels

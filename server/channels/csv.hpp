#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::channels {

using csv_fields = std::vector<std::string>;

/// Reads CSV (RFC 4180) from a file that may be broken anywhere. A record whose quotes do not add up is given back as
/// its first physical line only, so that it cannot swallow its neighbours.
class csv_reader {
public:
    explicit csv_reader(std::string_view text) : rest_(text) {}

    struct record {
        std::string_view raw;             // without the line break
        std::optional<csv_fields> fields; // empty = broken
    };

    /// The next record that is not blank; empty at the end.
    std::optional<record> next();

    /// Goes back to behind the first physical line of the last record: it had the wrong shape, and line breaks inside
    /// its quotes may have been the ends of lines. True if the record had more than one line.
    bool split_last();

private:
    std::string_view rest_;
    std::string_view last_; // the text from the start of the last record on
    std::string_view last_raw_;
};

/// The line without its line break.
std::string_view first_line(std::string_view text);

} // namespace switchboard::channels

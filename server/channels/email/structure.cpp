#include "channels/email/structure.hpp"

#include <switchboard/util/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace switchboard::channels::email {
namespace {

constexpr std::array<std::string_view, 34> mail_fields{"from",
                                                       "to",
                                                       "cc",
                                                       "bcc",
                                                       "subject",
                                                       "date",
                                                       "sender",
                                                       "reply-to",
                                                       "message-id",
                                                       "in-reply-to",
                                                       "references",
                                                       "received",
                                                       "return-path",
                                                       "delivered-to",
                                                       "mime-version",
                                                       "comments",
                                                       "keywords",
                                                       "priority",
                                                       "importance",
                                                       "precedence",
                                                       "auto-submitted",
                                                       "envelope-to",
                                                       "user-agent",
                                                       "apparently-to",
                                                       "errors-to",
                                                       "dkim-signature",
                                                       "authentication-results",
                                                       "organization",
                                                       "organisation",
                                                       "thread-topic",
                                                       "thread-index",
                                                       "status",
                                                       "lines",
                                                       "path"};

bool is_field_name(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) { return c > 0x20 && c < 0x7F && c != ':'; });
}

bool is_mail_field(std::string_view name) {
    const std::string lower = lower_ascii(name);
    for (const std::string_view prefix : {"x-", "content-", "list-", "resent-", "arc-"})
        if (lower.starts_with(prefix)) return true;
    return std::ranges::find(mail_fields, lower) != mail_fields.end();
}

// GMime takes these apart while it parses, in a time that grows with the square of the length.
constexpr std::size_t longest_field = 16u << 10;
bool is_taken_apart(std::string_view name) {
    return name.starts_with("content-") || name == "subject" || name == "date" || name == "message-id";
}

// And these by calling itself for each group, which may begin at each colon: without a bound the stack ends.
constexpr std::size_t most_colons = 500;
bool is_address_field(std::string_view name) {
    static constexpr std::array<std::string_view, 6> names{"from", "sender", "reply-to", "to", "cc", "bcc"};
    return std::ranges::find(names, name) != names.end();
}

std::string field_name(std::string_view line) {
    constexpr std::size_t longest_name = 80;
    const auto colon = line.substr(0, longest_name).find(':');
    return colon == std::string_view::npos ? std::string() : lower_ascii(trim(line.substr(0, colon)));
}

/// Whether anything that could be an address field has too many colons. Wherever it stands: what is a header to GMime
/// need not be one here.
bool has_deep_groups(std::string_view mail) {
    std::size_t colons = 0;
    bool addresses = false;
    while (!mail.empty()) {
        const auto line = take_line(mail);
        const bool goes_on = line.starts_with(' ') || line.starts_with('\t');
        if (!goes_on) {
            colons = 0;
            // Nearly every line ends here.
            addresses = !line.empty() && std::string_view("fFsSrRtTcCbB").contains(line.front()) &&
                        is_address_field(field_name(line));
        }
        if (!addresses) continue;
        colons += static_cast<std::size_t>(std::ranges::count(line, ':'));
        if (colons > most_colons) return true;
    }
    return false;
}

struct content_type {
    bool multipart = false, digest = false, message = false;
    std::string boundary;
};

content_type read_content_type(std::string_view value) {
    content_type type;
    const std::string lower = lower_ascii(value);
    const auto start = std::string_view(lower).substr(std::min(lower.size(), lower.find_first_not_of(" \t")));
    type.multipart = start.starts_with("multipart/");
    type.digest = start.starts_with("multipart/digest");
    type.message =
        start.starts_with("message/rfc822") || start.starts_with("message/news") || start.starts_with("message/global");
    if (!type.multipart) return type;
    for (auto at = lower.find("boundary"); at != std::string::npos; at = lower.find("boundary", at + 8)) {
        auto equals = lower.find_first_not_of(" \t*0", at + 8);
        if (equals == std::string::npos || lower[equals] != '=') continue;
        const auto begin = lower.find_first_not_of(" \t", equals + 1);
        if (begin == std::string::npos) break;
        if (lower[begin] == '"') {
            type.boundary = value.substr(begin + 1, value.find('"', begin + 1) - begin - 1);
        } else {
            type.boundary = value.substr(begin, value.find_first_of("; \t", begin) - begin);
        }
        break;
    }
    while (type.boundary.ends_with(' ')) type.boundary.pop_back();
    return type;
}

enum class match { none, open, close };

match match_boundary(std::string_view line, std::string_view boundary) {
    line.remove_prefix(2);
    if (boundary.empty() || !line.starts_with(boundary)) return match::none;
    line.remove_prefix(boundary.size());
    if (line.starts_with("--")) return match::close;
    return trim(line).empty() ? match::open : match::none;
}

class scanner {
public:
    scanner(std::string_view mail, const limits& bounds) : rest_(mail), bounds_(bounds) {}

    std::string run() {
        std::string verdict = entity();
        while (verdict.empty() && !rest_.empty()) {
            const auto line = take_line(rest_);
            if (line.starts_with("--") && leaves_for(line) == match::open) verdict = part();
        }
        return verdict;
    }

private:
    struct level {
        std::string boundary; // empty: an embedded message, which no line ends
        bool digest = false;
    };

    std::string part() {
        if (++parts_ > bounds_.parts) return fmt::format("more than {} MIME parts", bounds_.parts);
        return entity();
    }

    // Pops the levels that a boundary line ends.
    match leaves_for(std::string_view line) {
        for (std::size_t i = levels_.size(); i-- > 0;) {
            const auto found = match_boundary(line, levels_[i].boundary);
            if (found == match::none) continue;
            levels_.resize(i + (found == match::open ? 1 : 0));
            return found;
        }
        return match::none;
    }

    // Reads the headers of one entity and enters what they open; embedded messages have headers of their own.
    std::string entity() {
        for (;;) {
            std::string value;
            bool in_type = false, seen = false;
            std::size_t field_bytes = 0; // of a field that is taken apart
            const std::size_t before = rest_.size();
            std::string_view boundary_line;
            while (!rest_.empty()) {
                const auto line = take_line(rest_);
                if (line.empty()) break;
                if (before - rest_.size() > bounds_.header_bytes)
                    return fmt::format("header block over {} bytes", bounds_.header_bytes);
                if (line.starts_with("--") && !levels_.empty()) {
                    const auto found = leaves_for(line);
                    if (found == match::open) boundary_line = line;
                    if (found != match::none) break;
                }
                const bool goes_on = line.front() == ' ' || line.front() == '\t';
                if (!goes_on) field_bytes = is_taken_apart(field_name(line)) ? line.size() : 0;
                if (goes_on && field_bytes > 0) field_bytes += line.size();
                if (field_bytes > longest_field) return fmt::format("header field over {} bytes", longest_field);
                if (goes_on) {
                    if (in_type) value += line;
                    continue;
                }
                in_type = !seen && line.size() > 13 && lower_ascii(line.substr(0, 13)) == "content-type:";
                if (in_type) {
                    seen = true;
                    value = line.substr(13);
                }
            }
            if (before - rest_.size() > bounds_.header_bytes)
                return fmt::format("header block over {} bytes", bounds_.header_bytes);
            if (!boundary_line.empty()) {
                if (++parts_ > bounds_.parts) return fmt::format("more than {} MIME parts", bounds_.parts);
                continue;
            }
            auto type = read_content_type(value);
            if (!seen && !levels_.empty() && levels_.back().digest) type.message = true;
            if (!type.multipart && !type.message) return {};
            if (levels_.size() >= bounds_.depth)
                return fmt::format("MIME parts nested more than {} deep", bounds_.depth);
            levels_.push_back({std::move(type.boundary), type.digest});
            if (type.multipart) return {};
        }
    }

    std::string_view rest_;
    const limits& bounds_;
    std::vector<level> levels_;
    std::size_t parts_ = 0;
};

} // namespace

std::string_view header_block(std::string_view mail) {
    std::string_view rest = mail;
    while (!rest.empty()) {
        const std::size_t at = mail.size() - rest.size();
        if (take_line(rest).empty()) return mail.substr(0, at);
    }
    return mail;
}

bool looks_like_mail(std::string_view block) {
    bool known = false;
    for (bool first = true; !block.empty(); first = false) {
        const auto line = take_line(block);
        if (!first && (line.starts_with(' ') || line.starts_with('\t'))) continue;
        const auto name = trim(line.substr(0, line.find(':')));
        if (!line.contains(':') || !is_field_name(name)) {
            if (first) return false;
            continue;
        }
        known = known || is_mail_field(name);
    }
    return known;
}

std::string over_limits(std::string_view mail, const limits& bounds) {
    if (has_deep_groups(mail)) return fmt::format("more than {} groups in an address field", most_colons);
    return scanner(mail, bounds).run();
}

} // namespace switchboard::channels::email

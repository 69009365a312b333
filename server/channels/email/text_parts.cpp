#include "channels/email/text_parts.hpp"

#include "channels/email/attachment_name.hpp"

#include <switchboard/util/text.hpp>

#include <algorithm>
#include <cstring>
#include <optional>

namespace switchboard::channels::email {
namespace {

/// The next line as it is, with a CR at its end.
std::string_view take_raw_line(std::string_view& rest) {
    const auto end = rest.find('\n');
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return line;
}

std::optional<std::string_view> uuencode_name(std::string_view line) {
    if (!line.starts_with("begin ") || line.size() < 11 || line.size() > 500) return std::nullopt;
    const auto mode_end = line.find(' ', 6);
    if (mode_end == std::string_view::npos || mode_end < 9 || mode_end > 10) return std::nullopt;
    if (!std::ranges::all_of(line.substr(6, mode_end - 6), [](char c) { return c >= '0' && c <= '7'; }))
        return std::nullopt;
    const auto name = trim(line.substr(mode_end));
    return name.empty() ? std::nullopt : std::optional(name);
}

// One line of uuencoding; false if it is none.
bool decode_line(std::string_view line, std::string& out) {
    if (line.empty() || line.front() < ' ' || line.front() > '`') return false;
    const auto length = static_cast<std::size_t>((line.front() - ' ') & 0x3F);
    line.remove_prefix(1);
    const std::size_t wanted = (length + 2) / 3 * 4;
    if (line.size() > wanted + 2) return false;
    const auto value = [&](std::size_t i) {
        // Trailing blanks may have been cut on the way; they stood for zero.
        return i < line.size() ? static_cast<unsigned>(line[i] - ' ') & 0x3Fu : 0u;
    };
    std::string bytes;
    for (std::size_t i = 0; i < wanted; i += 4) {
        const unsigned group = value(i) << 18 | value(i + 1) << 12 | value(i + 2) << 6 | value(i + 3);
        for (const unsigned shift : {16u, 8u, 0u}) bytes += static_cast<char>(group >> shift & 0xFF);
    }
    out.append(bytes, 0, length);
    return true;
}

std::optional<std::string> decode_file(std::string_view& rest) {
    std::string content;
    std::string_view ahead = rest;
    while (!ahead.empty()) {
        const auto line = take_raw_line(ahead);
        if (trim(line) == "end") {
            rest = ahead;
            return content;
        }
        if (trim(line).empty()) continue;
        if (!decode_line(line, content)) return std::nullopt;
    }
    return std::nullopt;
}

} // namespace

bool mentions(std::string_view text, std::string_view words) {
    if (text.empty()) return words.empty(); // it may have no place at all, which memmem() must not be given
    return ::memmem(text.data(), text.size(), words.data(), words.size()) != nullptr;
}

std::string unix_lines(std::string text) {
    auto from = text.find('\r');
    if (from == std::string::npos) return text;
    std::size_t to = from;
    while (from < text.size()) {
        // At a CR: a lone one becomes a line feed.
        if (from + 1 >= text.size() || text[from + 1] != '\n') text[to++] = '\n';
        const auto next = std::min(text.find('\r', ++from), text.size());
        std::memmove(text.data() + to, text.data() + from, next - from);
        to += next - from;
        from = next;
    }
    text.resize(to);
    return text;
}

std::string unflow(std::string_view text, bool delete_space) {
    std::string out;
    out.reserve(text.size());
    std::size_t depth_before = 0;
    bool flowing = false;
    while (!text.empty()) {
        const bool last = !text.contains('\n');
        auto line = take_raw_line(text);
        const auto depth = std::min(line.find_first_not_of('>'), line.size());
        auto content = line.substr(depth);
        if (content.starts_with(' ')) content.remove_prefix(1); // space-stuffing
        const bool is_signature = content == "-- ";
        if (flowing && depth == depth_before && !is_signature) {
            if (delete_space) out.pop_back();
        } else {
            if (flowing) out += '\n';
            if (depth > 0) out.append(depth, '>').append(" ");
        }
        out += content;
        flowing = content.ends_with(' ') && !is_signature;
        depth_before = depth;
        if (!flowing && !last) out += '\n';
    }
    return out;
}

std::string extract_uuencoded(std::string&& whole, std::vector<attachment>& files) {
    if (!mentions(whole, "begin ")) return std::move(whole);
    std::string_view text = whole;
    std::string out;
    // No "begin" after the last "end" starts a file; without this, false beginnings would cost quadratic time.
    const auto last_end = text.rfind("\nend");
    const char* const stop = last_end == std::string_view::npos ? text.data() : text.data() + last_end + 1;
    while (!text.empty()) {
        const bool last = !text.contains('\n');
        const auto line = take_raw_line(text);
        if (const auto name = line.data() < stop ? uuencode_name(line) : std::nullopt) {
            if (auto content = decode_file(text)) {
                files.push_back({attachment_name(*name, "application/octet-stream"),
                                 "application/octet-stream",
                                 std::move(*content),
                                 {},
                                 {},
                                 false});
                continue;
            }
        }
        out += line;
        if (!last) out += '\n';
    }
    return out;
}

uuencoded_part decode_uuencoded_part(std::string_view body) {
    uuencoded_part out;
    bool begun = false;
    // A body without "begin" is all data; with it, what stands before is prose.
    const bool has_begin = body.starts_with("begin ") || mentions(body, "\nbegin ");
    while (!body.empty()) {
        auto line = take_raw_line(body);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (has_begin && !begun) {
            begun = line.starts_with("begin ");
            continue;
        }
        if (trim(line) == "end") {
            out.whole = begun;
            return out;
        }
        if (!trim(line).empty() && !decode_line(line, out.content)) break;
    }
    return out;
}

std::string extract_yenc(std::string&& bytes, std::vector<attachment>& files) {
    if (!mentions(bytes, "=ybegin ")) return std::move(bytes);
    std::string out;
    std::string_view rest = bytes;
    while (!rest.empty()) {
        const auto whole = rest;
        const auto line = take_raw_line(rest);
        const auto name = line.find(" name=");
        if (!line.starts_with("=ybegin ") || name == std::string_view::npos) {
            out.append(whole.substr(0, whole.size() - rest.size()));
            continue;
        }
        std::string content;
        bool ended = false;
        for (auto ahead = rest; !ahead.empty() && !ended;) {
            auto data = take_raw_line(ahead);
            if (data.ends_with('\r')) data.remove_suffix(1);
            ended = data.starts_with("=yend");
            if (ended) rest = ahead;
            if (ended || data.starts_with("=ypart")) continue;
            for (std::size_t i = 0; i < data.size(); ++i) {
                const bool escaped = data[i] == '=' && i + 1 < data.size();
                const auto byte = static_cast<unsigned char>(escaped ? data[++i] : data[i]);
                content += static_cast<char>(byte - (escaped ? 64 + 42 : 42));
            }
        }
        if (!ended) { // no complete file: it stays what it is
            out.append(whole);
            break;
        }
        files.push_back({attachment_name(line.substr(name + 6), {}),
                         "application/octet-stream",
                         std::move(content),
                         {},
                         {},
                         false});
    }
    return out;
}

} // namespace switchboard::channels::email

#include "mailbox/responses.hpp"

#include <switchboard/util/hash.hpp>
#include <switchboard/util/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace switchboard::imap {
namespace {

std::optional<std::int64_t> read_number(std::string_view& text) {
    std::int64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc{} || out < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return out;
}

/// "… {123}" at the end of a line: so many bytes follow. The human words of a status response announce nothing.
std::optional<std::size_t> announced(std::string_view line) {
    if (!line.ends_with('}') || !line.starts_with("* ")) return std::nullopt;
    for (const std::string_view status : {"* OK", "* NO", "* BAD", "* BYE", "* PREAUTH"})
        if (line.starts_with(status)) return std::nullopt;
    const auto open = line.rfind('{');
    if (open == line.npos) return std::nullopt;
    auto digits = line.substr(open + 1, line.size() - open - 2);
    const auto n = read_number(digits);
    if (!n || !digits.empty()) return std::nullopt;
    return static_cast<std::size_t>(*n);
}

/// The quoted string at the beginning of a text.
std::optional<std::string> read_quoted(std::string_view text) {
    if (!text.starts_with('"')) return std::nullopt;
    std::string out;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') return out;
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        out += text[i];
    }
    return std::nullopt;
}

/// UTF-8 that is valid, as UTF-16 with the high byte first.
std::string utf16(std::string_view utf8) {
    std::string out;
    const auto put = [&out](unsigned unit) {
        out += static_cast<char>(unit >> 8);
        out += static_cast<char>(unit & 0xff);
    };
    for (std::size_t i = 0; i < utf8.size();) {
        const auto lead = static_cast<unsigned char>(utf8[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        unsigned code = length == 1 ? lead : lead & (0x7fu >> length);
        for (std::size_t k = 1; k < length && i + k < utf8.size(); ++k)
            code = (code << 6) | (static_cast<unsigned char>(utf8[i + k]) & 0x3fu);
        i += length;
        if (code >= 0x10000) {
            put(0xd800 + ((code - 0x10000) >> 10));
            put(0xdc00 + ((code - 0x10000) & 0x3ff));
        } else {
            put(code);
        }
    }
    return out;
}

} // namespace

std::optional<response> response_reader::next() {
    for (;;) {
        if (literal_) {
            if (unread_.size() - at_ < *literal_) break;
            current_.literals.push_back(unread_.substr(at_, *literal_));
            at_ += *literal_;
            literal_.reset();
        }
        const auto end = unread_.find("\r\n", at_);
        if (end == unread_.npos) {
            if (size_ + (unread_.size() - at_) > most_)
                throw broken{"the mail server sends more than it was asked for"};
            break;
        }
        const auto line = std::string_view{unread_}.substr(at_, end - at_);
        current_.line += line;
        at_ = end + 2;
        size_ += line.size();
        literal_ = announced(current_.line);
        if (!literal_) {
            size_ = 0;
            return std::exchange(current_, {});
        }
        size_ += *literal_;
        if (*literal_ > most_ || size_ > most_) throw broken{"the mail server sends more than it was asked for"};
    }
    unread_.erase(0, at_);
    at_ = 0;
    return std::nullopt;
}

std::optional<std::vector<std::int64_t>> read_search(const response& r) {
    std::string_view rest = r.line;
    if (!lower_ascii(rest.substr(0, 8)).starts_with("* search")) return std::nullopt;
    rest.remove_prefix(8);
    std::vector<std::int64_t> out;
    while (!(rest = trim(rest)).empty()) {
        const auto n = read_number(rest);
        if (!n) break; // "(MODSEQ …)"
        out.push_back(*n);
    }
    return out;
}

std::optional<std::string> read_body(const response& r, std::int64_t uid) {
    const auto open = r.line.find(" FETCH (");
    if (!r.line.starts_with("* ") || open == r.line.npos) return std::nullopt;
    const auto id = fmt::format("UID {}", uid);
    const auto at_uid = r.line.find(id, open);
    if (at_uid == r.line.npos || (r.line[at_uid - 1] != '(' && r.line[at_uid - 1] != ' ')) return std::nullopt;
    const auto behind = r.line.substr(at_uid + id.size(), 1);
    if (behind != " " && behind != ")") return std::nullopt;
    const auto body = r.line.find("BODY[]", open);
    if (body == r.line.npos) return std::nullopt;
    auto value = std::string_view{r.line}.substr(body + 6);
    if (value.starts_with('<')) value.remove_prefix(std::min(value.find('>') + 1, value.size()));
    value = trim(value);
    if (value.starts_with('{')) { // the only item that can have one
        if (r.literals.empty()) return std::nullopt;
        return r.literals.front();
    }
    if (value.starts_with("NIL")) return std::string{};
    return read_quoted(value);
}

std::optional<std::int64_t> read_code(const response& r, std::string_view name) {
    const auto mark = fmt::format("[{} ", name);
    const auto at = r.line.find(mark);
    if (at == r.line.npos) return std::nullopt;
    auto rest = std::string_view{r.line}.substr(at + mark.size());
    return read_number(rest);
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (c != '\r' && c != '\n' && c != '\0') out += c;
    }
    return out + '"';
}

std::string folder_name(std::string_view utf8) {
    const auto clean = clean_utf8(utf8);
    std::string out;
    for (std::size_t i = 0; i < clean.size();) {
        const auto is_plain = [&](std::size_t at) { return static_cast<unsigned char>(clean[at]) < 0x80; };
        if (is_plain(i)) {
            out += clean[i];
            if (clean[i++] == '&') out += '-';
            continue;
        }
        auto end = i;
        while (end < clean.size() && !is_plain(end)) ++end;
        auto letters = base64(utf16(std::string_view{clean}.substr(i, end - i)));
        std::erase(letters, '=');
        std::ranges::replace(letters, '/', ',');
        out += '&' + letters + '-';
        i = end;
    }
    return quoted(out);
}

} // namespace switchboard::imap

#include "channels/email/raw_mail.hpp"

#include "channels/email/structure.hpp"

#include <switchboard/util/hash.hpp>
#include <switchboard/util/text.hpp>

#include <algorithm>
#include <array>

namespace switchboard::channels::email {
namespace {

constexpr std::array<std::string_view, 8> trace_fields{"received",       "return-path",    "delivered-to",   "x-original-to",
                                                       "envelope-to",    "authentication-results", "dkim-signature", "received-spf"};

bool is_trace(std::string_view line) {
    const std::string name = lower_ascii(trim(line.substr(0, std::min<std::size_t>(line.substr(0, 80).find(':'), 80))));
    return name.starts_with("arc-") || std::ranges::find(trace_fields, name) != trace_fields.end();
}

// "From jane@example.com Sat Nov 21 …", but not the field "From : jane".
bool is_mbox_mark(std::string_view mail) {
    if (mail.starts_with('>')) mail.remove_prefix(1);
    return mail.starts_with("From ") && !trim(mail.substr(4, 80)).starts_with(':');
}

} // namespace

std::string_view readable_mail(std::string_view raw, std::string& storage) {
    if (raw.starts_with("\xEF\xBB\xBF")) raw.remove_prefix(3);
    if (!raw.contains('\n') && raw.contains('\r')) {
        storage = raw;
        std::ranges::replace(storage, '\r', '\n');
        raw = storage;
    }
    const auto start = raw.find_first_not_of("\r\n");
    raw.remove_prefix(std::min(raw.size(), start));
    if (is_mbox_mark(raw)) {
        const auto end = raw.find('\n');
        raw.remove_prefix(end == std::string_view::npos ? raw.size() : end + 1);
    }
    if (const auto header = header_block(raw); header.contains('\0')) {
        std::string copy(header);
        std::erase(copy, '\0');
        copy += raw.substr(header.size());
        storage = std::move(copy);
        raw = storage;
    }
    return raw;
}

std::string content_hash(std::string_view mail) {
    while (!mail.empty()) {
        if (!is_trace(mail)) break;
        do {
            const auto end = mail.find('\n');
            mail.remove_prefix(end == std::string_view::npos ? mail.size() : end + 1);
        } while (mail.starts_with(' ') || mail.starts_with('\t'));
    }
    return sha256_hex(mail);
}

} // namespace switchboard::channels::email

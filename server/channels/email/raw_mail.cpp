#include "channels/email/raw_mail.hpp"

#include "channels/email/structure.hpp"

#include <switchboard/util/hash.hpp>
#include <switchboard/util/text.hpp>

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>

namespace switchboard::channels::email {
namespace {

constexpr std::array<std::string_view, 8> trace_fields{"received",       "return-path", "delivered-to",
                                                       "x-original-to",  "envelope-to", "authentication-results",
                                                       "dkim-signature", "received-spf"};

std::string name_of(std::string_view field) {
    return lower_ascii(trim(field.substr(0, std::min<std::size_t>(field.substr(0, 80).find(':'), 80))));
}

bool is_trace(std::string_view field) {
    const auto name = name_of(field);
    return name.starts_with("arc-") || std::ranges::find(trace_fields, name) != trace_fields.end();
}

// What the sender writes himself. Relays add and change the rest: traces, verdicts, signatures, fields of lists.
constexpr std::array<std::string_view, 11> letter_fields{"from",       "sender",       "reply-to",      "to",
                                                         "cc",         "subject",      "date",          "in-reply-to",
                                                         "references", "content-type", "auto-submitted"};

struct digest_free {
    void operator()(EVP_MD_CTX* digest) const noexcept { EVP_MD_CTX_free(digest); }
};

/// The length of the field that a header begins with, its continuation lines included.
std::size_t field_length(std::string_view header) {
    std::size_t at = 0;
    do {
        const auto end = header.find('\n', at);
        at = end == std::string_view::npos ? header.size() : end + 1;
    } while (at < header.size() && (header[at] == ' ' || header[at] == '\t'));
    return at;
}

/// A field as it reads however it is folded.
std::string on_one_line(std::string_view field) {
    std::string out;
    for (const char c : field) {
        const bool space = c == ' ' || (c >= '\t' && c <= '\r');
        if (!space)
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    return out + '\n';
}

// "From jane@example.com Sat Nov 21 …", but not the field "From : jane".
bool is_mbox_mark(std::string_view mail) {
    if (mail.starts_with('>')) mail.remove_prefix(1);
    return mail.starts_with("From ") && !trim(mail.substr(4, 80)).starts_with(':');
}

constexpr int most_foreign_lines = 20;
constexpr std::size_t most_foreign_bytes = 4000;

/// At least two fields of those that every mail has: a note in front of it has at most one by chance.
bool begins_like_mail(std::string_view text) {
    const auto header = header_block(text.substr(0, 64u << 10));
    if (!looks_like_mail(header)) return false;
    int known = 0;
    for (auto rest = header; !rest.empty() && known < 2; rest.remove_prefix(field_length(rest))) {
        const auto name = name_of(rest);
        known += name == "from" || name == "to" || name == "subject" || name == "date" || name == "received" ||
                 name == "message-id";
    }
    return known >= 2;
}

/// How many bytes stand before the header of a mail that begins with something else; 0 = none, or there is no header.
std::size_t foreign_beginning(std::string_view raw) {
    if (looks_like_mail(header_block(raw.substr(0, 64u << 10)))) return 0;
    std::size_t at = 0;
    for (int i = 0; i < most_foreign_lines && at < raw.size() && at < most_foreign_bytes; ++i) {
        const auto end = raw.find('\n', at);
        if (end == std::string_view::npos) return 0;
        at = end + 1;
        if (begins_like_mail(raw.substr(at))) return at;
    }
    return 0;
}

/// Where the first line stands that is no field, if no field that mail knows comes after it; else the end.
std::size_t end_of_fields(std::string_view header) {
    std::size_t at = 0, stranger = header.size();
    while (at < header.size()) {
        const auto length = field_length(header.substr(at));
        const auto line = header.substr(at, header.substr(at, length).find('\n'));
        const auto name = line.substr(0, line.find(':'));
        const bool field = line.contains(':') && !name.empty() && name.find_first_of(" \t") == std::string_view::npos;
        if (!field && stranger == header.size()) stranger = at;
        if (field && looks_like_mail(line)) stranger = header.size();
        at += length;
    }
    return stranger;
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
    raw.remove_prefix(foreign_beginning(raw));
    // A mail without an empty line: its words begin where its fields end.
    if (header_block(raw).size() == raw.size() && looks_like_mail(raw)) {
        const auto body = end_of_fields(raw);
        if (body < raw.size()) {
            std::string copy(raw.substr(0, body));
            copy += '\n';
            copy += raw.substr(body);
            storage = std::move(copy);
            raw = storage;
        }
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

bool has_foreign_beginning(std::string_view raw) {
    if (raw.starts_with("\xEF\xBB\xBF")) raw.remove_prefix(3);
    // "From " is how a mailbox begins a mail; ">From " is one that was quoted as if it were a line of words.
    if (raw.starts_with("From ")) return false;
    if (raw.starts_with("\r") || raw.starts_with("\n") || raw.starts_with(">From ")) return true;
    return foreign_beginning(raw) > 0;
}

std::string content_hash(std::string_view mail) {
    while (!mail.empty() && is_trace(mail)) mail.remove_prefix(field_length(mail));
    return sha256_hex(mail);
}

std::string letter_hash(std::string_view mail) {
    auto header = header_block(mail);
    auto body = mail.substr(header.size());
    const std::unique_ptr<EVP_MD_CTX, digest_free> digest{EVP_MD_CTX_new()};
    EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr);
    const auto add = [&](std::string_view bytes) { EVP_DigestUpdate(digest.get(), bytes.data(), bytes.size()); };
    while (!header.empty()) {
        const auto field = header.substr(0, field_length(header));
        if (std::ranges::find(letter_fields, name_of(field)) != letter_fields.end()) add(on_one_line(field));
        header.remove_prefix(field.size());
    }
    body = body.substr(0, body.find_last_not_of(" \t\r\n") + 1); // npos + 1 is 0
    for (std::string part; !body.empty();) {
        constexpr std::size_t at_once = 64u << 10;
        part.assign(body.substr(0, at_once));
        body.remove_prefix(std::min(body.size(), at_once));
        std::erase(part, '\r'); // the ends of lines are the transport's
        add(part);
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    EVP_DigestFinal_ex(digest.get(), bytes.data(), &size);
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (unsigned i = 0; i < size; ++i) {
        out += digits[bytes[i] >> 4U];
        out += digits[bytes[i] & 15U];
    }
    return out;
}

} // namespace switchboard::channels::email

#include "channels/mail_webhooks/composed_mail.hpp"

#include <switchboard/util/hash.hpp>
#include <switchboard/util/json.hpp>
#include <switchboard/util/one_line.hpp>
#include <switchboard/util/text.hpp>

#include "channels/email/email.hpp"
#include "channels/records.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace switchboard::channels::mail_webhooks {

namespace {

std::string encoded_word(std::string_view text) {
    std::string out;
    // An encoded word is at most 75 characters long, and no character may be split between two.
    for (auto rest = text; !rest.empty();) {
        const auto part = truncate_utf8(rest, 42);
        out += (out.empty() ? "" : " ") + ("=?UTF-8?B?" + base64(part)) + "?=";
        rest.remove_prefix(std::max<std::size_t>(part.size(), 1));
    }
    return out;
}

/// Base64 in lines that mail can carry.
std::string body_base64(std::string_view bytes) {
    constexpr std::size_t per_line = 57;
    std::string out;
    out.reserve(bytes.size() * 4 / 3 + bytes.size() / per_line * 2 + 8);
    for (std::size_t at = 0; at < bytes.size(); at += per_line) out += base64(bytes.substr(at, per_line)) + "\r\n";
    return out;
}

void add_part(std::string& out, std::string_view type, std::string_view more, std::string_view content) {
    out.append("Content-Type: ").append(type).append("\r\n").append(more);
    out += "Content-Transfer-Encoding: base64\r\n\r\n" + body_base64(content);
}

std::string file_headers(const attachment& file) {
    std::string out = std::string("Content-Disposition: ") + (file.is_inline ? "inline" : "attachment");
    if (!file.name.empty()) out += "; filename=\"" + encoded_word(file.name) + "\"";
    out += "\r\n";
    std::string id = one_line(file.content_id);
    std::erase_if(id, [](char c) { return c == '<' || c == '>'; });
    if (!id.empty()) out += "Content-ID: <" + id + ">\r\n";
    return out;
}

} // namespace

std::vector<std::pair<std::string, std::string>> split_headers(std::string_view block) {
    std::vector<std::pair<std::string, std::string>> out;
    while (!block.empty()) {
        const auto end = block.find('\n');
        auto line = block.substr(0, end);
        block.remove_prefix(end == std::string_view::npos ? block.size() : end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if ((line.starts_with(' ') || line.starts_with('\t')) && !out.empty()) {
            out.back().second.append(" ").append(trim(line));
        } else if (const auto colon = line.find(':'); colon != std::string_view::npos && colon > 0) {
            out.emplace_back(trim(line.substr(0, colon)), trim(line.substr(colon + 1)));
        }
    }
    return out;
}

void add_missing(taken_apart& mail, const std::string& name, const std::string& value) {
    if (trim(value).empty()) return;
    const std::string wanted = lower_ascii(name);
    if (std::ranges::any_of(mail.headers, [&](const auto& header) { return lower_ascii(header.first) == wanted; }))
        return;
    mail.headers.emplace_back(name, value);
}

std::string mailbox(const std::string& name, const std::string& address) {
    std::string bare = one_line(address);
    std::erase_if(bare, [](char c) { return c == '<' || c == '>' || c == ','; });
    return name.empty() ? bare : encoded_word(one_line(name)) + " <" + bare + ">";
}

std::string compose(const taken_apart& mail) {
    std::string out;
    for (const auto& [name, value] : mail.headers) {
        const std::string lower = lower_ascii(name);
        if (lower.starts_with("content-") && lower != "content-language") continue;
        if (lower == "mime-version" || name.find_first_of(" \t\r\n:") != std::string::npos || name.empty()) continue;
        out += name + ": " + one_line(value) + "\r\n";
    }
    // Not to be found in any part: base64 has no "=_".
    const std::string boundary = "=_" + sha256_hex(mail.text + mail.html + out).substr(0, 32);
    out += "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n\r\n";
    const std::string between = "--" + boundary + "\r\n", inner = "--" + boundary + "a";
    if (!mail.text.empty() && !mail.html.empty()) {
        out += between + "Content-Type: multipart/alternative; boundary=\"" + boundary + "a\"\r\n\r\n" + inner + "\r\n";
        add_part(out, "text/plain; charset=utf-8", "", mail.text);
        out += inner + "\r\n";
        add_part(out, "text/html; charset=utf-8", "", mail.html);
        out += inner + "--\r\n";
    } else {
        out += between;
        add_part(out, mail.html.empty() ? "text/plain; charset=utf-8" : "text/html; charset=utf-8", "",
                 mail.html.empty() ? mail.text : mail.html);
    }
    for (const auto& file : mail.files) {
        out += between;
        std::string type = one_line(lower_ascii(file.type.substr(0, file.type.find(';'))));
        if (type.find('/') == std::string::npos || type.starts_with("multipart/") || type.starts_with("message/"))
            type = "application/octet-stream";
        add_part(out, type, file_headers(file), file.content);
    }
    return out + "--" + boundary + "--\r\n";
}

std::vector<normalized_record> read_mail(const gateway_settings& settings, std::string_view mime,
                                         const mail_envelope& way, const nlohmann::json& details,
                                         const limits& bounds) {
    raw_input input{.body = mime, .content_type = "message/rfc822", .headers = {}, .query = {}};
    for (const auto& recipient : way.recipients) input.query.emplace_back("rcpt", recipient);
    if (way.has_sender) input.query.emplace_back("mail_from", way.sender);
    auto records = normalize_email(settings, input, bounds);
    for (auto& record : records) {
        auto* contact = std::get_if<inbound_contact>(&record);
        auto* event = std::get_if<contact_event>(&record);
        std::string* kept = contact ? &contact->details : event ? &event->details : nullptr;
        if (!kept) continue;
        auto all = own_json(*kept);
        if (!all.is_object()) all = nlohmann::json::object();
        all.update(details);
        *kept = details_text(all);
    }
    return records;
}

} // namespace switchboard::channels::mail_webhooks

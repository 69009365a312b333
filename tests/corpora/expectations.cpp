#include "corpora/expectations.hpp"

#include <switchboard/util/text.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace switchboard::corpora {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

normalized_record first_record(std::string_view kind, std::string_view body, std::string type = {}) {
    return channels::normalize(kind, {}, {.body = body, .content_type = std::move(type), .headers = {}, .query = {}})
        .at(0);
}

std::string without_blank_ends(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto end = text.find('\n');
        auto line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        while (!line.empty() && std::string_view(" \t\r").contains(line.back())) line.remove_suffix(1);
        out.append(line).append("\n");
    }
    return std::string(trim(out));
}

std::string letters(std::string_view text) {
    std::string out;
    std::ranges::copy_if(text, std::back_inserter(out), [](char c) { return static_cast<unsigned char>(c) > ' '; });
    return out;
}

std::string reply_of(std::string_view words, std::string_view type) {
    const std::string mail =
        fmt::format("From: a@b.c\r\nSubject: Re: hello\r\nContent-Type: {}; charset=utf-8\r\n\r\n{}", type, words);
    const auto record = first_record("email", mail);
    const auto* contact = std::get_if<inbound_contact>(&record);
    return contact ? contact->text_reply : "";
}

json load(const fs::path& file) {
    return json::parse(read_file(file), nullptr, false);
}

/// The value that an assertion of the foreign test expects of a field; null if it asserts nothing.
json expected_of(const json& expectations, std::string_view field) {
    for (const auto& one : expectations)
        if (one.size() == 3 && one[1] == field) return one[2];
    return nullptr;
}

std::string percent_encoded(std::string_view text) {
    std::string out;
    for (const char c : text) out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    return out;
}

std::string urlencoded(const json& fields) {
    std::string out;
    for (const auto& [name, value] : fields.items())
        out += (out.empty() ? "" : "&") + percent_encoded(name) + "=" +
               percent_encoded(value.is_string() ? value.get<std::string>() : value.dump());
    return out;
}

} // namespace

std::string read_file(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<verdict> judge_sisimai(const fs::path& folder) {
    std::vector<verdict> out;
    const auto table = load(folder / "expected.dev.json");
    for (const auto& [name, wanted] : table.at("expected").items()) {
        const auto record = first_record("email", read_file(folder / name));
        const auto* event = std::get_if<contact_event>(&record);
        verdict v{name, {}};
        if (wanted[0].at("reason") == "vacation") {
            if (event) v.difference = "an absence, taken for a " + event->type;
            out.push_back(std::move(v));
            continue;
        }
        const auto recipients = event ? json::parse(event->details).value("recipients", json::array()) : json::array();
        if (recipients.size() != wanted.size())
            v.difference = fmt::format("{} recipients, {} expected", recipients.size(), wanted.size());
        for (std::size_t i = 0; i < std::min(recipients.size(), wanted.size()) && v.difference.empty(); ++i) {
            const auto severity = recipients[i].value("severity", "");
            if ((severity == "hard") != wanted[i].at("hardbounce").get<bool>())
                v.difference = fmt::format("{} ({}), expected {}", severity, recipients[i].value("cause", ""),
                                           wanted[i].at("reason").get<std::string>());
        }
        out.push_back(std::move(v));
    }
    return out;
}

std::vector<verdict> judge_reply_trimmer(const fs::path& folder) {
    std::vector<verdict> out;
    for (const auto& entry : fs::directory_iterator(folder / "test/emails")) {
        const auto name = entry.path().filename();
        const auto wanted = read_file(folder / "test/trimmed" / name);
        const bool same =
            without_blank_ends(reply_of(read_file(entry.path()), "text/plain")) == without_blank_ends(wanted);
        out.push_back({name.string(), same ? "" : "another reply"});
    }
    std::ranges::sort(out, {}, &verdict::input);
    return out;
}

std::vector<verdict> judge_talon(const fs::path& folder) {
    std::vector<verdict> out;
    const auto table = load(folder / "expected.json");
    for (const auto& [name, wanted] : table.at("expected").items()) {
        const bool page = wanted.contains("html_reply_text_ignoring_whitespace");
        const auto words = wanted.at(page ? "html_reply_text_ignoring_whitespace" : "plain_reply").get<std::string>();
        std::string reply;
        if (page) {
            reply = reply_of(read_file(folder / name), "text/html");
        } else {
            const auto record = first_record("email", read_file(folder / name));
            if (const auto* contact = std::get_if<inbound_contact>(&record)) reply = contact->text_reply;
        }
        // Talon leaves signatures and "Sent from my iPhone" to another function.
        const bool same =
            !reply.empty() && (page ? letters(reply) == letters(words) : letters(words).starts_with(letters(reply)));
        out.push_back({name, same ? "" : "another reply: " + reply.substr(0, 80)});
    }
    return out;
}

std::vector<verdict> judge_webhooks(const fs::path& folder) {
    std::vector<verdict> out;
    for (const auto& [kind, file] : {std::pair{"sendgrid", "sendgrid_inbound.json"},
                                     {"mailgun", "mailgun_inbound.json"},
                                     {"postmark", "postmark_inbound.json"},
                                     {"ses", "amazon_ses_inbound.json"}}) {
        const auto table = load(folder / "extracted" / file);
        for (const auto& one : table.at("cases")) {
            const auto& payload = one.at("payload");
            const auto raw =
                payload.contains("raw_sns_message") ? payload["raw_sns_message"] : payload.value("raw_event", json());
            if (raw.is_null()) continue;
            const bool form = std::string_view(kind) == "sendgrid" || std::string_view(kind) == "mailgun";
            const auto record = first_record(kind, form ? urlencoded(raw) : raw.dump(),
                                             form ? "application/x-www-form-urlencoded" : "application/json");
            const auto* mail = std::get_if<inbound_contact>(&record);
            verdict v{fmt::format("{}: {}", file, one.at("name").get<std::string>()),
                      mail && mail->quarantine.empty() ? "" : "no mail"};
            if (v.difference.empty()) {
                const auto& wanted = one.at("expect");
                const bool elsewhere =
                    !json::parse(mail->details).value("s3", json()).is_null(); // its words are fetched later
                for (const auto& [field, value] :
                     {std::pair<const char*, std::string>{"message.from_email.addr_spec", mail->from.value},
                      {"message.from_email.display_name", mail->from.name},
                      {"message.subject", mail->subject},
                      {"message.text", mail->text},
                      {"message.html", mail->html}}) {
                    const auto expected = expected_of(wanted, field);
                    if (!elsewhere && expected.is_string() && trim(expected.get<std::string>()) != trim(value))
                        v.difference = fmt::format("{} is '{}'", field, value.substr(0, 60));
                }
            }
            out.push_back(std::move(v));
        }
    }
    return out;
}

std::vector<verdict> judge_fax_pages(const fs::path& folder) {
    std::vector<verdict> out;
    const auto table = load(folder.parent_path() / "fax-index/tiff_facts.json");
    if (!table.is_object()) return out;
    for (const auto& [name, fact] : table.at("files").items()) {
        if (!name.starts_with(folder.filename().string() + "/") || !fs::exists(folder.parent_path() / name)) continue;
        const auto record = first_record("fax", read_file(folder.parent_path() / name));
        const auto* fax = std::get_if<inbound_contact>(&record);
        const auto pages = fax ? json::parse(fax->details).value("pages", json()) : json();
        out.push_back({name, pages == fact.at("page_count") ? "" : fmt::format("{} pages", pages.dump())});
    }
    return out;
}

} // namespace switchboard::corpora

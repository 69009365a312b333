#include "channels/email/forwarded.hpp"

#include "channels/email/addresses.hpp"
#include "channels/email/lists.hpp"
#include "channels/email/reply_marks.hpp"
#include "channels/email/reply_trim.hpp"

#include <switchboard/util/text.hpp>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace switchboard::channels::email {
namespace {

constexpr std::size_t searched_lines = 2000, most_fields = 20;

std::string_view next_line(std::string_view& text) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

/// Apple's programs put what they pass on behind marks of quotation.
std::string_view unquoted(std::string_view line) {
    if (line.starts_with('>')) line.remove_prefix(line.starts_with("> ") ? 2 : 1);
    return line;
}

/// "Nils Borg <nils@example.net>", "Nils Borg [mailto:nils@example.net]", with the marks of bold text around.
party address_in(std::string_view field) {
    auto text = std::string{unquoted(field)};
    const auto narrow = text.find(':'), wide = text.find("：");
    text.erase(0, wide < narrow ? wide + 3 : narrow + 1);
    std::erase(text, '*');
    if (const auto mark = text.find("[mailto:"); mark != std::string::npos) {
        text.replace(mark, 8, "<");
        std::ranges::replace(text, ']', '>');
    }
    for (auto& p : parse_addresses(text))
        if (p.kind == "email") return std::move(p);
    return {};
}

struct passed_on {
    party from;
    std::string note, text;
};

/// The header of the mail that begins here, if one does: where from it was, and what follows.
std::optional<passed_on> header_at(std::string_view rest) {
    passed_on out;
    std::size_t fields = 0;
    bool quoted = false;
    while (!rest.empty() && fields < most_fields) {
        const auto line = next_line(rest);
        const auto plain = trim(unquoted(line));
        if (plain.empty()) {
            if (fields == 0) continue; // between the mark and the header
            break;
        }
        const auto kind = quoted_field_of(plain);
        if (fields == 0 && kind == quoted_field::none) return std::nullopt;
        quoted = quoted || line.starts_with('>');
        ++fields; // or the second line of one
        if (kind == quoted_field::from && out.from.kind.empty()) out.from = address_in(plain);
    }
    if (fields < 2 || out.from.kind.empty()) return std::nullopt;
    if (!quoted) {
        out.text = trim(rest);
    } else {
        while (!rest.empty()) out.text.append(unquoted(next_line(rest))) += '\n';
        out.text = std::string{trim(out.text)};
    }
    return out;
}

/// In the text: below a mark, or where the fields of another mail begin.
std::optional<passed_on> passed_on_in(std::string_view text, bool said_so) {
    auto rest = text;
    for (std::size_t n = 0; n < searched_lines && !rest.empty(); ++n) {
        const auto here = rest;
        const auto line = next_line(rest);
        const bool mark = is_forward_mark(line) || (said_so && is_original_message_mark(line));
        if (!mark && !(said_so && quoted_field_of(unquoted(line)) == quoted_field::from)) continue;
        auto found = header_at(mark ? rest : here);
        if (!found) continue;
        auto note = trim(text.substr(0, text.size() - here.size()));
        while (note.ends_with('_') || note.ends_with('-')) note.remove_suffix(1); // Outlook's line
        found->note = trim(note);
        return found;
    }
    return std::nullopt;
}

/// Attached, if one mail is.
std::optional<inbound_contact> attached_mail(const inbound_contact& contact, const gateway_settings& settings,
                                             const limits& bounds, mail_reader read) {
    const auto is_mail = [](const attachment& a) { return a.type == "message/rfc822"; };
    if (std::ranges::count_if(contact.attachments, is_mail) != 1) return std::nullopt;
    const auto& file = *std::ranges::find_if(contact.attachments, is_mail);
    auto plain = settings;
    plain.forwarders.clear(); // one step, not the way of a mail that went through many hands
    auto records = read(plain, {.body = file.content, .content_type = {}, .headers = {}, .query = {}}, bounds);
    auto* inner = std::get_if<inbound_contact>(&records.front());
    if (inner == nullptr || !inner->quarantine.empty() || inner->from.kind != "email") return std::nullopt;
    return std::move(*inner);
}

std::string without_forward_mark(std::string_view subject) {
    subject = trim(subject);
    while (is_forward_subject(subject)) {
        const auto narrow = subject.find(':'), wide = subject.find("：");
        if (narrow == wide) break; // neither
        subject = trim(subject.substr(wide < narrow ? wide + 3 : narrow + 1));
    }
    return std::string{subject};
}

} // namespace

void take_forwarded(inbound_contact& contact, const gateway_settings& settings, const limits& bounds,
                    mail_reader read) {
    const bool said_so = is_forward_subject(contact.subject);
    const auto is_ours = [&](const party& p) { return is_own(settings, p.value) || p.value == contact.from.value; };
    if (auto found = passed_on_in(contact.text, said_so); found && !is_ours(found->from)) {
        contact.mail.forwarded_by = std::exchange(contact.from, std::move(found->from));
        contact.mail.forward_note = std::move(found->note);
        contact.text = std::move(found->text);
        contact.html.clear(); // it shows the forwarder's words as the customer's; the raw mail has it
    } else if (said_so || trim(contact.text).empty()) {
        auto inner = attached_mail(contact, settings, bounds, read);
        if (!inner || is_ours(inner->from)) return;
        contact.mail.forwarded_by = std::exchange(contact.from, std::move(inner->from));
        contact.mail.forward_note = trim(contact.text);
        contact.text = std::move(inner->text);
        contact.html = std::move(inner->html);
        if (!inner->subject.empty()) contact.subject = std::move(inner->subject);
        std::ranges::move(inner->attachments, std::back_inserter(contact.attachments));
    } else {
        return;
    }
    contact.subject = without_forward_mark(contact.subject);
    contact.text_reply = trim_reply(contact.text, contact.subject);
    contact.reply_to.clear(); // the forwarder's
    contact.mail.more_senders.clear();
    contact.mail.vouched = false;
}

} // namespace switchboard::channels::email

#include "live/transcript.hpp"

#include <switchboard/util/text.hpp>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace switchboard::live {
namespace {

struct words {
    std::string_view language, subject, you, file, shortened;
};

constexpr std::array all_words{
    words{"en", "Your chat with us", "You", "File", "What was said before is too long for a mail."},
    words{"de", "Ihr Chat mit uns", "Sie", "Datei", "Was davor gesagt wurde, ist zu lang für eine Mail."},
    words{"fr", "Votre discussion avec nous", "Vous", "Fichier", "Ce qui précède est trop long pour un e-mail."}};

const words& words_for(std::string_view language) {
    const auto wanted = lower_ascii(language.substr(0, 2));
    const auto found = std::ranges::find(all_words, std::string_view{wanted}, &words::language);
    return found == all_words.end() ? all_words.front() : *found;
}

/// Each line stands in: nothing that somebody writes looks like the line that says who wrote.
std::string indented(std::string_view text) {
    std::string out = "  ";
    for (const char c : text) {
        out += c;
        if (c == '\n') out += "  ";
    }
    return out;
}

std::string entry(const store::chat_message& m, const words& w) {
    const auto who = m.from == "customer" ? std::string{w.you} : m.name;
    auto out = fmt::format("[{:%Y-%m-%d %H:%M} UTC] {}:\n", std::chrono::floor<std::chrono::minutes>(m.at), who);
    if (!m.text.empty()) out += indented(m.text) + "\n";
    for (const auto& file : m.attachments) out += fmt::format("  ({}: {})\n", w.file, file.name);
    return out + "\n";
}

} // namespace

store::chat_transcript compose_transcript(const store::chat_session& of, const std::vector<store::chat_message>& said) {
    const auto& w = words_for(of.language);
    std::vector<std::string> entries; // the newest first
    std::size_t size = 0;
    bool whole = true, answered = false;
    for (auto m = said.rbegin(); m != said.rend() && whole; ++m) {
        auto next = entry(*m, w);
        whole = size + next.size() <= transcript_bounds::text_bytes;
        size += next.size();
        if (!whole) break;
        answered = answered || m->from == "agent";
        entries.push_back(std::move(next));
    }
    store::chat_transcript out;
    out.session = of.id;
    out.to = of.email;
    out.name = of.name;
    out.subject = w.subject;
    if (!answered) return out;
    if (!whole) out.text = fmt::format("[{}]\n\n", w.shortened);
    for (auto e = entries.rbegin(); e != entries.rend(); ++e) out.text += *e;
    while (out.text.ends_with('\n')) out.text.pop_back();
    return out;
}

} // namespace switchboard::live

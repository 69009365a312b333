#include "channels/email/pictures.hpp"

#include "channels/email/html_lexer.hpp"

#include <switchboard/util/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace switchboard::channels::email {
namespace {

constexpr std::size_t longest_name = 500;

/// What a page's pictures are named by, each once; in small letters, since Content-IDs are compared so in practice.
std::set<std::string> pictures_named_by(std::string_view html) {
    std::set<std::string> out;
    html_lexer lexer(html);
    html_token token;
    while (lexer.next(token)) {
        if (token.what != html_token::kind::open || token.name != "img") continue;
        for (const auto& [key, value] : token.attributes)
            if (key == "src" && value.size() <= longest_name) out.insert(lower_ascii(trim(value)));
    }
    return out;
}

std::string name_of(const attachment& file, std::size_t place) {
    return file.content_id.empty() ? fmt::format("part-{}", place + 1) : file.content_id;
}

bool is_quote(char c) {
    return c == '"' || c == '\'';
}

/// `src="image001.png"` -> `src="cid:…"`, wherever the value is just that name.
void name_by_id(std::string& html, const std::string& name, const std::string& id) {
    std::string out;
    std::string_view rest = html;
    const std::string folded = lower_ascii(html);
    std::size_t from = 0;
    for (auto at = folded.find(name); at != std::string::npos; at = folded.find(name, at + name.size())) {
        const auto end = at + name.size();
        auto before = rest.substr(0, at);
        const bool quoted = !before.empty() && is_quote(before.back());
        if (quoted) before.remove_suffix(1);
        before = before.substr(0, before.find_last_not_of(" \t\r\n") + 1);
        const bool ends = end == html.size() || is_quote(html[end]) || html[end] == '>' || html[end] == ' ';
        if (!before.ends_with('=') || !ends || at < from) continue;
        out.append(html, from, at - from).append("cid:").append(id);
        from = end;
    }
    if (from == 0) return;
    out.append(html, from);
    html = std::move(out);
}

} // namespace

std::string picture_between(attachment& file, std::size_t place) {
    file.content_id = name_of(file, place);
    return fmt::format("<p><img src=\"cid:{}\"></p>", file.content_id);
}

void place_pictures(std::string& html, std::vector<attachment>& files, const part_places& places) {
    const bool any = !html.empty() && !files.empty() && lower_ascii(html).contains("<img");
    const auto named = any ? pictures_named_by(html) : std::set<std::string>{};
    for (std::size_t i = 0; i < files.size(); ++i) {
        auto& file = files[i];
        file.is_inline = false;
        if (named.empty() || places.between.contains(i)) continue;
        if (!file.content_id.empty() && named.contains("cid:" + lower_ascii(file.content_id))) {
            file.is_inline = true;
            continue;
        }
        if (!file.type.starts_with("image/")) continue;
        const auto location = places.locations.find(i);
        const auto stands_for = [&](const std::string& text) { return !text.empty() && named.contains(text); };
        for (const auto& name : {lower_ascii(file.content_id), lower_ascii(file.name),
                                 location == places.locations.end() ? std::string() : lower_ascii(location->second)}) {
            if (!stands_for(name)) continue;
            file.content_id = name_of(file, i);
            name_by_id(html, name, file.content_id);
            file.is_inline = true;
            break;
        }
    }
}

} // namespace switchboard::channels::email

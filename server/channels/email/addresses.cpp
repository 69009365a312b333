#include "channels/email/addresses.hpp"

#include "channels/email/gmime_ptr.hpp"
#include "channels/email/header_text.hpp"

#include <switchboard/util/text.hpp>

#include <algorithm>
#include <utility>

namespace switchboard::channels::email {
namespace {

constexpr std::size_t most_addresses = 2000;
constexpr std::size_t most_groups = 500;

void append_mailboxes(InternetAddressList* list, std::vector<party>& out, int depth) {
    const int count = internet_address_list_length(list);
    for (int i = 0; i < count && out.size() < most_addresses; ++i) {
        InternetAddress* address = internet_address_list_get_address(list, i);
        if (INTERNET_ADDRESS_IS_GROUP(address)) {
            if (auto* members = internet_address_group_get_members(INTERNET_ADDRESS_GROUP(address));
                members && depth < 3)
                append_mailboxes(members, out, depth + 1);
            continue;
        }
        const auto value =
            canonical_address(to_string(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address))));
        const std::string name{trim(clean_utf8(to_string(internet_address_get_name(address))))};
        // A quoted local part with brackets in it is an encoded name with its address, not an address.
        if (value.contains('@') && value.find_first_of("<>") == std::string::npos) {
            out.push_back({"email", value, name});
        } else if (!value.empty() || !name.empty()) {
            out.push_back({"", value, name}); // "MAILER-DAEMON" reaches nobody and still says who wrote
        }
    }
}

std::string without_mailto(std::string_view text) {
    std::string out;
    for (auto at = text.find("<mailto:"); at != std::string_view::npos; at = text.find("<mailto:")) {
        out.append(text.substr(0, at + 1));
        text.remove_prefix(at + 1);
        while (text.starts_with("mailto:")) text.remove_prefix(7);
    }
    return out.append(text);
}

/// Whether the local part of what stands in angle brackets holds blanks that no quotes hold together. A parser that
/// leaves them out makes up an address, which may be somebody's.
bool has_loose_blanks(std::string_view address) {
    const auto local = trim(address.substr(0, address.rfind('@')));
    if (!address.contains('@') || local.starts_with('"') || local.contains('(')) return false;
    for (auto at = local.find_first_of(" \t"); at != std::string_view::npos; at = local.find_first_of(" \t", at)) {
        const auto next = local.find_first_not_of(" \t", at);
        if (next == std::string_view::npos) return false;
        if (local[at - 1] != '.' && local[next] != '.') return true; // beside a dot the old grammar allows them
        at = next;
    }
    return false;
}

/// Takes out the mailboxes whose address is none, and keeps whom they name.
std::string without_loose_mailboxes(const std::string& text, std::vector<party>& named) {
    std::string out;
    std::size_t begin = 0; // of the mailbox
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\\' && quoted) {
            ++i;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && (c == ',' || c == ';')) {
            out += text.substr(begin, i + 1 - begin);
            begin = i + 1;
        } else if (!quoted && c == '<') {
            const auto close = text.find('>', i);
            if (close == std::string::npos) break;
            if (has_loose_blanks(std::string_view(text).substr(i + 1, close - i - 1)) &&
                named.size() < most_addresses) {
                std::string name = text.substr(begin, i - begin);
                std::erase_if(name, [](char n) { return n == '"' || n == '\\'; });
                named.push_back({"", "", clean_utf8(trim(name))});
                begin = std::min(text.find_first_of(",;", close), text.size());
                begin += begin < text.size();
                i = begin - 1;
            } else {
                i = close;
            }
        }
    }
    return out + text.substr(std::min(begin, text.size()));
}

/// "Jane @ Shop, Inc. <jane@shop.example>": outside of quotes and brackets an "@" with a blank on both sides is a word
/// of a name, and a parser that leaves the blanks out would make an address of it.
void spell_out_loose_ats(std::string& text) {
    bool quoted = false, bracketed = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\\' && quoted)
            ++i;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '<' || c == '>'))
            bracketed = c == '<';
        else if (c == '@' && !quoted && !bracketed && i > 0 && text[i - 1] == ' ' && i + 1 < text.size() &&
                 text[i + 1] == ' ')
            text[i] = '-';
    }
}

/// The parts of a list that semicolons separate as they do in Outlook; those that end a group ("Team: a@b.c;") do not.
std::vector<std::string_view> by_semicolons(std::string_view text) {
    std::vector<std::string_view> out;
    bool quoted = false, group = false;
    int inside = 0; // brackets and comments
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\\')
            ++i;
        else if (c == '"')
            quoted = !quoted;
        else if (quoted)
            continue;
        else if (c == '<' || c == '(' || c == '[')
            ++inside;
        else if (c == '>' || c == ')' || c == ']')
            inside = std::max(0, inside - 1);
        else if (c == ':' && inside == 0)
            group = true;
        else if (c == ';' && inside == 0 && !std::exchange(group, false)) {
            out.push_back(text.substr(begin, i - begin));
            begin = i + 1;
        }
    }
    out.push_back(text.substr(begin));
    return out;
}

/// Outlook's lists as the grammar has them: separated by commas, which a name ("Lee, Ann") may hold only in quotes.
std::string with_commas(const std::string& text) {
    const auto parts = by_semicolons(text);
    if (parts.size() == 1) return text;
    std::string out;
    for (const auto part : parts) {
        if (trim(part).empty()) continue;
        if (!out.empty()) out += ", ";
        const auto bracket = part.find('<');
        const auto name = trim(part.substr(0, bracket));
        const bool one = bracket != std::string_view::npos && bracket == part.rfind('<') && name.contains(',') &&
                         name.find_first_of("@:;\"\\") == std::string_view::npos;
        if (one)
            out.append("\"").append(name).append("\" ").append(part.substr(bracket));
        else
            out += part;
    }
    return out;
}

std::vector<party> parse_decoded(std::string text) {
    std::vector<party> out;
    if (text.contains(';')) text = with_commas(text);
    if (text.contains('<')) spell_out_loose_ats(text); // without brackets it may be all there is
    text = without_loose_mailboxes(text, out);
    // To the grammar "mailto:" is a route without a domain.
    text = without_mailto(text);
    // GMime calls itself for each group, and one may begin at each colon.
    std::size_t colons = 0;
    std::ranges::replace_if(text, [&](char c) { return c == ':' && ++colons > most_groups; }, ' ');
    const parser_options_ptr options{g_mime_parser_options_new()};
    g_mime_parser_options_set_allow_addresses_without_domain(options.get(), TRUE);
    const gobject_ptr<InternetAddressList> list{internet_address_list_parse(options.get(), text.c_str())};
    if (list) append_mailboxes(list.get(), out, 0);
    return out;
}

// The one address in a field that is no address list by any grammar: in brackets, or the word that holds an "@".
std::string salvage(std::string_view text) {
    std::string plain;
    int comments = 0;
    for (const char c : text) {
        if (c == '(') ++comments;
        if (comments == 0) plain += c;
        if (c == ')' && comments > 0) --comments;
    }
    if (const auto open = plain.rfind('<'); open != std::string::npos) {
        plain = plain.substr(open + 1, plain.find('>', open) - open - 1);
        if (has_loose_blanks(plain)) return {};
        std::erase(plain, ' ');
    } else {
        const auto at = plain.find('@');
        const auto begin = plain.find_last_of(" ,;:\"", at);
        plain = at == std::string::npos ? std::string()
                                        : plain.substr(begin + 1, plain.find_first_of(" ,;:\"", at) - begin - 1);
    }
    const auto at = plain.find('@');
    return at == std::string::npos || at == 0 || at + 1 == plain.size() ? std::string() : canonical_address(plain);
}

} // namespace

std::string canonical_address(std::string_view address) {
    address = trim(address);
    if (address.starts_with('<') && address.ends_with('>')) address = trim(address.substr(1, address.size() - 2));
    if (lower_ascii(address.substr(0, 7)) == "mailto:") address.remove_prefix(7);
    const std::string clean = clean_utf8(address);
    if (std::ranges::none_of(clean, [](char c) { return (c & 0x80) != 0; })) return lower_ascii(clean);
    return lower_utf8(clean);
}

std::vector<party> parse_addresses(std::string_view raw, std::string_view charset) {
    start_gmime();
    auto parties = parse_decoded(decode_address_header(raw, charset));
    const auto known = [](const party& p) { return !p.kind.empty(); };
    // Some mailers encode the whole header, address included.
    if (std::ranges::none_of(parties, known)) {
        if (auto again = parse_decoded(decode_header(raw, charset)); std::ranges::any_of(again, known))
            parties = std::move(again);
    }
    if (parties.empty()) {
        if (auto address = salvage(decode_header(raw, charset)); !address.empty())
            return {{"email", std::move(address), ""}};
        // "MAILER-DAEMON <>" is no mailbox either.
        std::string name = decode_header(raw, charset);
        std::erase_if(name, [](char c) { return c == '<' || c == '>' || c == '"'; });
        if (const auto words = trim(name); !words.empty() && words.find_first_of(":;,@") == std::string_view::npos)
            parties.push_back({"", canonical_address(words), std::string(words)});
    }
    return parties;
}

} // namespace switchboard::channels::email

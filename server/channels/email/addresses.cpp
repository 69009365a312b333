#include "channels/email/addresses.hpp"

#include "channels/email/gmime_ptr.hpp"
#include "channels/email/header_text.hpp"

#include <switchboard/util/text.hpp>

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <algorithm>

namespace switchboard::channels::email {
namespace {

constexpr std::size_t most_addresses = 2000;

void append_mailboxes(InternetAddressList* list, std::vector<party>& out, int depth) {
    const int count = internet_address_list_length(list);
    for (int i = 0; i < count && out.size() < most_addresses; ++i) {
        InternetAddress* address = internet_address_list_get_address(list, i);
        if (INTERNET_ADDRESS_IS_GROUP(address)) {
            if (auto* members = internet_address_group_get_members(INTERNET_ADDRESS_GROUP(address)); members && depth < 3)
                append_mailboxes(members, out, depth + 1);
            continue;
        }
        const auto value = canonical_address(to_string(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address))));
        const std::string name{trim(clean_utf8(to_string(internet_address_get_name(address))))};
        if (value.contains('@')) {
            out.push_back({"email", value, name});
        } else if (!value.empty() || !name.empty()) {
            out.push_back({"", value, name}); // "MAILER-DAEMON" reaches nobody and still says who wrote
        }
    }
}

std::vector<party> parse_decoded(const std::string& text) {
    std::vector<party> out;
    const parser_options_ptr options{g_mime_parser_options_new()};
    g_mime_parser_options_set_allow_addresses_without_domain(options.get(), TRUE);
    const gobject_ptr<InternetAddressList> list{internet_address_list_parse(options.get(), text.c_str())};
    if (list) append_mailboxes(list.get(), out, 0);
    return out;
}

} // namespace

std::string canonical_address(std::string_view address) {
    address = trim(address);
    if (address.starts_with('<') && address.ends_with('>')) address = trim(address.substr(1, address.size() - 2));
    const std::string clean = clean_utf8(address);
    if (std::ranges::none_of(clean, [](char c) { return (c & 0x80) != 0; })) return lower_ascii(clean);
    std::string out;
    icu::UnicodeString::fromUTF8(clean).toLower(icu::Locale::getRoot()).toUTF8String(out);
    return out;
}

std::vector<party> parse_addresses(std::string_view raw, std::string_view charset) {
    start_gmime();
    auto parties = parse_decoded(decode_address_header(raw, charset));
    const auto known = [](const party& p) { return !p.kind.empty(); };
    // Some mailers encode the whole header, address included.
    if (std::ranges::none_of(parties, known)) {
        if (auto again = parse_decoded(decode_header(raw, charset)); std::ranges::any_of(again, known)) parties = std::move(again);
    }
    // "MAILER-DAEMON <>" is no mailbox either.
    if (parties.empty()) {
        std::string name = decode_header(raw, charset);
        std::erase_if(name, [](char c) { return c == '<' || c == '>' || c == '"'; });
        if (const auto words = trim(name); !words.empty() && words.find_first_of(":;,@") == std::string_view::npos) parties.push_back({"", canonical_address(words), std::string(words)});
    }
    return parties;
}

} // namespace switchboard::channels::email

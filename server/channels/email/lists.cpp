#include "channels/email/lists.hpp"

#include "channels/email/addresses.hpp"

#include <switchboard/util/text.hpp>

#include <algorithm>

namespace switchboard::channels::email {
namespace {

constexpr std::size_t most_list_addresses = 20;

/// "users.lists.example.org", out of "Users <users.lists.example.org>".
std::string id_of(std::string_view field) {
    const auto open = field.rfind('<');
    if (open != std::string_view::npos) field = field.substr(open + 1, field.find('>', open) - open - 1);
    return lower_ascii(trim(field));
}

/// "list support@example.com; contact support+owners@example.com"
std::string address_of_mailing_list(std::string_view field) {
    field = trim(field);
    if (lower_ascii(field.substr(0, 5)) == "list ") field.remove_prefix(5);
    return canonical_address(field.substr(0, field.find_first_of("; \t,")));
}

/// Where "<mailto:users@lists.example.org?subject=…>" posts to.
std::string address_of_post(std::string_view field) {
    const auto at = lower_ascii(field).find("mailto:");
    if (at == std::string::npos) return {};
    field.remove_prefix(at + 7);
    return canonical_address(field.substr(0, field.find_first_of(">?, \t")));
}

/// Whether what somebody set is this address. Nearly every setting is plain, and nothing is copied of it.
bool is_same(std::string_view set, std::string_view address) {
    set = trim(set);
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
    if (std::ranges::equal(set, address, {}, lower)) return true;
    const bool plain = std::ranges::none_of(set, [](char c) { return c == '<' || c == ':' || (c & 0x80) != 0; });
    return !plain && canonical_address(set) == address;
}

} // namespace

bool is_among(const std::vector<std::string>& list, std::string_view address) {
    return std::ranges::any_of(list, [&](const std::string& one) { return is_same(one, address); });
}

bool is_own(const gateway_settings& settings, std::string_view address) {
    for (std::string plain{address}; !plain.empty();) {
        if (is_among(settings.own_addresses, plain)) return true;
        const auto at = plain.rfind('@');
        const auto plus = at == std::string::npos ? at : plain.rfind('+', at);
        if (plus == std::string::npos || plus == 0) return false;
        plain.erase(plus, at - plus);
    }
    return false;
}

mailing_list read_list(const mail_headers& headers, const gateway_settings& settings) {
    mailing_list list;
    const auto precedence = headers.token("precedence");
    list.any = precedence == "list" || headers.has("list-id") || headers.has("list-post") ||
               headers.has("mailing-list") || headers.has("x-beenthere");
    if (!list.any) return list;
    const auto add = [&](std::string address) {
        if (address.contains('@') && list.addresses.size() < most_list_addresses &&
            std::ranges::find(list.addresses, address) == list.addresses.end())
            list.addresses.push_back(std::move(address));
    };
    for (const auto* raw : headers.all("list-post")) add(address_of_post(*raw));
    for (const auto* raw : headers.all("mailing-list")) add(address_of_mailing_list(*raw));
    for (const auto* raw : headers.all("x-beenthere")) add(canonical_address(*raw));
    const auto id = id_of(headers.text("list-id"));
    if (const auto dot = id.find('.'); dot != std::string::npos && dot > 0 && !id.contains('@'))
        add(canonical_address(id.substr(0, dot) + '@' + id.substr(dot + 1)));
    list.ours = is_among(settings.groups, id) || std::ranges::any_of(list.addresses, [&](const std::string& address) {
                    return is_own(settings, address) || is_among(settings.groups, address);
                });
    return list;
}

} // namespace switchboard::channels::email

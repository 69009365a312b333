#include "channels/email/author.hpp"

#include "channels/email/addresses.hpp"

#include <switchboard/util/text.hpp>

#include <algorithm>
#include <iterator>
#include <optional>

namespace switchboard::channels::email {
namespace {

constexpr std::string_view by_way_of = " via "; // "Jon via Support"

/// What a group writes of the author whose place in From it took.
std::optional<party> original_of(const mail_headers& headers, const party& from) {
    for (const std::string_view field : {"x-original-from", "x-original-sender"}) {
        const auto* raw = headers.raw(field);
        if (raw == nullptr) continue;
        for (auto& candidate : parse_addresses(*raw, headers.charset())) {
            if (candidate.kind.empty()) continue;
            if (candidate.name.empty()) candidate.name = from.name.substr(0, from.name.find(by_way_of));
            return candidate;
        }
    }
    return std::nullopt;
}

} // namespace

mail_author find_author(const mail_headers& headers, const party& from, const std::vector<party>& reply_to,
                        const mailing_list& list, const gateway_settings& settings) {
    mail_author author{from, {}, false, false};
    if (from.kind != "email") return author;
    const auto posts_to = [&](std::string_view address) {
        return std::ranges::find(list.addresses, address) != list.addresses.end();
    };
    const auto is_nobody = [&](const party& p) { // who stands between an author and us
        return is_own(settings, p.value) || is_among(settings.groups, p.value) || is_among(settings.forms, p.value) ||
               posts_to(p.value);
    };
    if (!is_nobody(from)) return author;

    std::vector<party> strangers;
    std::ranges::copy_if(reply_to, std::back_inserter(strangers), [&](const party& p) { return !is_nobody(p); });
    const auto original = original_of(headers, from);
    if (original && !is_nobody(*original)) {
        author.who = *original;
    } else if (!strangers.empty()) {
        author.who = strangers.front();
        const bool rewritten = list.any || from.name.contains(by_way_of);
        author.by_form = !rewritten;
        if (author.by_form) author.more.assign(strangers.begin() + 1, strangers.end());
        if (author.who.name.empty() && rewritten) author.who.name = from.name.substr(0, from.name.find(by_way_of));
    } else {
        author.own = is_own(settings, from.value);
    }
    return author;
}

} // namespace switchboard::channels::email

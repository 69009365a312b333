#include <switchboard/channels/normalize.hpp>

#include <switchboard/util/hash.hpp>

#include "channels/chat/chat.hpp"
#include "channels/email/email.hpp"
#include "channels/fax/fax.hpp"
#include "channels/mail_webhooks/mail_webhooks.hpp"
#include "channels/phone/asterisk.hpp"
#include "channels/phone/freeswitch.hpp"
#include "channels/phone/phone.hpp"
#include "channels/records.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>

namespace switchboard::channels {

namespace {

using normalizer = std::vector<normalized_record> (*)(const gateway_settings&, const raw_input&, const limits&);

struct gateway_kind {
    std::string_view name;
    std::string_view channel;
    normalizer normalize;
    bool proves_itself = false; // by a secret, where one is set: a stranger's must not be kept unproved
};

constexpr std::array gateway_kinds = {
    gateway_kind{"email", "email", normalize_email},
    gateway_kind{"sendgrid", "email", normalize_sendgrid, true},
    gateway_kind{"mailgun", "email", normalize_mailgun, true},
    gateway_kind{"postmark", "email", normalize_postmark, true},
    gateway_kind{"ses", "email", normalize_ses, true},
    gateway_kind{"phone", "phone", normalize_phone},
    gateway_kind{"freeswitch", "phone", normalize_freeswitch},
    gateway_kind{"asterisk", "phone", normalize_asterisk},
    gateway_kind{"chat", "chat", normalize_chat},
    gateway_kind{"widget", "chat", normalize_widget},
    gateway_kind{"fax", "fax", normalize_fax},
};

constexpr auto kind_names = [] {
    std::array<std::string_view, gateway_kinds.size()> all;
    std::ranges::transform(gateway_kinds, all.begin(), &gateway_kind::name);
    return all;
}();

const gateway_kind* find_kind(std::string_view name) {
    const auto* found = std::ranges::find(gateway_kinds, name, &gateway_kind::name);
    return found == gateway_kinds.end() ? nullptr : found;
}

std::vector<normalized_record> understand(const gateway_kind& kind, const gateway_settings& settings,
                                          const raw_input& input, const limits& bounds) {
    if (input.body.size() > bounds.message_bytes) {
        auto reason = fmt::format("larger than {} bytes", bounds.message_bytes);
        if (kind.proves_itself && !settings.secret.empty())
            return {refused_input{.status = 413, .reason = std::move(reason), .field = ""}};
        return {quarantined(kind.channel, input.body, std::move(reason))};
    }
    try {
        auto records = kind.normalize(settings, input, bounds);
        if (!records.empty()) return records;
        return {quarantined(kind.channel, input.body, "nothing found in it")};
    } catch (const std::exception& fault) {
        // A fault of ours must not lose what the sender gave us: it is kept and can be replayed after the fix.
        return {quarantined(kind.channel, input.body, fmt::format("could not be read: {}", fault.what()))};
    }
}

} // namespace

std::vector<normalized_record> normalize(std::string_view kind, const gateway_settings& settings,
                                         const raw_input& input, const limits& bounds) {
    const auto* known = find_kind(kind);
    if (!known) return {refused_input{.status = 404, .reason = "unknown gateway kind", .field = "kind"}};
    auto records = understand(*known, settings, input, bounds);
    for (std::size_t i = 0; i < records.size(); ++i) {
        make_presentable(records[i], bounds);
        auto* contact = std::get_if<inbound_contact>(&records[i]);
        // An id that was nothing but NUL: repeats must still find each other.
        if (contact && contact->external_id.empty())
            contact->external_id = fmt::format("sha256:{}.{}", sha256_hex(input.body), i);
    }
    return records;
}

std::span<const std::string_view> kinds() {
    return kind_names;
}

std::string_view channel_of(std::string_view kind) {
    const auto* known = find_kind(kind);
    return known ? known->channel : std::string_view();
}

} // namespace switchboard::channels

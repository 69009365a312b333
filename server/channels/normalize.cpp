#include <switchboard/channels/normalize.hpp>

#include <switchboard/util/hash.hpp>

#include "channels/kinds.hpp"
#include "channels/records.hpp"

#include <fmt/format.h>

#include <exception>

namespace switchboard::channels {

namespace {

std::vector<normalized_record> understand(const kind_row& kind, const gateway_settings& settings,
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
    static const auto names = [] {
        std::vector<std::string_view> all;
        for (const auto& kind : all_kinds()) all.push_back(kind.name);
        return all;
    }();
    return names;
}

std::string_view channel_of(std::string_view kind) {
    const auto* known = find_kind(kind);
    return known ? known->channel : std::string_view();
}

} // namespace switchboard::channels

#include <switchboard/intake/mailboxes.hpp>

#include <switchboard/util/text.hpp>

#include <algorithm>

namespace switchboard::intake {
namespace {

std::string canonical(std::string_view address) {
    auto inner = trim(address);
    if (inner.starts_with('<') && inner.ends_with('>')) inner = trim(inner.substr(1, inner.size() - 2));
    return lower_ascii(inner);
}

} // namespace

mailboxes::mailboxes(const intake_config& config) {
    for (const auto& [id, gateway] : config.gateways) { // in order of ids
        if (gateway.kind != "email") continue;
        for (const auto& address : gateway.settings.own_addresses) gateways_.emplace(canonical(address), id);
        if (!gateway.from_address.empty()) gateways_.emplace(canonical(gateway.from_address), id);
    }
    gateways_.erase("");
}

std::int64_t mailboxes::find(std::string_view address) const {
    auto wanted = canonical(address);
    for (;;) {
        if (const auto it = gateways_.find(wanted); it != gateways_.end()) return it->second;
        const auto at = wanted.rfind('@');
        const auto plus = wanted.rfind('+', at);
        if (at == wanted.npos || plus == wanted.npos || plus == 0) return 0;
        wanted.erase(plus, at - plus); // a mailbox may have a tag of its own in front of ours
    }
}

} // namespace switchboard::intake

#include "intake/contact_facts.hpp"

#include <algorithm>
#include <charconv>

namespace switchboard::intake {
namespace {

bool has_flag(const inbound_contact& c, std::string_view flag) {
    return std::ranges::find(c.flags, flag) != c.flags.end();
}

} // namespace

std::string_view call_id(const inbound_contact& c) {
    return c.channel == "phone" && c.quarantine.empty() ? std::string_view{c.thread_key} : std::string_view{};
}

const party* customer_of(const inbound_contact& c) {
    const auto* who = c.direction == "in" ? &c.from : c.to.empty() ? nullptr : &c.to.front();
    if (c.direction == "in" && c.mail.own_sender) return nullptr;
    if (who == nullptr || who->kind.empty() || who->value.empty() || who->kind == "fax_csid") return nullptr;
    return who;
}

std::string other_external_id(const inbound_contact& c) {
    constexpr std::size_t enough = 16; // of the hash
    return c.mail.letter_hash.empty() ? "" : c.external_id + '#' + c.mail.letter_hash.substr(0, enough);
}

bool is_bounce(const inbound_contact& c) {
    return has_flag(c, "bounce");
}

bool is_machine(const inbound_contact& c) {
    return c.mail.machine || has_flag(c, "machine") || has_flag(c, "auto_reply") || is_bounce(c);
}

std::optional<std::int64_t> subject_ticket(const inbound_contact& c) {
    const auto& token = c.mail.subject_token;
    std::int64_t id = 0;
    const auto end = token.data() + token.size();
    const auto [stop, error] = std::from_chars(token.data(), end, id);
    if (token.empty() || error != std::errc{} || stop != end || id <= 0) return std::nullopt;
    return id;
}

} // namespace switchboard::intake

#include "intake/clues.hpp"

#include <algorithm>
#include <ranges>

namespace switchboard::intake {
namespace {

constexpr std::size_t most_ids = 20, most_people = 20, longest_id = 500;

void add_id(std::vector<std::string>& to, const std::string& id) {
    if (id.empty() || id.size() > longest_id || to.size() >= most_ids) return;
    if (auto clue = "<" + id + ">"; std::ranges::find(to, clue) == to.end()) to.push_back(std::move(clue));
}

bool is_somebody(const std::string& address, const intake_config& config) {
    return address.contains('@') && !config.own_addresses.contains(address);
}

} // namespace

std::vector<std::string> clues_of(const inbound_contact& c) {
    std::vector<std::string> out;
    if (c.channel != "email" || !c.mail.believed || c.mail.own_sender) return out;
    for (const auto& id : c.mail.in_reply_to) add_id(out, id);
    for (const auto& id : c.mail.references | std::views::reverse) add_id(out, id);
    add_id(out, c.mail.message_id); // others may have answered it before it came
    if (!c.mail.conversation.empty()) out.push_back("conversation " + c.mail.conversation);
    return out;
}

std::vector<store::clue_of> asked_with(const std::string& clue, const inbound_contact& c, const intake_config& config) {
    std::vector<store::clue_of> out;
    if (is_somebody(c.from.value, config)) out.push_back({clue, c.from.value, true});
    for (const auto* list : {&c.to, &c.cc})
        for (const auto& p : *list)
            if (out.size() < most_people && is_somebody(p.value, config)) out.push_back({clue, p.value, false});
    return out;
}

std::vector<store::clue_of> left_with(const std::string& clue, const inbound_contact& c, const intake_config& config) {
    // Only who wrote it: whom he names beside himself is his claim, and must not draw their mails to him.
    if (!is_somebody(c.from.value, config)) return {};
    return {{clue, c.from.value, true}, {clue, c.from.value, false}};
}

} // namespace switchboard::intake

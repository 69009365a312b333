#include "intake/clues.hpp"

#include "intake/planner.hpp"

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

store::known_ticket* planner::ticket_of_clues(const inbound_contact& c) {
    for (const auto& clue : clues_of(c)) {
        store::known_ticket* newest = nullptr;
        for (const auto& asked : asked_with(clue, c, config_)) {
            const auto [from, to] = clues_.equal_range(asked);
            for (auto it = from; it != to; ++it)
                if (auto* t = ticket(it->second); t && (!newest || t->summary.id > newest->summary.id)) newest = t;
        }
        if (newest != nullptr) return newest;
    }
    return nullptr;
}

void planner::leave_clues(const inbound_contact& c, std::int64_t ticket) {
    for (const auto& clue : clues_of(c)) {
        const bool known = clue.starts_with('<') && messages_.contains(clue.substr(1, clue.size() - 2));
        if (known) continue;
        bool left = std::ranges::find(out_.clues, std::pair{clue, ticket}) != out_.clues.end();
        for (const auto& one : left_with(clue, c, config_)) {
            const auto [from, to] = clues_.equal_range(one);
            left = left || std::any_of(from, to, [&](const auto& there) { return there.second == ticket; });
            clues_.emplace(one, ticket);
        }
        if (!left) out_.clues.emplace_back(clue, ticket);
    }
}

} // namespace switchboard::intake

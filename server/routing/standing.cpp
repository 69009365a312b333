#include "routing/standing.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace switchboard::routing {

namespace {

struct channel_noun {
    std::string_view channel, one, many;
};
constexpr std::array<channel_noun, channel_count> nouns{{{"phone", "call", "calls"},
                                                         {"chat", "chat", "chats"},
                                                         {"email", "e-mail", "e-mails"},
                                                         {"fax", "fax", "faxes"},
                                                         {"post", "letter", "letters"},
                                                         {"walkin", "visit", "visits"},
                                                         {"social", "message", "messages"}}};

std::string_view noun_of(const work_in_hand& w) {
    const auto found = std::ranges::find(nouns, w.channel, &channel_noun::channel);
    if (found == nouns.end()) return w.channel;
    return w.capacity == 1 ? found->one : found->many;
}

std::string joined(const std::vector<std::string>& parts) {
    std::string out;
    for (std::size_t i = 0; i < parts.size(); ++i)
        out += (i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ") + parts[i];
    return out;
}

std::vector<std::string> words_of(const agent_exclusions& a, const std::vector<work_in_hand>& hands,
                                  const store::routing_history& h) {
    std::vector<std::string> out;
    for (std::size_t n = 0; n < exclusion_count; ++n) {
        const auto reason = static_cast<exclusion>(n);
        if (!a.reasons.contains(reason)) continue;
        if (reason == exclusion::skill || reason == exclusion::licence) {
            for (const auto& lack : a.lacks)
                if (lack.what == reason) out.push_back(lack_words(lack, h));
        } else if (reason == exclusion::busy && !hands.empty()) {
            out.push_back("no room beside " + hands_words(hands));
        } else {
            out.push_back(missing_words(to_string(reason)));
        }
    }
    return out;
}

} // namespace

named agents_known::who(std::int64_t id) const {
    return {id, name_in(names, id)};
}

std::vector<work_in_hand> agents_known::in_hand(std::int64_t id) const {
    const auto found = hands.find(id);
    return found == hands.end() ? std::vector<work_in_hand>{} : found->second;
}

std::string name_in(const agent_names& names, std::int64_t id) {
    const auto found = names.find(id);
    return found == names.end() ? "somebody" : found->second;
}

std::string term_words(const shortfall& s, const store::routing_history& h) {
    if (s.what == exclusion::licence) return fmt::format("{} ({})", name_in(h.licences, s.id), s.jurisdiction);
    const auto name = name_in(h.skills, s.id);
    return s.max ? fmt::format("{} {} to {}", name, s.min, *s.max) : fmt::format("{} {}", name, s.min);
}

std::string lack_words(const shortfall& s, const store::routing_history& h) {
    if (s.what == exclusion::licence) return "lacks the licence " + term_words(s, h);
    return s.level == 0 ? "lacks " + term_words(s, h) : fmt::format("lacks {}: has {}", term_words(s, h), s.level);
}

std::string hands_words(const std::vector<work_in_hand>& hands) {
    std::vector<std::string> parts;
    for (const auto& w : hands) parts.push_back(fmt::format("{} of {} {}", w.items, w.capacity, noun_of(w)));
    return joined(parts);
}

std::string missing_words(std::string_view reason) {
    if (reason == "no_member") return "not in the queue";
    if (reason == "role") return "may not take tickets (role)";
    if (reason == "delay") return "sees it only later";
    if (reason == "skill") return "a skill is missing";
    if (reason == "licence") return "a licence is missing";
    if (reason == "grade") return "it is too difficult";
    if (reason == "queue_closed") return "the queue is closed";
    if (reason == "not_signed_in") return "not ready for this channel";
    if (reason == "shift_ends") return "the shift ends too soon";
    if (reason == "refused") return "refused it a short while ago";
    if (reason == "held_for_other") return "it is kept for somebody else";
    if (reason == "reserve") return "is kept free for calls and chats";
    if (reason == "ringing") return "another offer rings there";
    return "no room for more right now";
}

std::vector<agent_standing> standings(const explanation& e, const agents_known& known,
                                      const store::routing_history& h) {
    std::vector<agent_standing> out;
    for (const auto* list : {&e.could, &e.almost, &e.others})
        for (const auto& a : *list) {
            agent_standing one{known.who(a.agent), {}, {}, {}, {}};
            one.allowed = !a.reasons.contains(exclusion::role) && !a.reasons.contains(exclusion::licence);
            for (std::size_t n = 0; n < exclusion_count; ++n)
                if (const auto r = static_cast<exclusion>(n); a.reasons.contains(r))
                    one.reasons.emplace_back(to_string(r));
            one.in_hand = known.in_hand(a.agent);
            one.words = words_of(a, one.in_hand, h);
            out.push_back(std::move(one));
        }
    std::ranges::sort(out, {}, [](const agent_standing& a) { return std::pair{a.agent.name, a.agent.id}; });
    return out;
}

} // namespace switchboard::routing

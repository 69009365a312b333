#include <switchboard/model/reply_recipients.hpp>

#include <algorithm>
#include <ranges>

namespace switchboard {
namespace {

using addresses = std::set<std::string, std::less<>>;

void remember(addresses& known, const std::vector<party>& list) {
    for (const auto& p : list) known.insert(p.value);
}

/// The answer's recipients as they gather, each once.
class gathering {
public:
    gathering(const said& answered, const house_addresses& ours) : answered_{answered}, ours_{ours} {}

    bool is_person(const party& p) const {
        return p.kind == "email" && !is_of_house(ours_, p.value) &&
               std::ranges::find(answered_.lists, p.value) == answered_.lists.end();
    }
    void add(std::vector<party>& list, const party& p) {
        if (is_person(p) && taken_.insert(p.value).second) list.push_back(p);
    }

private:
    const said& answered_;
    const house_addresses& ours_;
    addresses taken_;
};

/// Those with whom the ticket has corresponded: who wrote its first mail and whom that named, and whom we wrote to. To
/// have written makes nobody known, nor does a Reply-To: a mail that names one of ours as its reference joins, and a
/// second one would bring its thief in.
addresses correspondents(std::span<const said> earlier) {
    addresses out;
    bool begun = false;
    for (const auto& c : earlier) {
        const bool first_words = c.inbound && !c.machine && !begun;
        begun = begun || first_words;
        if (first_words) {
            out.insert(c.from.value);
            remember(out, c.more_senders);
        }
        if (!c.inbound || first_words || &c == &earlier.front()) {
            remember(out, c.to);
            remember(out, c.cc);
        }
    }
    return out;
}

addresses everybody(std::span<const said> earlier) {
    addresses out;
    for (const auto& c : earlier) {
        out.insert(c.from.value);
        for (const auto* list : {&c.more_senders, &c.to, &c.cc}) remember(out, *list);
    }
    return out;
}

bool is_answerable(const said& c, const house_addresses& ours) {
    return c.inbound && !c.machine && gathering{c, ours}.is_person(c.from);
}

/// Which contact is answered: the last of somebody who belongs to the ticket. Whoever has only a reference to one of
/// its mails, as any forwarded copy gives it, is offered; a colleague is answered where nobody else wrote.
std::optional<std::size_t> answered_contact(std::span<const said> contacts, const house_addresses& ours,
                                            const house_addresses& colleagues) {
    std::optional<std::size_t> first, last, last_colleague;
    for (std::size_t i = 0; i < contacts.size(); ++i) {
        if (!is_answerable(contacts[i], ours)) continue;
        const auto& writer = contacts[i].from.value;
        if (colleagues.contains(writer)) {
            last_colleague = i;
        } else if (!first) {
            first = last = i;
        } else if (correspondents(contacts.first(i)).contains(writer)) {
            last = i;
        }
    }
    return last ? last : last_colleague;
}

} // namespace

bool is_of_house(const house_addresses& ours, std::string_view address) {
    for (std::string plain{address};;) {
        if (ours.contains(plain)) return true;
        const auto at = plain.rfind('@');
        const auto plus = at == std::string::npos ? at : plain.rfind('+', at);
        if (plus == std::string::npos || plus == 0) return false;
        plain.erase(plus, at - plus);
    }
}

reply_recipients recipients_of_reply(std::span<const said> contacts, const house_addresses& ours,
                                     const house_addresses& colleagues) {
    reply_recipients out;
    out.answered = answered_contact(contacts, ours, colleagues);

    if (!out.answered) { // no person wrote: whom we wrote to last, and all that a machine's mail names only on request
        for (const auto& c : contacts | std::views::reverse) {
            gathering all{c, ours};
            if (!c.inbound && !c.machine) {
                for (const auto& p : c.to) all.add(out.to, p);
                for (const auto& p : c.cc) all.add(out.others, p);
                if (!out.to.empty()) return out;
            }
        }
        for (const auto& c : contacts | std::views::reverse) {
            if (!c.inbound) continue;
            gathering all{c, ours};
            all.add(out.others, c.from);
            for (const auto* list : {&c.reply_to, &c.to, &c.cc})
                for (const auto& p : *list) all.add(out.others, p);
            break;
        }
        return out;
    }

    const auto& last = contacts[*out.answered];
    const auto earlier = contacts.first(*out.answered);
    const auto known = correspondents(earlier);
    gathering all{last, ours};
    for (const auto& p : last.reply_to)
        if (p.value != last.from.value && known.contains(p.value)) all.add(out.to, p);
    auto& senders = out.to.empty() ? out.to : out.others;
    all.add(senders, last.from);
    for (const auto& p : last.more_senders) all.add(senders, p);
    for (const auto* list : {&last.to, &last.cc})
        for (const auto& p : *list) all.add(out.others, p);
    for (const auto& p : last.reply_to) all.add(out.reply_to, p);
    for (const auto& later : contacts.subspan(*out.answered + 1))
        if (is_answerable(later, ours) && !colleagues.contains(later.from.value)) all.add(out.others, later.from);

    // The first contact makes a ticket's first circle.
    const auto before = everybody(earlier.empty() ? contacts.first(1) : earlier);
    for (const auto& p : out.reply_to) out.newcomers.push_back(p.value);
    for (const auto* list : {&out.to, &out.others})
        for (const auto& p : *list)
            if (!before.contains(p.value)) out.newcomers.push_back(p.value);
    return out;
}

} // namespace switchboard

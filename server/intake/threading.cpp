#include "intake/planner.hpp"

#include <algorithm>
#include <ranges>

namespace switchboard::intake {
namespace {

using store::known_ticket;

bool within(timestamp last, timestamp now, std::int64_t window_s) {
    return last >= now - std::chrono::seconds{window_s};
}

std::int64_t window_of(const intake_config& config, std::int64_t queue) {
    const auto q = config.queues.find(queue);
    return q == config.queues.end() ? 0 : q->second.thread_window_s.value;
}

} // namespace

planner::thread planner::find_thread(const store::intake_item& item, const inbound_contact& c,
                                     const classification& kind, const std::optional<store::known_customer>& who) {
    if (c.channel == "email") return find_mail_thread(item, c, who);
    if (auto* t = ticket_of_thread(item, c)) return {.ticket = t, .related = {}};
    if (who && (c.channel == "phone" || c.channel == "fax"))
        return {.ticket = open_ticket_of(who->who.id, kind, item.received_at), .related = {}};
    return {};
}

planner::thread planner::find_mail_thread(const store::intake_item& item, const inbound_contact& c,
                                          const std::optional<store::known_customer>& who) {
    for (const auto id : item.reply_tokens)
        if (auto* t = ticket(id)) return {.ticket = t, .related = {}, .answers = true};
    for (const auto& id : c.mail.in_reply_to)
        if (auto* t = ticket_of_message(item.gateway_id, id)) return {.ticket = t, .related = {}, .answers = true};
    for (const auto& id : c.mail.references | std::views::reverse)
        if (auto* t = ticket_of_message(item.gateway_id, id)) return {.ticket = t, .related = {}, .answers = true};

    if (auto* t = ticket_of_clues(c)) return {.ticket = t, .related = {}, .by_clue = true};

    // A number in the subject can be guessed, and a sender is a claim: it counts for those who take part already and
    // for whom a host that we trust vouches. From others it is a hint.
    const auto named = subject_ticket(c);
    auto* t = named ? ticket(*named) : nullptr;
    if (t == nullptr) return {};
    const bool is_customer = who && t->summary.customer && t->summary.customer->id == who->who.id;
    const bool takes_part = is_customer || answers_.participants.contains({*named, c.from.value});
    if (c.mail.vouched && takes_part) return {.ticket = t, .related = {}};
    return {.ticket = nullptr, .related = named};
}

known_ticket* planner::ticket(std::int64_t id) {
    const auto it = tickets_.find(id);
    return it == tickets_.end() ? nullptr : &it->second;
}

known_ticket* planner::ticket_of_message(std::int64_t gateway, const std::string& message_id) {
    known_ticket* any = nullptr;
    // The same message may have come to several of our mailboxes: the ticket of this one comes first.
    const auto [from, to] = messages_.equal_range(message_id);
    for (auto it = from; it != to; ++it) {
        auto* t = ticket(it->second.ticket_id);
        if (t != nullptr && it->second.gateway_id == gateway) return t;
        if (any == nullptr) any = t;
    }
    return any;
}

known_ticket* planner::ticket_of_thread(const store::intake_item& item, const inbound_contact& c) {
    if (c.thread_key.empty()) return nullptr;
    const auto it = threads_.find({item.gateway_id, c.thread_key});
    auto* t = it == threads_.end() ? nullptr : ticket(it->second);
    if (t == nullptr) return nullptr;
    const auto& s = t->summary;
    // A chat goes on where it was, however long it is open, and wakes a ticket that was solved lately; a line that
    // rings again after long is a new matter.
    const bool is_chat = c.channel != "phone" && c.channel != "fax";
    if (s.state == "solved" && !is_chat) return created_.contains(s.id) ? t : nullptr; // other legs of our own call
    if (s.state != "solved" && is_chat) return t;
    return within(s.last_contact_at, item.received_at, window_of(config_, s.queue.id)) ? t : nullptr;
}

known_ticket* planner::open_ticket_of(std::int64_t customer, const classification& kind, timestamp now) {
    known_ticket* newest = nullptr;
    for (auto& t : tickets_ | std::views::values) {
        const auto& s = t.summary;
        if (!s.customer || s.customer->id != customer || s.state == "solved" || s.queue.id != kind.queue_id) continue;
        if (!within(s.last_contact_at, now, window_of(config_, kind.queue_id))) continue;
        if (newest == nullptr || s.last_contact_at >= newest->summary.last_contact_at) newest = &t;
    }
    return newest;
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

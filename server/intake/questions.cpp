#include "intake/acknowledge.hpp"
#include "intake/clues.hpp"
#include "intake/contact_facts.hpp"
#include "intake/plan.hpp"

#include <switchboard/channels/normalize.hpp>
#include <switchboard/util/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace switchboard::intake {
namespace {

void ask_for_mail(store::intake_questions& q, const store::intake_item& item, const inbound_contact& c,
                  const intake_config& config) {
    if (config.mailboxes > 1 && !c.mail.message_id.empty()) {
        q.twins.emplace_back(item.gateway_id, c.mail.message_id);
        q.locks.push_back("mail " + c.mail.message_id); // it may come to another node for another mailbox just now
    }
    if (item.ours) q.message_ids.push_back(c.mail.message_id);
    for (const auto& p : c.mail.more_senders) {
        q.identities.emplace_back(p.kind, p.value);
        ++q.new_customers;
    }
    for (const auto ticket : item.reply_tokens) q.tickets.push_back(ticket);
    for (const auto& id : c.mail.in_reply_to) q.message_ids.push_back(id);
    for (const auto& id : c.mail.references) q.message_ids.push_back(id);
    for (const auto& clue : clues_of(c)) std::ranges::move(asked_with(clue, c, config), std::back_inserter(q.clues));
    if (const auto ticket = subject_ticket(c)) {
        q.tickets.push_back(*ticket);
        q.participants.emplace_back(*ticket, c.from.value);
    }
}

void ask_for_call(store::intake_questions& q, std::int64_t gateway, const std::string& call) {
    q.contacts.emplace_back(gateway, call);
    q.calls.emplace_back(gateway, call);
    q.locks.push_back(fmt::format("thread {} {}", gateway, call));
}

void ask_for_thread(store::intake_questions& q, const intake_gateway& gateway, const inbound_contact& c) {
    if (!c.thread_key.empty()) {
        q.threads.emplace_back(gateway.id, c.thread_key);
        q.locks.push_back(fmt::format("thread {} {}", gateway.id, c.thread_key));
        if (gateway.kind == "widget") q.chat_sessions.push_back(c.thread_key);
    }
    const auto* who = customer_of(c);
    if (who != nullptr && (c.channel == "phone" || c.channel == "fax")) {
        q.callers.emplace_back(who->kind, who->value);
        q.locks.push_back(fmt::format("caller {} {}", who->kind, who->value));
    }
}

template <class T>
void make_unique(std::vector<T>& list) {
    std::ranges::sort(list);
    const auto rest = std::ranges::unique(list);
    list.erase(rest.begin(), rest.end());
}

} // namespace

store::intake_questions questions_of(const store::intake_group& group, const intake_config& config) {
    store::intake_questions q;
    for (const auto& item : group) {
        const auto& gateway = config.gateways.at(item->gateway_id);
        const auto* event = std::get_if<contact_event>(&item->record);
        if (event != nullptr) q.event_targets.emplace_back(gateway.id, event->of);
        if (event != nullptr && channels::channel_of(gateway.kind) == "phone") ask_for_call(q, gateway.id, event->of);
        if (item->mends) q.mends.push_back(*item->mends);
        if (event != nullptr && !event->unmatched) continue;
        const auto& c = event != nullptr ? *event->unmatched : std::get<inbound_contact>(item->record);
        q.contacts.emplace_back(gateway.id, c.external_id);
        if (auto other = other_external_id(c); !other.empty()) q.contacts.emplace_back(gateway.id, std::move(other));
        if (!item->mends) ++q.new_contacts;
        if (!c.quarantine.empty()) continue;
        ++q.new_tickets;
        if (const auto* who = customer_of(c)) {
            q.identities.emplace_back(who->kind, who->value);
            ++q.new_customers;
        }
        if (config.acknowledges && may_acknowledge(config, gateway, c)) {
            q.acknowledged.push_back(lower_ascii(c.from.value));
            ++q.new_contacts;
        }
        if (const auto call = call_id(c); !call.empty()) {
            ask_for_call(q, gateway.id, std::string{call});
            q.calls.emplace_back(gateway.id, c.external_id);
            q.event_targets.emplace_back(gateway.id, call); // what came of it before itself
        }
        if (c.channel == "email")
            ask_for_mail(q, *item, c, config);
        else
            ask_for_thread(q, gateway, c);
    }
    make_unique(q.contacts);
    make_unique(q.calls);
    make_unique(q.event_targets);
    make_unique(q.message_ids);
    make_unique(q.clues);
    make_unique(q.twins);
    make_unique(q.identities);
    make_unique(q.threads);
    make_unique(q.tickets);
    make_unique(q.participants);
    make_unique(q.chat_sessions);
    make_unique(q.callers);
    make_unique(q.acknowledged);
    make_unique(q.mends);
    make_unique(q.locks);
    return q;
}

} // namespace switchboard::intake

#include "intake/acknowledge.hpp"

#include "intake/contact_facts.hpp"

#include <switchboard/util/json.hpp>
#include <switchboard/util/mail_head.hpp>
#include <switchboard/util/text.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace switchboard::intake {
namespace {

bool wants_no_answer(const inbound_contact& c) {
    const auto details = own_json(c.details);
    if (!details.is_object()) return false;
    const auto asked = lower_ascii(details.value("auto_response_suppress", ""));
    constexpr std::array<std::string_view, 3> ours{"all", "autoreply", "oof"};
    return std::ranges::any_of(ours, [&](std::string_view word) { return asked.contains(word); });
}

/// Fills {number}, {name} and {subject}; nothing that is filled in is read again.
std::string filled(std::string_view words, const ticket_summary& ticket, const inbound_contact& c) {
    const std::array<std::pair<std::string_view, std::string_view>, 3> values{
        {{"{number}", ticket.number}, {"{name}", c.from.name}, {"{subject}", ticket.subject}}};
    std::string out;
    while (!words.empty()) {
        const auto found = std::ranges::find_if(values, [&](const auto& v) { return words.starts_with(v.first); });
        if (found == values.end()) {
            out += words.front();
            words.remove_prefix(1);
        } else {
            out += found->second;
            words.remove_prefix(found->first.size());
        }
    }
    return out;
}

} // namespace

bool may_acknowledge(const intake_config& config, const intake_gateway& gateway, const inbound_contact& c) {
    const auto address = lower_ascii(c.from.value);
    return c.channel == "email" && c.direction == "in" && !is_machine(c) && !gateway.from_address.empty() &&
           address.contains('@') && !config.own_addresses.contains(address) && !wants_no_answer(c);
}

store::acknowledgement acknowledge(const queue& q, const intake_gateway& gateway, const inbound_contact& c,
                                   const ticket_summary& ticket) {
    store::acknowledgement out;
    out.gateway_id = gateway.id;
    out.ticket = ticket;
    if (ticket.customer) out.customer_id = ticket.customer->id;
    out.from = {"email", gateway.from_address, q.sender_name.empty() ? gateway.from_name : q.sender_name};
    out.to = {"email", lower_ascii(c.from.value), c.from.name};
    mail_head question{ticket.subject, c.mail.message_id, {}, c.mail.references};
    if (const auto details = own_json(c.details); details.is_object()) {
        question.thread_topic = details.value("thread_topic", "");
        question.thread_index = details.value("thread_index", "");
    }
    out.head = answer_to(question, ticket.number, gateway.from_address);
    out.text = filled(q.acknowledgement, ticket, c);
    out.at = ticket.opened_at;
    return out;
}

} // namespace switchboard::intake

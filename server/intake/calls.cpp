#include "intake/planner.hpp"

#include <switchboard/channels/calls.hpp>
#include <switchboard/util/json.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

/// One call is one contact, however often and by however many legs it is told of.
namespace switchboard::intake {
namespace {

using channels::call_state;

/// What was said of a call before the call itself was.
bool is_progress(std::string_view type) {
    return type == "ringing" || type == "answered" || type == "hangup";
}

std::string agent_of(const inbound_contact& call) {
    return own_json(call.details).value("agent", "");
}

} // namespace

planner::call_place* planner::call_of(const store::external_key& key) {
    if (const auto here = calls_.find(key); here != calls_.end()) return &here->second;
    const auto known = answers_.calls.find(key);
    if (known == answers_.calls.end()) return nullptr;
    return &calls_.emplace(key, call_place{known->second, {}, {}}).first->second;
}

planner::call_place* planner::call_of(std::int64_t gateway, const inbound_contact& c) {
    if (auto* call = call_of({gateway, std::string{call_id(c)}})) return call;
    return call_of({gateway, c.external_id}); // a leg that was kept by its own id, before legs were one call
}

std::optional<store::intake_receipt> planner::told_again(const store::intake_item& item, const inbound_contact& c) {
    auto* call = call_of(item.gateway_id, c);
    if (call == nullptr || call->known.contact_id == item.mends) return std::nullopt;
    store::intake_receipt receipt{call->known.contact_id, call->known.ticket_id, "ticketed", true, {}, {}};
    if (item.mends) out_.repeats.push_back({*item.mends, call->known.contact_id});
    auto now = channels::completed(call->known.told, c);
    if (!now) return receipt;
    receipt.duplicate = false;
    receipt.outcome = "event";
    out_.call_reports.push_back({&item, std::string{call_id(c)}});
    // A leg inside the house was told first, and made it look like a call of our own.
    const bool came_in = call->known.told.direction == "out" && now->direction == "in";
    complete(*call, std::move(*now));
    if (auto* t = call->known.ticket_id ? ticket(*call->known.ticket_id) : nullptr; t != nullptr && came_in)
        append(*t, item, call->known.told, true);
    return receipt;
}

void planner::begin_call(const store::intake_item& item, store::contact_row& row, const inbound_contact& c) {
    auto now = c;
    const auto first = events_.lower_bound({item.gateway_id, row.external_id, "", std::nullopt, ""});
    for (auto it = first; it != events_.end(); ++it) {
        const auto& [gateway, of, type, at, details] = *it;
        if (gateway != item.gateway_id || of != row.external_id) break;
        if (!is_progress(type)) continue;
        if (auto more = channels::completed(now, contact_event{type, of, at, details}, item.received_at)) {
            now = std::move(*more);
            row.call = now;
        }
    }
    const store::known_call ringing{row.id, row.ticket_id, row.customer_id.has_value(), {}};
    if (channels::state_of(now) != call_state::ended) note_end(ringing, now); // work is left of a call that was taken
}

void planner::remember_call(const store::intake_item& item, const store::contact_row& row, const inbound_contact& c) {
    auto& place = calls_[{item.gateway_id, row.external_id}];
    place.known = {row.id, row.ticket_id, row.customer_id.has_value(), row.call ? *row.call : c};
    if (item.mends)
        place.mended = out_.mended.size();
    else
        place.made = out_.contacts.size();
}

void planner::progress(const store::intake_item& item, const contact_event& e) {
    if (!is_progress(e.type)) return;
    auto* call = call_of({item.gateway_id, e.of});
    if (call == nullptr) return;
    if (auto now = channels::completed(call->known.told, e, item.received_at)) complete(*call, std::move(*now));
}

void planner::complete(call_place& call, inbound_contact now) {
    note_end(call.known, now);
    std::optional<store::known_customer> who;
    if (!call.known.has_customer) who = customer(now);
    const auto subject_was = call.known.told.subject;
    if (auto* t = call.known.ticket_id ? ticket(*call.known.ticket_id) : nullptr; t != nullptr) {
        if (who && !t->summary.customer) t->summary.customer = who->who;
        if (t->summary.subject == subject_was) t->summary.subject = now.subject; // nobody has given it another
        if (created_.contains(t->summary.id)) {
            auto& made =
                std::ranges::find(out_.tickets, t->summary.id, [](const auto& r) { return r.summary.id; })->summary;
            made.customer = t->summary.customer;
            made.subject = t->summary.subject;
        }
    }
    call.known.told = now;
    call.known.has_customer |= who.has_value();
    if (call.made || call.mended) {
        auto& row = call.made ? out_.contacts.at(*call.made) : out_.mended.at(*call.mended);
        if (who) row.customer_id = who->who.id;
        row.call = std::move(now);
        return;
    }
    auto& change = out_.calls[call.known.contact_id];
    change.contact_id = call.known.contact_id;
    change.ticket_id = call.known.ticket_id;
    if (who) change.customer_id = who->who.id;
    if (!change.subject_was) change.subject_was = subject_was;
    change.now = std::move(now);
}

void planner::note_end(const store::known_call& before, const inbound_contact& now) {
    const auto from = before.told.channel.empty() ? call_state::rings : channels::state_of(before.told);
    const auto to = channels::state_of(now);
    if (from == to || from == call_state::ended || now.direction != "in") return;
    const auto* t = before.ticket_id ? ticket(*before.ticket_id) : nullptr;
    if (t == nullptr || t->summary.channel != "phone") return; // nothing of it rings with anybody
    if (from == call_state::missed) {                          // by the leg that was told first: another was answered
        if (out_.ended_calls.erase(*before.ticket_id) == 0) out_.answered_after_all.push_back(*before.ticket_id);
        return;
    }
    store::ended_call end{*before.ticket_id, store::leaving::hung_up, {}};
    if (to == call_state::ended) end.how = store::leaving::call_over;
    if (to == call_state::talks) {
        end.how = store::leaving::answered_elsewhere;
        end.agent = agent_of(now);
        if (end.agent.empty()) return; // it may well be who has the offer
    }
    out_.ended_calls.insert_or_assign(end.ticket_id, std::move(end));
}

} // namespace switchboard::intake

#include "intake/plan.hpp"

#include "intake/acknowledge.hpp"
#include "intake/planner.hpp"

#include <switchboard/util/json.hpp>
#include <switchboard/util/one_line.hpp>
#include <switchboard/util/text.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace switchboard::intake {
namespace {

/// Tried out by an admin: it is nobody's work, and joins nobody's ticket.
bool is_test(const inbound_contact& c) {
    return std::ranges::find(c.flags, "test") != c.flags.end();
}

constexpr std::size_t subject_bytes = 120; // of a ticket whose first contact has no subject
constexpr std::size_t note_bytes = 100'000;

/// The sender's clock, unless it cannot be right.
timestamp occurred(const inbound_contact& c, timestamp received) {
    using namespace std::chrono;
    constexpr timestamp oldest = sys_days{year{1900} / 1 / 1};
    if (!c.occurred_at || *c.occurred_at < oldest || *c.occurred_at > received + hours{24}) return received;
    return *c.occurred_at;
}

std::string subject_of(const inbound_contact& c) {
    const auto subject = trim(c.subject);
    if (!subject.empty()) return std::string{subject};
    const auto words = trim(c.text_reply.empty() ? c.text : c.text_reply);
    return one_line(truncate_utf8(words.substr(0, words.find('\n')), subject_bytes));
}

/// What an event means for something that we sent; empty = nothing.
std::string delivery_from(const contact_event& e) {
    if (e.type == "sent" || e.type == "delivered" || e.type == "read" || e.type == "failed") return e.type;
    if (e.type != "bounce") return {};
    const auto details = own_json(e.details);
    if (!details.is_object() || !details.contains("recipients") || !details["recipients"].is_array()) return {};
    const auto is_hard = [](const auto& r) { return r.is_object() && r.value("severity", "") == "hard"; };
    return std::ranges::any_of(details["recipients"], is_hard) ? "failed" : "";
}

void keep(store::known_ticket& t, const sla::promise& promise) {
    t.sla = promise.text();
    t.summary.due_at = promise.due_at();
    t.sla_check_at = promise.check_at();
}

int rank(const std::string& delivery) {
    constexpr std::string_view order[] = {"queued", "sent", "failed", "delivered", "read", "cancelled"};
    return static_cast<int>(std::ranges::find(order, delivery) - std::begin(order));
}

} // namespace

planner::planner(const intake_config& config, const store::intake_answers& answers)
    : config_{config}, answers_{answers}, messages_{answers.messages}, clues_{answers.clues},
      sessions_{answers.chat_sessions}, events_{answers.events}, acknowledged_{answers.acknowledged} {
    for (const auto& t : answers.tickets) {
        tickets_.emplace(t.summary.id, t);
        if (t.gateway_id && !t.thread_key.empty()) {
            auto& newest = threads_[{*t.gateway_id, t.thread_key}];
            newest = std::max(newest, t.summary.id);
        }
    }
}

store::intake_writes planner::run(const store::intake_group& group) {
    for (const auto& item : group)
        out_.receipts.push_back(std::visit([&](const auto& record) { return visit(*item, record); }, item->record));
    std::ranges::sort(out_.to_route);
    const auto rest = std::ranges::unique(out_.to_route);
    out_.to_route.erase(rest.begin(), rest.end());
    return std::move(out_);
}

store::intake_receipt planner::visit(const store::intake_item& item, const inbound_contact& c) {
    store::contact_row row;
    row.item = &item;
    row.external_id = c.external_id;
    if (item.mends && (!answers_.mendable.contains(*item.mends) || !c.quarantine.empty()))
        return unmended(item, c.quarantine);
    if (const auto call = call_id(c); !call.empty()) {
        if (auto receipt = told_again(item, c)) return *receipt;
        row.external_id = call;
    }
    if (auto receipt = repeated(c, row)) {
        if (item.mends) out_.repeats.push_back({*item.mends, receipt->contact_id});
        return *receipt;
    }
    row.id = item.mends ? *item.mends : answers_.contact_ids.at(contacts_used_++);
    row.occurred_at = occurred(c, item.received_at);
    if (!item.mends) row.raw_of = raw_of(item, row.id);
    if (!c.quarantine.empty()) {
        row.outcome = "quarantined";
    } else {
        row.outcome = is_bounce(c) ? "bounce" : "ticketed";
        const auto& gateway = config_.gateways.at(item.gateway_id);
        const auto who = customer(c);
        if (who) row.customer_id = who->who.id;
        const auto kind = classify(config_, gateway, c);
        auto found = is_test(c) ? thread{} : find_thread(item, c, kind, who);
        const auto other = twin(item, c);
        if (other && other->ticket_id && is_one_letter(other->letter, letter_of(c))) {
            if (found.by_clue) found = {}; // each of two mailboxes has its own
            // One queue serves both mailboxes: one contact. Two do: two tickets, each of which shows the other.
            if (found.ticket ? found.ticket->summary.id == *other->ticket_id : other->queue_id == kind.queue_id)
                return delivered_again(item, row.external_id,
                                       {other->contact_id, other->ticket_id, "ticketed", true, {}, {}});
            if (!found.ticket) {
                found.related = other->ticket_id;
                found.related_why = "copy";
            }
        }
        auto* t = found.ticket;
        row.new_ticket = t == nullptr;
        const bool by_person = !is_machine(c) || (c.mail.person_if_answer && found.answers);
        row.person = by_person && is_machine(c);
        if (row.new_ticket) {
            t = &open(item, c, kind, who, found);
            if (!is_test(c)) acknowledge_first(gateway, c, t->summary);
        } else {
            if (t->summary.owner) row.told_agent = t->summary.owner->id; // also when he loses it by this
            row.reopened = append(*t, item, c, by_person);
        }
        row.ticket_id = t->summary.id;
        row.ticket = t->summary;
        row.thread_seq = next_seq(gateway, c);
        if (!call_id(c).empty()) begin_call(item, row, c);
        for (const auto& p : c.mail.more_senders) customer(p, c.language);
        if (!c.mail.forwarded_by.kind.empty()) note_of_forwarder(c, t->summary.id);
        if (!c.mail.message_id.empty()) {
            messages_.emplace(c.mail.message_id, store::known_message{item.gateway_id, t->summary.id, row.id, false});
            if (!row.same_message_id_as && other) row.same_message_id_as = other->contact_id;
            mails_.emplace(c.mail.message_id,
                           std::pair{item.gateway_id,
                                     store::known_twin{row.id, row.ticket_id, t->summary.queue.id, letter_of(c)}});
        }
        leave_clues(c, t->summary.id);
    }
    const store::intake_receipt receipt{row.id, row.ticket_id, row.outcome, false, row.thread_seq, c.quarantine};
    placed_.emplace(store::external_key{item.gateway_id, row.external_id}, place{receipt, letter_of(c)});
    if (!call_id(c).empty()) remember_call(item, row, c);
    (item.mends ? out_.mended : out_.contacts).push_back(std::move(row));
    return receipt;
}

void planner::acknowledge_first(const intake_gateway& gateway, const inbound_contact& c, const ticket_summary& ticket) {
    const auto q = config_.queues.find(ticket.queue.id);
    if (q == config_.queues.end() || q->second.acknowledgement.empty() || !may_acknowledge(config_, gateway, c)) return;
    auto& lately = acknowledged_[lower_ascii(c.from.value)];
    if (lately >= acknowledgements_an_hour) return;
    ++lately;
    auto answer = acknowledge(q->second, gateway, c, ticket);
    answer.contact_id = answers_.contact_ids.at(contacts_used_++);
    messages_.emplace(answer.head.message_id, store::known_message{gateway.id, ticket.id, answer.contact_id, true});
    out_.acknowledgements.push_back(std::move(answer));
}

store::intake_receipt planner::unmended(const store::intake_item& item, const std::string& why) const {
    store::intake_receipt receipt;
    receipt.contact_id = *item.mends;
    receipt.duplicate = true; // nothing was written
    receipt.outcome = answers_.mendable.contains(*item.mends) ? "quarantined" : "repeat";
    receipt.detail = why;
    return receipt;
}

store::intake_receipt planner::visit(const store::intake_item& item, const contact_event& e) {
    if (item.mends && !answers_.mendable.contains(*item.mends)) return unmended(item, {});
    if (e.unmatched) { // it may have come before, when what it speaks of was not known
        store::contact_row row;
        row.item = &item;
        row.external_id = e.unmatched->external_id;
        if (auto receipt = repeated(*e.unmatched, row)) {
            if (item.mends) out_.repeats.push_back({*item.mends, receipt->contact_id});
            return *receipt;
        }
    }
    store::intake_receipt receipt;
    receipt.outcome = "event";
    auto target = answers_.event_targets.find({item.gateway_id, e.of});
    if (target != answers_.event_targets.end() && item.mends == target->second.id) // by an id that it was given itself
        target = answers_.event_targets.end();
    const auto placed = placed_.find({item.gateway_id, e.of});
    if (target != answers_.event_targets.end()) {
        receipt.contact_id = target->second.id;
        receipt.ticket_id = target->second.ticket_id;
    } else if (placed != placed_.end()) {
        receipt.contact_id = placed->second.receipt.contact_id;
        receipt.ticket_id = placed->second.receipt.ticket_id;
    } else if (e.unmatched) {
        return visit(item, *e.unmatched);
    }
    if (item.mends)
        out_.repeats.push_back(
            {*item.mends, receipt.contact_id == 0 ? std::nullopt : std::optional{receipt.contact_id}, e.type});
    receipt.duplicate = !events_.emplace(item.gateway_id, e.of, e.type, e.at, e.details).second;
    if (receipt.duplicate) return receipt;
    out_.contact_events.push_back(&item);
    progress(item, e);

    const auto delivery = delivery_from(e);
    if (delivery.empty() || target == answers_.event_targets.end() || !target->second.delivery) return receipt;
    auto current = *target->second.delivery;
    const auto earlier = std::ranges::find(out_.deliveries, target->second.id, &store::delivery_change::contact_id);
    if (earlier != out_.deliveries.end()) current = earlier->delivery;
    if (rank(delivery) <= rank(current)) return receipt;
    if (earlier != out_.deliveries.end()) out_.deliveries.erase(earlier); // the furthest alone is told
    out_.deliveries.push_back({target->second.id, target->second.ticket_id, delivery, &item});
    return receipt;
}

std::optional<store::known_customer> planner::customer(const inbound_contact& c) {
    const auto* who = customer_of(c);
    if (who == nullptr) return std::nullopt;
    return customer(*who, c.language);
}

store::known_customer planner::customer(const party& who, const std::string& language) {
    const store::identity_key key{who.kind, who.value};
    if (const auto it = answers_.customers.find(key); it != answers_.customers.end()) return it->second;
    if (const auto it = new_customers_.find(key); it != new_customers_.end()) return it->second;
    store::known_customer made{{answers_.customer_ids.at(customers_used_++), who.name}, language};
    out_.customers.push_back({made.who.id, who, language});
    new_customers_.emplace(key, made);
    return made;
}

void planner::note_of_forwarder(const inbound_contact& c, std::int64_t ticket) {
    const auto& by = c.mail.forwarded_by;
    auto text = (by.name.empty() ? by.value : by.name + " <" + by.value + ">") + " passed this mail on.";
    // Words are a colleague's own only where somebody vouches for the sender; else they are what a mail claims.
    if (!c.mail.vouched) text += " Nobody has checked that it was really sent from there.";
    if (!c.mail.forward_note.empty()) text += "\n\n" + c.mail.forward_note;
    auto author = c.mail.vouched ? lower_ascii(by.value) : std::string{};
    out_.notes.push_back({ticket, std::move(author), std::string{truncate_utf8(text, note_bytes)}});
}

store::known_ticket& planner::open(const store::intake_item& item, const inbound_contact& c, const classification& kind,
                                   const std::optional<store::known_customer>& who, const thread& found) {
    store::known_ticket t;
    t.gateway_id = item.gateway_id;
    if (c.channel != "email") t.thread_key = c.thread_key;
    auto& s = t.summary;
    s.id = answers_.ticket_ids.at(tickets_used_++);
    s.number = std::to_string(s.id);
    s.queue.id = kind.queue_id;
    const auto q = config_.queues.find(kind.queue_id);
    if (q != config_.queues.end()) s.queue.name = q->second.name;
    s.channel = c.channel;
    if (who) s.customer = who->who;
    s.subject = subject_of(c);
    s.tier = kind.tier;
    s.priority = kind.priority;
    s.language = kind.language.empty() && who ? who->language : kind.language;
    s.enqueue_at = s.opened_at = s.last_contact_at = item.received_at;
    if (c.direction == "in" && !is_test(c)) {
        s.state = "waiting";
        if (!is_machine(c)) promise_anew(t, item.received_at);
        out_.to_route.push_back(s.id);
    } else {
        s.state = "solved"; // our own call or mail, or a test: for the record, nobody need answer it
        s.solved_at = item.received_at;
    }
    created_.insert(s.id);
    if (!t.thread_key.empty()) threads_[{item.gateway_id, t.thread_key}] = s.id;
    out_.tickets.push_back({s, item.gateway_id, kind.difficulty, kind.skills, kind.licences, t.thread_key,
                            found.related, t.sla, t.sla_check_at, found.related_why});
    return tickets_.emplace(s.id, std::move(t)).first->second;
}

bool planner::append(store::known_ticket& t, const store::intake_item& item, const inbound_contact& c, bool by_person) {
    auto& s = t.summary;
    s.last_contact_at = std::max(s.last_contact_at, item.received_at);
    ++s.version;
    const bool wakes = c.direction == "in" && by_person;
    const bool reopened = wakes && s.state == "solved";
    const bool in_hand = s.state == "active" || s.state == "parked";
    const bool left_alone = wakes && in_hand && t.owner_gone && s.owner;
    // What rests with somebody comes back to him: routing ends the hold. Who calls again is rung through.
    const bool rested = wakes && s.state == "held";
    const bool comes_back = rested && s.owner && c.channel != "phone";
    const bool requeued = reopened || left_alone || (rested && !comes_back);
    const auto owner = left_alone ? std::optional{s.owner->id} : std::nullopt;
    if (reopened) s.enqueue_at = item.received_at; // a new wait; a ticket on hold keeps its old place
    if (reopened || (wakes && t.sla.empty())) {    // or a person writes to what a machine has opened
        promise_anew(t, item.received_at);
    } else if (rested) {
        promise_resumed(t, item.received_at);
    }
    if (requeued) put_in_queue(t);
    if (comes_back) s.held_until = s.last_contact_at;

    if (created_.contains(s.id)) {
        const auto row = std::ranges::find(out_.tickets, s.id, [](const auto& r) { return r.summary.id; });
        row->summary = s;
        row->sla = t.sla;
        row->sla_check_at = t.sla_check_at;
    } else {
        auto& change = out_.ticket_changes[s.id];
        change.after = t;
        change.requeued |= requeued;
        if (owner) change.taken_from = owner;
        change.rings_anew |= wakes && c.channel == "phone" && c.thread_key != t.thread_key; // not a leg of that call
    }
    return reopened;
}

void planner::put_in_queue(store::known_ticket& t) {
    auto& s = t.summary;
    s.state = "waiting";
    if (s.owner) t.preferred_agent_id = s.owner->id;
    s.owner.reset();
    s.held_until.reset();
    s.solved_at.reset();
    s.disposition.reset();
    s.disposition_name.reset();
    out_.to_route.push_back(s.id);
}

void planner::promise_anew(store::known_ticket& t, timestamp at) const {
    const auto q = config_.promises.find(t.summary.queue.id);
    if (q == config_.promises.end()) return;
    const auto& target = q->second.by_priority.at(static_cast<std::size_t>(t.summary.priority));
    keep(t, sla::promise::start(target, q->second.hours, at));
}

void planner::promise_resumed(store::known_ticket& t, timestamp at) {
    if (t.sla.empty()) return;
    auto promise = sla::promise::read(t.sla);
    for (auto& line : promise.resume(t.promised_hours, at, "customer"))
        out_.sla_lines.emplace_back(t.summary.id, std::move(line));
    keep(t, promise);
}

std::optional<std::int64_t> planner::next_seq(const intake_gateway& gateway, const inbound_contact& c) {
    if (gateway.kind != "widget") return std::nullopt;
    const auto session = sessions_.find(c.thread_key);
    if (session == sessions_.end()) return std::nullopt;
    out_.chat_sessions[c.thread_key] = ++session->second;
    return session->second;
}

std::optional<std::int64_t> planner::raw_of(const store::intake_item& item, std::int64_t contact) {
    const auto [it, first] = raws_.emplace(item.raw.get(), contact);
    return first ? std::nullopt : std::optional{it->second};
}

store::intake_writes plan(const store::intake_group& group, const intake_config& config,
                          const store::intake_answers& answers) {
    return planner{config, answers}.run(group);
}

} // namespace switchboard::intake

#include "desk/ticket_plan.hpp"

#include <switchboard/model/blending.hpp>
#include <switchboard/util/form.hpp>

#include <algorithm>
#include <iterator>

namespace switchboard::desk {

namespace {

/// What a ticket needs in another queue: without the old queue's skills, with the new one's.
std::string skills_in(const std::string& of_ticket, const queue& from, const queue& to) {
    decltype(queue::skills) needed, out = to.skills;
    put(needed, from_own_json(of_ticket));
    for (const auto& need : needed) {
        const auto same = [&](const skill_need& other) { return other.skill_id == need.skill_id; };
        if (std::ranges::none_of(from.skills, same) && std::ranges::none_of(out, same)) out.push_back(need);
    }
    return to_json(get(out));
}

/// Licences only add up.
std::string licences_in(const std::string& of_ticket, const queue& to) {
    decltype(queue::licences) out;
    put(out, from_own_json(of_ticket));
    for (const auto& need : to.licences) {
        const auto same = [&](const licence_need& other) {
            return other.licence_id == need.licence_id && other.jurisdiction == need.jurisdiction;
        };
        if (std::ranges::none_of(out, same)) out.push_back(need);
    }
    return to_json(get(out));
}

} // namespace

bool is_called_later(const store::ticket_at_hand& at) {
    return at.callback && at.callback->state == name_of(callback_state::scheduled) &&
           at.callback->not_before > at.ticket.now;
}

ticket_plan::ticket_plan(const store::ticket_at_hand& at, std::optional<std::int64_t> by)
    : at_{at}, promise_{sla::promise::read(at.ticket.sla)}, hours_{at.promised_by} {
    out_.row = at.ticket;
    out_.by = by;
}

store::ticket_record& ticket_plan::row() {
    out_.row.version = at_.ticket.version + 1;
    return out_.row;
}

void ticket_plan::keep(const sla::promise& p, sla::promise::lines told) {
    promise_ = p;
    row().sla = p.text();
    row().due_at = p.due_at();
    row().sla_check_at = p.check_at();
    std::ranges::move(told, std::back_inserter(out_.promise));
}

void ticket_plan::resume_promise() {
    if (promise_.empty()) return;
    auto p = promise_;
    keep(p, p.resume(hours_, at_.ticket.now, "customer"));
}

void ticket_plan::wait() {
    auto& r = row();
    r.state = ticket_state::waiting;
    r.owner_id = {};
    r.held_until = {};
    if (at_.ticket.state == ticket_state::held) resume_promise();
}

void ticket_plan::wait_again() {
    auto& r = row();
    if (r.owner_id) r.preferred_agent_id = r.owner_id;
    wait();
}

void ticket_plan::park() {
    row().state = ticket_state::parked;
    out_.parks = true;
}

void ticket_plan::give_up(const std::string& cause) {
    end_offers(cause);
    wait_again();
    out_.returned = cause;
}

void ticket_plan::hold(timestamp until) {
    row().state = ticket_state::held;
    row().held_until = until;
    if (promise_.empty()) return;
    auto p = promise_;
    keep(p, p.pause(hours_, at_.ticket.now, "customer"));
}

void ticket_plan::rest_without_owner() {
    auto& r = row();
    r.preferred_agent_id = r.owner_id;
    r.owner_id = {};
}

void ticket_plan::solve(const disposition& as) {
    const auto& t = at_.ticket;
    const bool his_own =
        !t.offers.empty() && t.offers.front().state == offer_state::active && out_.by == t.offers.front().agent_id;
    if (his_own && !can_wait(t.channel)) out_.wrapup_s = at_.queue.wrapup_s;
    if (out_.wrapup_s == 0) end_offers("solved");
    auto& r = row();
    r.state = ticket_state::solved;
    r.solved_at = t.now;
    r.held_until = {};
    r.disposition = as.id;
    r.disposition_name = as.name;
    cancel_callback();
    if (promise_.empty()) return;
    auto p = promise_;
    keep(p, p.solved(hours_, t.now));
}

void ticket_plan::begin_anew() {
    auto& r = row();
    r.state = ticket_state::waiting;
    if (r.owner_id) r.preferred_agent_id = r.owner_id;
    r.owner_id = {};
    r.held_until = {};
    r.solved_at = {};
    r.disposition = {};
    r.enqueue_at = at_.ticket.now;
    auto told = promise_.tell(hours_, at_.ticket.now); // what it was, to its end
    const auto& terms = at_.terms.value();
    hours_ = terms.hours;
    keep(sla::promise::start(terms.by_priority.at(static_cast<std::size_t>(r.priority)), hours_, at_.ticket.now),
         std::move(told));
}

void ticket_plan::move(std::string_view reason) {
    const auto& to = at_.target.value();
    const auto& t = at_.ticket;
    end_offers(std::string{reason});
    if (is_called_later(at_) && t.state == ticket_state::held) {
        row().owner_id = {};
        row().held_until = at_.callback->not_before;
    } else {
        wait();
    }
    auto& r = row();
    r.queue_id = to.id;
    r.preferred_agent_id = {};
    r.skills = skills_in(t.skills, at_.queue, to);
    r.licences = licences_in(t.licences, to);
    follow_terms(reason);
}

void ticket_plan::follow_terms(std::string_view reason) {
    const auto& terms = at_.terms.value();
    const auto& target = terms.by_priority.at(static_cast<std::size_t>(out_.row.priority));
    if (out_.row.state == ticket_state::solved || promise_.empty() || promise_.policy() == target.policy) return;
    auto p = promise_;
    auto told = p.reprice(target, hours_, terms.hours, at_.ticket.now, reason);
    hours_ = terms.hours;
    keep(p, std::move(told));
}

void ticket_plan::take_up() {
    const auto& t = at_.ticket;
    const bool is_there = (t.channel == "phone" || t.channel == "walkin") && !t.left_message && !at_.callback;
    if (is_there) answer("taken up");
}

void ticket_plan::answer(std::string_view how) {
    if (promise_.empty()) return;
    auto p = promise_;
    keep(p, p.answered(hours_, at_.ticket.now, how));
}

void ticket_plan::reply(store::outgoing_reply words) {
    auto& r = row();
    if (!r.first_reply_at) r.first_reply_at = at_.ticket.now;
    r.last_contact_at = at_.ticket.now;
    out_.reply = std::move(words);
    answer("replied");
}

void ticket_plan::take_back_answer(timestamp sent_at) {
    if (promise_.empty()) return;
    auto p = promise_;
    keep(p, p.take_back(hours_, at_.ticket.now, sent_at, "answer taken back"));
}

void ticket_plan::take_back_solution(timestamp sent_at) {
    auto& r = row();
    r.state = ticket_state::waiting;
    if (r.owner_id) r.preferred_agent_id = r.owner_id;
    r.owner_id = {};
    r.solved_at = {};
    r.disposition = {};
    take_back_answer(sent_at);
    follow_terms("answer taken back"); // a solved one does not
}

void ticket_plan::keep_identity(party identity) {
    row();
    out_.keeps_identity = std::move(identity);
}

void ticket_plan::accept(const store::offer_at_hand& offer) {
    auto& r = row();
    r.state = ticket_state::active;
    r.owner_id = r.preferred_agent_id = offer.agent_id;
    take_up();
    out_.answered = store::offer_answer{.offer_id = offer.id, .agent_id = offer.agent_id, .accepted = true};
    out_.begun_by = offer.agent_id;
    end_offers("somebody else was quicker");
}

void ticket_plan::decline(const store::offer_at_hand& offer, std::string reason) {
    if (at_.ticket.offers.size() == 1) row().state = ticket_state::waiting;
    out_.answered = store::offer_answer{.offer_id = offer.id, .agent_id = offer.agent_id, .reason = std::move(reason)};
}

void ticket_plan::hand_to(const taker& who, events::taking how, std::string reason) {
    auto& r = row();
    r.state = ticket_state::active;
    r.owner_id = r.preferred_agent_id = who.id;
    r.held_until = {};
    if (at_.ticket.state == ticket_state::held) resume_promise();
    take_up();
    out_.handed = store::handover{.agent_id = who.id,
                                  .weight = who.weight,
                                  .how = how,
                                  .reason = std::move(reason),
                                  .past_skill = how == events::taking::assigned ? shortcoming_of(who, false) : "",
                                  .past_capacity = !who.has_room()};
    if (how != events::taking::assigned) out_.begun_by = who.id; // a supervisor's will is not his
}

store::ticket_changes ticket_plan::with_event(events::ticket_changed what) && {
    // In its wrap-up it is in hand still.
    if (out_.ends_offers) what.released = at_.ticket.offer_agent();
    if (out_.ends_wrapup_of) what.released = out_.ends_wrapup_of;
    if (out_.handed && out_.handed->how == events::taking::given_back) what.past_capacity = out_.handed->past_capacity;
    out_.told = std::move(what);
    return std::move(out_);
}

} // namespace switchboard::desk

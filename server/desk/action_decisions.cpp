#include "desk/action_decisions.hpp"

#include "desk/decisions.hpp"

#include <switchboard/model/action_rules.hpp>
#include <switchboard/util/form.hpp>
#include <switchboard/util/json.hpp>

#include <nlohmann/json.hpp>

namespace switchboard::desk {
namespace {

using nlohmann::json;
using store::action_at_hand;

/// What there is to say against any step of one by this person.
std::optional<refusal> obstacle_to_step(const action_at_hand& at, const viewer& me, seen_action seen) {
    const auto& t = at.ticket;
    const auto& a = at.action.value();
    if (!may_see_ticket(me, t.queue_id, t.owner_id, t.offered_to(me.user_id))) return refusal::missing(no_such_action);
    if (a.requested_by.id != me.user_id || !me.granted.may(permission::action_request))
        if (auto no = obstacle_to(ticket_action::request_action, me, t)) return no;
    if (seen && *seen != a.version) return refusal{refusal::kind::stale, "the action has changed since you read it"};
    return std::nullopt;
}

/// And against a step that only one in this state takes.
std::optional<refusal> obstacle_to_step(const action_at_hand& at, const viewer& me, seen_action seen,
                                        action_state must_be, const char* otherwise) {
    if (auto no = obstacle_to_step(at, me, seen)) return no;
    if (at.action->state != name_of(must_be)) return refusal::conflict(otherwise);
    return std::nullopt;
}

action ended(const action_at_hand& at, const viewer& me, action_state how) {
    auto a = at.action.value();
    a.state = name_of(how);
    a.ended_by = named{me.user_id, {}};
    a.ended_at = at.ticket.now;
    ++a.version;
    return a;
}

void authorise(action& a, const viewer& me, timestamp now) {
    a.state = name_of(action_state::authorised);
    a.authorised_by = named{me.user_id, {}};
    a.authorised_at = now;
}

/// Whether what it is done to is there, of the right kind, and this customer's.
std::optional<refusal> wrong_object(const action_at_hand& at, const action_wish& wish) {
    const auto& wanted = at.kind->object_kind_id;
    if (!wanted)
        return wish.object ? std::optional{refusal::invalid("object_id", "must be absent: this is done to no object")}
                           : std::nullopt;
    if (!wish.object) return refusal::invalid("object_id", "must say to what it is done");
    if (!at.object || !at.object->is_customers)
        return refusal::invalid("object_id", "is nothing that this ticket's customer has");
    if (at.object->kind_id != *wanted) return refusal::invalid("object_id", "is of another kind");
    return std::nullopt;
}

/// What it costs us, by its form; nothing: it costs nothing.
std::expected<std::optional<std::int64_t>, refusal> amount_in(const action_kind& kind, const json& form) {
    if (kind.amount_field.empty()) return std::nullopt;
    const auto at = "form." + kind.amount_field;
    const auto& money = form.at(kind.amount_field);
    if (money.at("currency").get<std::string>() != kind.currency)
        return std::unexpected{refusal::invalid(at, "must be in " + kind.currency)};
    const auto amount = money.at("amount").get<std::int64_t>();
    if (amount <= 0) return std::unexpected{refusal::invalid(at, "must be more than nothing")};
    return amount;
}

std::optional<beyond> why_beyond(const store::limit_at_hand& l, std::int64_t amount) {
    const auto& [limit, in_a_day, for_customer] = l;
    if (limit.per_action && amount > *limit.per_action) return beyond{limit_exceeded::per_action, *limit.per_action};
    // Subtracted, since sums could run over.
    if (limit.per_day && amount > *limit.per_day - in_a_day)
        return beyond{limit_exceeded::per_day, *limit.per_day, in_a_day};
    if (limit.per_customer && amount > *limit.per_customer - for_customer)
        return beyond{limit_exceeded::per_customer, *limit.per_customer, for_customer};
    return std::nullopt;
}

} // namespace

std::optional<beyond> why_beyond(const std::vector<store::limit_at_hand>& limits, std::optional<std::int64_t> amount) {
    if (limits.empty()) return beyond{};
    if (!amount) return std::nullopt;
    std::optional<beyond> first; // of the widest limit, which comes first
    for (const auto& l : limits) {
        auto why = why_beyond(l, *amount);
        if (!why) return std::nullopt;
        if (!first) first = std::move(why);
    }
    return first;
}

decided_action decide_request(const action_at_hand& at, const viewer& me, const action_wish& wish) {
    if (auto no = obstacle_to(ticket_action::request_action, me, at.ticket)) return std::unexpected{std::move(*no)};
    if (!at.kind || !at.kind->active)
        return std::unexpected{refusal::invalid("kind_id", "is no kind of action that can be asked for")};
    const auto& kind = *at.kind;
    if (auto wrong = wrong_object(at, wish)) return std::unexpected{std::move(*wrong)};
    const auto form = own_json(wish.form);
    if (auto wrong = misfits(kind.fields, form, "form"); !wrong.empty()) {
        const auto detail = wrong.front().field + " " + wrong.front().message;
        return std::unexpected{refusal{refusal::kind::invalid, detail, std::move(wrong)}};
    }
    const auto amount = amount_in(kind, form);
    if (!amount) return std::unexpected{amount.error()};
    const auto object = at.object ? own_json(at.object->data) : json::object();
    if (auto why = why_not_eligible(kind, form, object, at.ticket.now))
        return std::unexpected{refusal::conflict(std::move(*why))};
    action a;
    a.ticket_id = at.ticket.id;
    a.kind = {kind.id, kind.title};
    if (at.object) a.object = at.object->named;
    a.form = from_own_json(form.dump());
    a.amount = *amount;
    a.currency = kind.currency;
    a.words = wish.words;
    a.requested_by = {me.user_id, {}};
    a.state = name_of(action_state::awaiting_approval);
    if (const auto why = why_beyond(at.limits, *amount)) {
        a.exceeded = name_of(why->what);
        a.bound = why->bound;
        a.used = why->used;
    } else {
        authorise(a, me, at.ticket.now);
    }
    return a;
}

decided_action decide_approval(const action_at_hand& at, const viewer& me, seen_action seen,
                               std::optional<std::int64_t> amount) {
    if (auto no = obstacle_to_step(at, me, seen, action_state::awaiting_approval, "it waits for no approval"))
        return std::unexpected{std::move(*no)};
    auto a = at.action.value();
    if (a.requested_by.id == me.user_id)
        return std::unexpected{refusal::forbidden("nobody approves what he has asked for himself")};
    if (a.object && (!at.object || !at.object->is_customers))
        return std::unexpected{refusal::conflict("what it would be done to is not this customer's any more")};
    if (amount && (!a.amount || *amount > *a.amount || *amount <= 0))
        return std::unexpected{refusal::invalid("amount", a.amount ? "must not be more than was asked for"
                                                                   : "must be absent: it costs nothing")};
    if (amount) {
        auto form = own_json(to_json(a.form));
        form[at.kind->amount_field]["amount"] = *amount;
        a.form = from_own_json(form.dump());
        a.amount = amount;
    }
    if (const auto why = why_beyond(at.limits, a.amount))
        return std::unexpected{refusal::forbidden(why->what == limit_exceeded::no_authority
                                                      ? "you may not authorise this kind of action"
                                                      : "this is beyond your own limit")};
    authorise(a, me, at.ticket.now);
    ++a.version;
    return a;
}

decided_action decide_refusal_of(const action_at_hand& at, const viewer& me, seen_action seen,
                                 const std::string& reason) {
    if (auto no = obstacle_to_step(at, me, seen, action_state::awaiting_approval, "it waits for no approval"))
        return std::unexpected{std::move(*no)};
    if (at.action->requested_by.id == me.user_id)
        return std::unexpected{refusal::conflict("you have asked for it yourself: withdraw it")};
    if (at.limits.empty())
        return std::unexpected{refusal::forbidden("you may not authorise this kind of action, nor refuse it")};
    auto a = ended(at, me, action_state::refused);
    a.note = reason;
    return a;
}

decided_action decide_withdrawal(const action_at_hand& at, const viewer& me, seen_action seen) {
    if (auto no = obstacle_to_step(at, me, seen)) return std::unexpected{std::move(*no)};
    if (at.action->ended_at) return std::unexpected{refusal::conflict("this action has been ended already")};
    return ended(at, me, action_state::withdrawn);
}

decided_action decide_confirmation(const action_at_hand& at, const viewer& me, seen_action seen,
                                   const std::string& reference) {
    if (auto no = obstacle_to_step(at, me, seen, action_state::authorised, "only what is authorised is carried out"))
        return std::unexpected{std::move(*no)};
    auto a = ended(at, me, action_state::confirmed);
    a.reference = reference;
    return a;
}

decided_action decide_failure(const action_at_hand& at, const viewer& me, seen_action seen, const std::string& reason) {
    if (auto no = obstacle_to_step(at, me, seen, action_state::authorised, "only what is authorised is carried out"))
        return std::unexpected{std::move(*no)};
    auto a = ended(at, me, action_state::failed);
    a.note = reason;
    return a;
}

} // namespace switchboard::desk

#include <switchboard/desk/actions.hpp>

#include "desk/action_decisions.hpp"

#include <utility>

namespace switchboard::desk {

using store::action_at_hand;

actions::answer actions::request(std::int64_t ticket, viewer who, action_wish wish, keep_answer kept) {
    store::action_questions q{.ticket = ticket, .kind = wish.kind, .object = wish.object, .asker = who};
    return rows_.change(
        std::move(q),
        [me = std::move(who), wish = std::move(wish)](const action_at_hand& at) {
            return decide_request(at, me, wish);
        },
        std::move(kept));
}

actions::answer actions::step(std::int64_t id, viewer who, store::actions::decision decide, keep_answer kept) {
    return rows_.change({.action = id, .asker = std::move(who)}, std::move(decide), std::move(kept));
}

actions::answer actions::approve(std::int64_t id, viewer who, seen version, std::optional<std::int64_t> amount,
                                 keep_answer kept) {
    return step(
        id, who, [=](const action_at_hand& at) { return decide_approval(at, who, version, amount); }, std::move(kept));
}

actions::answer actions::refuse(std::int64_t id, viewer who, seen version, std::string reason, keep_answer kept) {
    return step(
        id, who, [=](const action_at_hand& at) { return decide_refusal_of(at, who, version, reason); },
        std::move(kept));
}

actions::answer actions::withdraw(std::int64_t id, viewer who, seen version, keep_answer kept) {
    return step(
        id, who, [=](const action_at_hand& at) { return decide_withdrawal(at, who, version); }, std::move(kept));
}

actions::answer actions::confirm(std::int64_t id, viewer who, seen version, std::string reference, keep_answer kept) {
    return step(
        id, who, [=](const action_at_hand& at) { return decide_confirmation(at, who, version, reference); },
        std::move(kept));
}

actions::answer actions::fail(std::int64_t id, viewer who, seen version, std::string reason, keep_answer kept) {
    return step(
        id, who, [=](const action_at_hand& at) { return decide_failure(at, who, version, reason); }, std::move(kept));
}

} // namespace switchboard::desk

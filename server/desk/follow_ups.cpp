#include <switchboard/desk/follow_ups.hpp>

#include "desk/decisions.hpp"

#include <switchboard/model/describe.hpp>

namespace switchboard::desk {

using store::ticket_at_hand;
using store::ticket_questions;

follow_ups::answer follow_ups::promise(std::int64_t ticket, viewer who, follow_up_wish wish, keep_answer kept) {
    ticket_questions q{.ticket = ticket, .asker = who, .follows_up = true};
    return rows_.change_follow_up(
        std::move(q),
        [me = std::move(who), wish = std::move(wish)](const ticket_at_hand& at) {
            return decide_promise(at, me, wish);
        },
        std::move(kept));
}

follow_ups::answer follow_ups::move(std::int64_t id, viewer who, seen version, timestamp due_at, std::string reason,
                                    keep_answer kept) {
    ticket_questions q{.follow_up = id, .if_missing = no_such_follow_up, .asker = who};
    return rows_.change_follow_up(
        std::move(q),
        [me = std::move(who), version, due_at, reason = std::move(reason)](const ticket_at_hand& at) {
            return decide_move(at, me, version, due_at, reason);
        },
        std::move(kept));
}

follow_ups::answer follow_ups::keep(std::int64_t id, viewer who, seen version, follow_up_end how, keep_answer kept) {
    ticket_questions q{.follow_up = id,
                       .if_missing = no_such_follow_up,
                       .asker = who,
                       .follows_up = true,
                       .kept_by = how.contact_id.value_or(0)};
    return end(
        std::move(q),
        [me = std::move(who), version, how = std::move(how)](const ticket_at_hand& at) {
            return decide_keeping(at, me, version, how);
        },
        std::move(kept));
}

follow_ups::answer follow_ups::drop(std::int64_t id, viewer who, seen version, std::string reason, keep_answer kept) {
    ticket_questions q{.follow_up = id, .if_missing = no_such_follow_up, .asker = who};
    return end(
        std::move(q),
        [me = std::move(who), version, reason = std::move(reason)](const ticket_at_hand& at) {
            return decide_dropping(at, me, version, reason);
        },
        std::move(kept));
}

follow_ups::answer follow_ups::end(ticket_questions questions, store::desk_store::decision decide, keep_answer kept) {
    auto done = co_await rows_.change_follow_up(std::move(questions), std::move(decide), std::move(kept));
    if (done && done->outcome)
        if (const auto outcome = named_value<follow_up_outcome>(*done->outcome))
            ++outcomes_.at(static_cast<std::size_t>(*outcome));
    co_return done;
}

} // namespace switchboard::desk

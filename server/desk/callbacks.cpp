#include <switchboard/desk/callbacks.hpp>

#include "desk/decisions.hpp"

namespace switchboard::desk {

using store::ticket_at_hand;
using store::ticket_questions;

callbacks::answer callbacks::schedule(std::int64_t ticket, callback_asker by, callback_wish wish, keep kept) {
    ticket_questions q{.ticket = ticket, .asker = by.who, .calls = true};
    return rows_.change_callback(
        std::move(q),
        [by = std::move(by), wish = std::move(wish)](const ticket_at_hand& at) {
            return decide_callback(at, by, wish);
        },
        std::move(kept));
}

callbacks::answer callbacks::cancel(std::int64_t ticket, callback_asker by) {
    ticket_questions q{.ticket = ticket, .asker = by.who};
    return rows_.change_callback(
        std::move(q), [by = std::move(by)](const ticket_at_hand& at) { return decide_cancellation(at, by); }, {});
}

callbacks::answer callbacks::record(std::int64_t ticket, callback_asker by, std::string result, std::string note,
                                    keep kept) {
    ticket_questions q{.ticket = ticket, .asker = by.who};
    return rows_.change_callback(
        std::move(q),
        [by = std::move(by), result = std::move(result), note = std::move(note)](const ticket_at_hand& at) {
            return decide_attempt(at, by, result, note);
        },
        std::move(kept));
}

callbacks::answer callbacks::dialled(std::int64_t id, callback_asker by, std::string result, keep kept) {
    ticket_questions q{.callback = id, .if_missing = no_such_call, .asker = by.who, .calls = true};
    return rows_.change_callback(
        std::move(q),
        [id, by = std::move(by), result = std::move(result)](const ticket_at_hand& at) {
            return decide_dialled(at, id, by, result);
        },
        std::move(kept));
}

} // namespace switchboard::desk

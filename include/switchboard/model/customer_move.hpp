#pragma once

#include <switchboard/model/describe.hpp>
#include <switchboard/model/directory.hpp>
#include <switchboard/model/time.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace switchboard {

/// For so long a move can be undone.
inline constexpr std::chrono::days move_can_be_undone{30};

struct address_key {
    std::string kind, value;

    bool operator==(const address_key&) const = default;
};
DESCRIBE(address_key, (kind, "What the address is: email, tel, fax, whatsapp and so on."),
         (value, "The address itself, as it is kept."))

struct filled_field {
    std::string field, value;
};
DESCRIBE(filled_field, (field, "Which, by its name."), (value, "What it would say."))

/// What a move would do.
struct customer_move_preview {
    std::string from, to;
    std::vector<address_key> identities;
    std::int64_t open_tickets = 0, solved_tickets = 0;
    std::vector<filled_field> fills, gives_up;
};
DESCRIBE(customer_move_preview, (from, "The name of whom it would be taken from."),
         (to, "The name of who would have it."), (identities, "The addresses that would move."),
         (open_tickets, "How many open tickets would move."), (solved_tickets, "How many solved tickets would move."),
         (fills, "What is not known of the one who stays, and would be filled in."),
         (gives_up, "What is known differently of the one who goes, and would not be shown any more."))

/// A merge or a split that was made.
struct customer_move {
    std::int64_t id = 0;
    std::string kind;
    named from, to;
    std::vector<address_key> identities;
    std::int64_t tickets = 0;
    std::string reason;
    std::optional<named> by;
    timestamp moved_at{}, undo_until{};
    std::optional<timestamp> undone_at;
    std::optional<named> undone_by;
    std::string undo_reason;
};
DESCRIBE(customer_move, (id, "Its number."), (kind, "Whether two customers became one, or one became two."),
         (from, "From whom it was taken."), (to, "Who got it."), (identities, "The addresses that moved."),
         (tickets, "How many tickets moved."), (reason, "Why, in the words of who did it."), (by, "Who did it."),
         (moved_at, "When."), (undo_until, "Until when it can be undone."), (undone_at, "When it was undone."),
         (undone_by, "Who undid it."), (undo_reason, "Why it was undone, in the words of who did it; may be empty."))

/// Somebody who may be the same person.
struct possible_duplicate {
    named customer;
    std::vector<std::string> why;
};
DESCRIBE(possible_duplicate, (customer, "Who may be the same person."), (why, "What speaks for it, in words."))

} // namespace switchboard

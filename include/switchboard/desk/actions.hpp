#pragma once

#include <switchboard/desk/requests.hpp>
#include <switchboard/store/actions.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace switchboard::desk {

/// What is done to what a customer has, within the authority of whoever does it. Each step is one transaction.
class actions {
public:
    explicit actions(store::database& db) : rows_{db} {}

    using answer = store::actions::answer;
    using keep_answer = store::keep<action>;
    using seen = std::optional<std::int64_t>; // the action's version, by If-Match

    /// Authorised at once where a limit of whoever asks covers it, counted in the same transaction; else it waits for
    /// somebody else's approval.
    answer request(std::int64_t ticket, viewer who, action_wish wish, keep_answer kept = {});
    /// By somebody else, within his own limits. `amount`: so much of it; empty: all.
    answer approve(std::int64_t id, viewer who, seen version, std::optional<std::int64_t> amount,
                   keep_answer kept = {});
    answer refuse(std::int64_t id, viewer who, seen version, std::string reason, keep_answer kept = {});
    /// By whoever asked for it, or works on the ticket, as long as it was not carried out.
    answer withdraw(std::int64_t id, viewer who, seen version, keep_answer kept = {});
    /// It was carried out, and can be found by this in the system in which that was.
    answer confirm(std::int64_t id, viewer who, seen version, std::string reference, keep_answer kept = {});
    /// It could not be carried out: it counts for nobody's limits any more.
    answer fail(std::int64_t id, viewer who, seen version, std::string reason, keep_answer kept = {});

private:
    answer step(std::int64_t id, viewer who, store::actions::decision decide, keep_answer kept);

    store::actions rows_;
};

} // namespace switchboard::desk

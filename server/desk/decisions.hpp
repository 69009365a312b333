#pragma once

#include <switchboard/desk/requests.hpp>
#include <switchboard/model/lifecycle.hpp>
#include <switchboard/model/refusal.hpp>
#include <switchboard/store/desk_rows.hpp>

#include <expected>
#include <optional>
#include <string>

/// What people do, decided: from what is at hand, who asks, and what for. Pure.
namespace switchboard::desk {

using decided = std::expected<store::ticket_changes, refusal>;

inline constexpr auto no_such_call = "there is no such callback", no_such_offer = "there is no such offer for you",
                      no_such_follow_up = "there is no such follow-up", no_such_reply = "there is no such reply",
                      no_reply_of_yours = "you have sent no such reply";

/// What stands in the way of this action by this person.
std::optional<refusal> obstacle_to(ticket_action a, const viewer& who, const store::locked_ticket& t);

/// What keeps a ticket from coming back to somebody by itself; nothing = it does. `rests`: it rested with him.
std::optional<std::string> why_not_back(const taker& who, bool rests);

/// Why the words that were shown are not sent: the author's draft is another by now.
std::optional<refusal> other_draft(std::optional<std::int64_t> now_is, std::optional<std::int64_t> shown);

/// How tickets of the queue can be solved, by its id; the refusal names `field` and what there is.
std::expected<disposition, refusal> known_disposition(const queue& q, const std::string& id, std::string field);

decided decide_note(const store::ticket_at_hand& at, const viewer& me, const std::string& text,
                    std::optional<std::int64_t> draft_version);
decided decide_edit(const store::ticket_at_hand& at, const viewer& me, const ticket_edit& e);
decided decide_transfer(const store::ticket_at_hand& at, const viewer& me, std::int64_t queue_id,
                        const std::string& note);
decided decide_escalation(const store::ticket_at_hand& at, const viewer& me, const std::string& reason);

decided decide_hold(const store::ticket_at_hand& at, const viewer& me, timestamp until, const std::string& note);
decided decide_resumption(const store::ticket_at_hand& at, const viewer& me);
decided decide_solution(const store::ticket_at_hand& at, const viewer& me, const std::string& disposition,
                        const std::string& note);
decided decide_reopening(const store::ticket_at_hand& at, const viewer& me);
decided decide_end_of_wrapup(const store::ticket_at_hand& at, const viewer& me,
                             const std::optional<std::string>& disposition);

decided decide_acceptance(const store::ticket_at_hand& at, std::int64_t me);
decided decide_refusal(const store::ticket_at_hand& at, std::int64_t me, const std::string& reason);
decided decide_assignment(const store::ticket_at_hand& at, const viewer& me, const std::string& reason);
decided decide_claim(const store::ticket_at_hand& at, const viewer& me);

/// What is written points into the draft.
decided decide_reply(const store::ticket_at_hand& at, const viewer& me, const reply_draft& d);
decided decide_undo(const store::ticket_at_hand& at, const viewer& me);
decided decide_retry(const store::ticket_at_hand& at, const viewer& me);

decided decide_identity(const store::ticket_at_hand& at, const viewer& me, const visitor_claim& claim);

decided decide_callback(const store::ticket_at_hand& at, const callback_asker& by, const callback_wish& wish);
decided decide_cancellation(const store::ticket_at_hand& at, const callback_asker& by);
decided decide_attempt(const store::ticket_at_hand& at, const callback_asker& by, const std::string& result,
                       const std::string& note);
decided decide_dialled(const store::ticket_at_hand& at, std::int64_t callback_id, const callback_asker& by,
                       const std::string& result);

/// Of one follow-up: the version that whoever asks has seen.
using seen_version = std::optional<std::int64_t>;
decided decide_promise(const store::ticket_at_hand& at, const viewer& me, const follow_up_wish& wish);
decided decide_move(const store::ticket_at_hand& at, const viewer& me, seen_version seen, timestamp due_at,
                    const std::string& reason);
decided decide_keeping(const store::ticket_at_hand& at, const viewer& me, seen_version seen, const follow_up_end& end);
decided decide_dropping(const store::ticket_at_hand& at, const viewer& me, seen_version seen,
                        const std::string& reason);

std::expected<store::presence_change, refusal> decide_presence(const store::presence_at_hand& at,
                                                               const presence_wish& wish);

} // namespace switchboard::desk

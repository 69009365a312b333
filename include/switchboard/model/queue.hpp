#pragma once

#include <switchboard/model/noun.hpp>

/// Where tickets wait, and how they find their agent there (docs/routing.md). The enumerations are the engine's too.
namespace switchboard {

/// Which of a queue's tickets comes first. `aging` and `edf` count a ticket as older by its priority; `fqr` (Gurvich &
/// Whitt 2010): an agent who becomes free takes from the queue that is furthest above its share of what waits.
BOOST_DEFINE_FIXED_ENUM_CLASS(order_mode, std::uint8_t, fifo, aging, edf, fqr)

/// Which agent comes first, between those of equal rank; equals go by idle time. `best_skill`: the highest sum of
/// levels in the skills that the ticket still asks for. `least_overqualified`: the smallest grade less difficulty, then
/// the smallest sum of level less minimum. `least_loaded`: the fewest units in use. `round_robin`: whose last offer is
/// longest ago. `fewest_today`: the fewest items begun since midnight.
BOOST_DEFINE_FIXED_ENUM_CLASS(agent_policy, std::uint8_t, longest_idle, best_skill, least_overqualified, least_loaded,
                              round_robin, fewest_today)

/// What becomes of real-time work of a closed queue; other work always waits. `callback` and `voicemail` are only said
/// by the engine: its caller brings the ticket back if it is to wait again, after `voicemail` as one with a message.
BOOST_DEFINE_FIXED_ENUM_CLASS(closed_action, std::uint8_t, wait, overflow, callback, voicemail)

/// What becomes of a ticket whose customer leaves before anybody has it in hand.
BOOST_DEFINE_FIXED_ENUM_CLASS(left_action, std::uint8_t, call_back, close, stay)

/// The wait before a step is cut short if no agent who is eligible as things stand is …; or if the ticket would be
/// `late`: those ahead of it in its class, at the pace at which the class finds agents, take longer than until it is
/// due.
BOOST_DEFINE_FIXED_ENUM_CLASS(skip_condition, std::uint8_t, never, nobody_on_shift, nobody_signed_in, nobody_idle, late)

/// What a step changes. There is no way to name a licence: none is ever relaxed. `drop_skill`, `set_min`: of this
/// skill, `value` is the new minimum. `widen_grade`: the difficulty counts as `value` less. `add_queue`: its members
/// are asked as well. `raise_priority`, `raise_tier`: by `value`. `overflow`: the ticket moves to that queue, once in
/// its life. `callback`, `voicemail`: it is turned away as by a closed queue. `ask_supervisors`: they are asked as
/// well. The three that move or turn away come last.
BOOST_DEFINE_FIXED_ENUM_CLASS(step_kind, std::uint8_t, drop_skill, set_min, widen_grade, add_queue, raise_priority,
                              raise_tier, overflow, callback, voicemail, ask_supervisors)

struct skill_need {
    reference<"skill"> skill_id;
    integer<1, 10> min = 1;
};
DESCRIBE(skill_need, (skill_id, "The skill that is needed."), (min, "The level that is enough."))

struct licence_need {
    reference<"licence"> licence_id;
    text<1, 40> jurisdiction;
};
DESCRIBE(licence_need, (licence_id, "The licence that is needed."), (jurisdiction, "Where it must be valid."))

struct step_change {
    stated<step_kind> what;
    std::optional<reference<"skill">> skill_id;
    std::optional<reference<"queue">> queue_id;
    std::optional<integer<1, 10>> value;
};
DESCRIBE(step_change, (what, "What is changed."), (skill_id, "Which skill, where it is one."),
         (queue_id, "Which queue, where it is one."), (value, "To or by how much, where that is to be said."))

/// Asks for less after a time. The ticket keeps its place.
struct queue_step {
    integer<0, 604'800> after_s;
    skip_condition skip_if = skip_condition::never;
    list<step_change, 20> changes;
};
DESCRIBE(queue_step, (after_s, "How long after the ticket began to wait, in seconds."),
         (skip_if, "When that wait is cut short."), (changes, "What is asked for less."))

/// How a ticket of the queue can end.
struct disposition {
    text<0, 60> id;
    line<1, 100> name;
    bool retired = false;
};
DESCRIBE(disposition, (id, "By what it is kept; without one it is made of the name."), (name, "What people call it."),
         (retired, "Not offered any more; tickets that ended so keep its words."))

struct queue {
    read_only<row_id> id;
    line<1, 100> name;
    switchboard::order_mode order_mode = switchboard::order_mode::fifo;
    switchboard::agent_policy agent_policy = switchboard::agent_policy::longest_idle;
    integer<5, 3600> ring_s = 20;
    integer<1, 16> fan_out = 1;
    integer<0, 86'400> cool_s = 60;
    std::optional<integer<0, 20>> missed_limit;
    integer<0, 3600> wrapup_s = 30;
    integer<0, 31'536'000> thread_window_s = 259'200;
    integer<0, 10'000> idle_reserve = 0;
    integer<0, 86'400> boost_s = 300;
    integer<1, 31'536'000> sla_target_s = 3600;
    list<skill_need, 20> skills;
    list<licence_need, 20> licences;
    line<0, 200> sender_name;
    text<0, 10'000> signature, acknowledgement;
    std::optional<reference<"queue">> escalation_queue_id;
    bool interruptible = true;
    integer<0, 100> fqr_percent = 0;
    std::optional<integer<0, 1'000'000>> max_waiting;
    std::optional<reference<"queue">> overflow_queue_id;
    switchboard::closed_action closed_action = switchboard::closed_action::wait;
    switchboard::left_action left_action = switchboard::left_action::call_back;
    integer<0, 86'400> return_after_s = 60;
    integer<0, 86'400> affinity_hold_s = 0;
    list<queue_step, 16> steps;
    std::optional<reference<"calendar">> calendar_id;
    list<disposition, 50> dispositions{{"resolved", "Resolved", false}, {"follow_up", "Needs follow-up", false}};
    bool active = true;
    read_only<row_id> version;
};
DESCRIBE(queue, (id, "Its number."), (name, "What people call it."),
         (order_mode, "Which of its waiting tickets comes first."), (agent_policy, "Which agent comes first."),
         (ring_s, "How long an offer rings, in seconds."),
         (fan_out, "How many agents a ticket is offered at once; the first who accepts has it."),
         (cool_s, "How long who declined a ticket is not asked about it again, in seconds."),
         (missed_limit,
          "How many offers missed in a row set an agent not ready; 0: none do; without it: one on the phone, "
          "three on other channels."),
         (wrapup_s, "How much time an agent has after a ticket is solved, in seconds."),
         (thread_window_s, "How long after its solution a customer's words reopen a ticket, in seconds."),
         (idle_reserve, "Work that can wait is offered only while more agents for calls and chats are idle."),
         (boost_s, "By how much a step of priority makes a ticket count as older, in seconds."),
         (sla_target_s, "How soon the first answer is promised where no target says otherwise, in seconds."),
         (skills, "What an agent must be able to do to get its tickets."),
         (licences, "What an agent must be allowed to do to get its tickets; nothing relaxes it."),
         (sender_name, "The name that its replies are from."), (signature, "What its replies end with."),
         (acknowledgement, "What the first mail of a ticket is answered by itself; empty: nothing."),
         (escalation_queue_id, "Where its tickets go when they are escalated."),
         (interruptible, "Whether its written work may be parked for a call or a chat."),
         (fqr_percent, "With the order fqr: the part of all that waits that should wait here."),
         (max_waiting, "How many may wait; one more overflows or is put off. Empty: any number."),
         (overflow_queue_id, "Where tickets go that find no place, or that come while it is closed."),
         (closed_action, "What becomes of calls and chats while it is closed."),
         (left_action, "What becomes of a ticket whose customer leaves before anybody has it in hand."),
         (return_after_s, "How long an agent may be absent until his calls and chats come back here, in seconds."),
         (affinity_hold_s, "How long a ticket is kept for who had it last, in seconds."),
         (steps, "How it asks for less after a time."), (calendar_id, "When it is open; empty: always."),
         (dispositions, "How its tickets can end, in the order in which that is offered."),
         (active, "Whether it takes new tickets; those that wait in it are served all the same."),
         (version, "Grows with each change; If-Match compares it."))

} // namespace switchboard

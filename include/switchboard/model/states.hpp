#pragma once

#include <switchboard/model/channel.hpp>

#include <boost/describe/enum.hpp>

/// What columns of the database say by name. The database's own CHECKs are compared with these when the program starts
/// (store/declared_checks.cpp), so that a name that is added in one place alone stops it.
namespace switchboard {

/// Of an agent's licence: only an active one counts (promise 6).
BOOST_DEFINE_FIXED_ENUM_CLASS(licence_state, std::uint8_t, active, suspended, revoked)

BOOST_DEFINE_ENUM_CLASS(presence_state, ready, not_ready, offline)

/// Where a ticket is on its way. Wrap-up is none of them: it is an offer's, of a ticket that is solved already.
BOOST_DEFINE_ENUM_CLASS(ticket_state, waiting, offered, active, parked, held, solved)

BOOST_DEFINE_ENUM_CLASS(offer_state, offered, active, parked, wrapup, done, declined, timed_out, rescinded)

/// Why a ticket points at another: its customer named it, or a mail came to two of our gateways.
BOOST_DEFINE_ENUM_CLASS(related_why, named, copy)

BOOST_DEFINE_ENUM_CLASS(contact_direction, in, out)

/// What became of a contact. `sent`: our own words; `repeat`: what had been quarantined turned out to be known.
BOOST_DEFINE_ENUM_CLASS(contact_outcome, ticketed, bounce, quarantined, sent, repeat)

/// How far our own words have come.
BOOST_DEFINE_ENUM_CLASS(delivery_state, queued, sent, delivered, read, failed, cancelled)

/// Of a place in the outbox of mails.
BOOST_DEFINE_ENUM_CLASS(outbox_state, queued, sent, failed, cancelled)

BOOST_DEFINE_ENUM_CLASS(draft_kind, reply, note)
BOOST_DEFINE_ENUM_CLASS(draft_channel, email) // another than the ticket's own

BOOST_DEFINE_ENUM_CLASS(sla_clock_name, first_answer, solution, follow_up)
BOOST_DEFINE_ENUM_CLASS(sla_entry_kind, started, paused, resumed, met, breached, repriced, withdrawn)

/// `agent_first`: an agent has the ticket and dials; `customer_first`: the gateway dials, then the ticket is routed.
BOOST_DEFINE_ENUM_CLASS(callback_mode, agent_first, customer_first)
BOOST_DEFINE_ENUM_CLASS(callback_state, scheduled, dialling, done, failed, missed, cancelled)
BOOST_DEFINE_ENUM_CLASS(callback_asker, agent, customer, queue)
BOOST_DEFINE_ENUM_CLASS(call_result, answered, no_answer, busy, failed)
/// Of a number that a gateway is asked to dial.
BOOST_DEFINE_ENUM_CLASS(dial_state, queued, sent, failed)

/// Of a promise to come back: `open` until its time, `due` until somebody ends it.
BOOST_DEFINE_ENUM_CLASS(follow_up_state, open, due, done, dropped)
BOOST_DEFINE_FIXED_ENUM_CLASS(follow_up_outcome, std::uint8_t, kept, late, broken)
BOOST_DEFINE_ENUM_CLASS(follow_up_repeat, never, days, weekly, monthly)

/// Of what is done to what a customer has. `authorised`: it may be carried out, and was not yet.
BOOST_DEFINE_ENUM_CLASS(action_state, awaiting_approval, authorised, refused, withdrawn, confirmed, failed)
/// Why whoever asked could not authorise it himself: no limit of his is of it, or it goes beyond one.
BOOST_DEFINE_ENUM_CLASS(limit_exceeded, no_authority, per_action, per_day, per_customer)

/// Whose a secret is.
BOOST_DEFINE_ENUM_CLASS(secret_owner, gateway, setting)

/// Whose an address is: what its sender says, or what somebody has made sure of.
BOOST_DEFINE_ENUM_CLASS(identity_verification, claimed, confirmed)
/// Two records were one person's, or one record was two people's.
BOOST_DEFINE_ENUM_CLASS(customer_move_kind, merge, split)

// What is told of several of these, and is no column.

/// Whether an agent can be asked right now, and why not.
BOOST_DEFINE_ENUM_CLASS(availability_state, ready, full, cooling, wrap_up, not_ready, offline)
/// As colleagues see an agent.
BOOST_DEFINE_ENUM_CLASS(agent_standing_state, ready, busy, not_ready, offline)
/// How an answer to a ticket goes out.
BOOST_DEFINE_ENUM_CLASS(reply_way, email, chat, none)
BOOST_DEFINE_ENUM_CLASS(timeline_kind, contact, note, event)
BOOST_DEFINE_ENUM_CLASS(sla_clock_state, running, paused, closed, met, breached)
/// What became of what a gateway handed in.
BOOST_DEFINE_ENUM_CLASS(intake_outcome, ticketed, bounce, event, quarantined, ignored, refused)
/// What routing did with a ticket.
BOOST_DEFINE_ENUM_CLASS(routing_step, offered, ended, step, overflowed, put_off, message, assigned, claimed, given_back,
                        returned)
/// Who says why a ticket waits: the engine that runs, or the rows alone.
BOOST_DEFINE_ENUM_CLASS(waiting_source, live, database)

/// What a machine's token lets it do.
BOOST_DEFINE_ENUM_CLASS(token_scope, intake, read, admin)

} // namespace switchboard
